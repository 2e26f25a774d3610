import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type DocumentsClient, DocumentsScene, PASSWORD } from '../../../testing/documents.ts';
import type { Key } from './schema.ts';

const PROOF_MS = 2_000;

async function scene() {
  const clock = new FakeClock();
  const all = await DocumentsScene.open({ clock });
  const [toto, bob] = [await all.member('toto'), await all.member('bob')];
  const room: Key = await toto.add(toto.rooms, { key: { type: 'room' }, members: [{ key: bob.user }] });
  const post = async (from: number, to: number) => {
    for (let number = from; number <= to; number++)
      await toto.add(room, { key: { type: 'msg' }, text: `text ${number}` });
  };
  /** What waits for bob in msgpack, which shows waiting messages at login and proves nothing here. */
  const waiting = async () => {
    const { peer } = all.app.connect('msgpack', { framing: 'message' });
    const { encode } = await import('@msgpack/msgpack');
    peer.send(Buffer.concat(['login', 'bob', PASSWORD].map((value) => encode(value))));
    await all.app.settle();
    const found =
      Buffer.from(peer.take())
        .toString('latin1')
        .match(/text \d+/g) ?? [];
    peer.close();
    await all.app.settle();
    return found;
  };
  const settle = async (client: DocumentsClient) => {
    clock.advance(PROOF_MS);
    await client.send();
  };
  return { all, toto, bob, room, post, waiting, settle };
}

test('DOC-107 CONN-76 what a client fetched does not wait elsewhere, once it arrived', async () => {
  const { bob, room, post, waiting, settle } = await scene();
  await post(1, 3);
  assert.equal((await bob.children(room)).length, 3);
  await settle(bob);
  await post(4, 5);
  await bob.drop();
  assert.deepEqual(await waiting(), ['text 4', 'text 5']);
});

test('DOC-107 CONN-76 a page from further up does not make the messages before it vanish', async () => {
  const { bob, room, post, waiting, settle } = await scene();
  await post(1, 5);
  assert.equal((await bob.children(room, { size: 2 })).length, 2);
  await settle(bob);
  await bob.drop();
  assert.deepEqual(await waiting(), ['text 1', 'text 2', 'text 3', 'text 4', 'text 5']);
});

test('DOC-107 CONN-77 what a person says to have read does not wait elsewhere', async () => {
  const { bob, room, post, waiting } = await scene();
  await post(1, 5);
  const key: Key = { type: 'msg', id: [room.id as number, 4] };
  assert.equal((await bob.patch(key, { read: true })).status, 200);
  await bob.drop();
  assert.deepEqual(await waiting(), ['text 5']);
});

test('CONN-76 what was fetched and did not arrive waits still', async () => {
  const { bob, room, post, waiting } = await scene();
  await post(1, 3);
  await bob.children(room);
  await bob.drop();
  assert.deepEqual(await waiting(), ['text 1', 'text 2', 'text 3']);
});
