import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type DocumentsClient, DocumentsScene, type Json } from '../../../testing/documents.ts';
import { heapAfterCollection } from '../../../testing/heap.ts';

const READERS = 100;
const PEOPLE = 80;
const utf8 = new TextEncoder();

/** Clients on this machine, which no budget limits; all are in the lobby and watch it. */
async function crowd() {
  const clock = new FakeClock();
  const scene = await DocumentsScene.open({ clock });
  const lobby = { type: 'room', id: scene.app.world.lobby };
  const open = async (name: string) => {
    const pair = scene.app.connect('documents', { address: '127.0.0.1' });
    const send = (...messages: readonly Json[]) => {
      pair.peer.send(utf8.encode(messages.map((message) => JSON.stringify(message)).join('')));
      return scene.app.settle();
    };
    await send({ type: 'request', id: '1', cls: 'login', data: { username: name } });
    await send({ type: 'notify', cls: 'subscribe', data: [lobby] });
    pair.peer.take();
    return { ...pair, send };
  };
  const readers: Awaited<ReturnType<typeof open>>[] = [];
  for (let index = 0; index < READERS; index++) readers.push(await open(`p${index}`));
  return { scene, clock, lobby, readers };
}

/** How many messages of the class came. */
function typingIn(bytes: Uint8Array): number {
  return new TextDecoder().decode(bytes).split('"cls":"typing"').length - 1;
}

test('CONN-142 CONN-144 CONN-145 T6 T33 a flood of typing takes little of each reader, keeps nothing, and disturbs no message', async () => {
  const { scene, clock, lobby, readers } = await crowd();
  const author: DocumentsClient = await scene.guest('author');
  const [stalled, ...reading] = readers;
  assert.ok(stalled);
  stalled.peer.stopReading();
  await author.add({ type: 'room', id: lobby.id }, { key: { type: 'msg' }, text: 'first' });
  clock.advance(200);
  await scene.app.settle();
  const unread = stalled.link.unsentBytes;
  assert.ok(unread > 0, 'the stalled reader was told of the message');
  const timers = clock.timers;
  const flood = (on: boolean) =>
    Array.from({ length: 20 }, (_, index) => ({
      type: 'notify',
      cls: 'typing',
      data: { key: lobby, typing: (index % 2 === 0) === on },
    }));
  const heaps: number[] = [];
  let notices = 0;
  for (let second = 0; second < 30; second++) {
    for (const { peer, link } of reading) {
      peer.take();
      link.writes.length = 0;
    }
    const sent = reading.slice(0, PEOPLE).map(({ send }, index) => send(...flood((second + index) % 2 === 0)));
    const { status } = await author.ask('add_child', { key: lobby, obj: { key: { type: 'msg' }, text: 'again' } });
    assert.equal(status, 200, 'messages go on');
    await Promise.all(sent);
    for (let step = 0; step < 10; step++) {
      clock.advance(100);
      await scene.app.settle();
    }
    for (const { peer, link } of reading) {
      const bytes = link.writes.reduce((sum, { length }) => sum + length, 0);
      const typing = typingIn(peer.take());
      notices += typing;
      assert.ok(typing <= 2 * 20 && bytes < 8_192, `second ${second}: ${typing} notices, ${bytes} bytes`);
    }
    assert.ok(clock.timers <= timers + 20, `${clock.timers} timers, ${timers} before`);
    if (second % 10 === 9) heaps.push(await heapAfterCollection());
  }
  assert.ok(notices > 30 * READERS, `only ${notices} notices`);
  assert.equal(stalled.link.unsentBytes, unread, 'nothing waits for the one who does not read');
  const [, before = 0, after = 0] = heaps;
  assert.ok(after - before < 500_000, `the heap grew by ${after - before} bytes`);
});
