import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../../testing/clock.ts';
import { type Answer, DocumentsScene, type DocumentsClient } from '../../../../testing/documents.ts';
import { MemoryStorage } from '../../../storage/memory/storage.ts';
import type { Key } from '../schema.ts';

const DAY = 24 * 60 * 60_000;
const MINUTE = 60_000;

async function scene() {
  const clock = new FakeClock();
  const storage = new MemoryStorage(clock);
  const all = await DocumentsScene.open({ clock, storage });
  const [toto, bob, eve] = [await all.member('toto'), await all.member('bob'), await all.member('eve')];
  const room = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Den' });
  const invite = async (terms: object = {}) => {
    const { status, data } = await toto.ask('invite', { room, ...terms });
    assert.equal(status, 200);
    return String(data?.code);
  };
  const join = (client: DocumentsClient, code: string, more: object = {}) =>
    client.ask('add_child', { key: client.rooms, obj: { key: { type: 'room' }, invitation: code, ...more } });
  return { clock, storage, all, toto, bob, eve, room, invite, join };
}

/** What an answer says, without its id and class. */
const said = ({ status, data }: Answer) => [status, data];

test('DOC-150 DOC-151 DOC-152 a code leads into a closed room: it is looked at, joined, and then the room is there', async () => {
  const { clock, toto, bob, room, join } = await scene();
  const made = await toto.ask('invite', { room, until: clock.now() + 90 * DAY });
  const { code, until } = made.data ?? {};
  assert.equal(until, clock.now() + 30 * DAY);
  assert.equal(await bob.status('get_content', { key: room }), 4040420);
  const looked = await bob.ask('invitation', { code });
  assert.deepEqual(said(looked), [200, { room, name: 'Den', members_total: 1, until }]);
  assert.equal(await bob.status('get_content', { key: room }), 4040420, 'looking joins nothing');
  assert.deepEqual(said(await join(bob, String(code))), [200, { key: room }]);
  assert.equal((await bob.content(room)).members_total, 2);
  assert.ok((await bob.children(bob.rooms)).some(({ key }) => (key as Key).id === room.id));
});

test('DOC-152 an open room has invitations too, and nothing else of the child counts', async () => {
  const { toto, bob, eve, join } = await scene();
  const open = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Yard', open: true });
  const other = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Attic', open: true });
  const code = String((await toto.ask('invite', { room: open })).data?.code);
  const more = { key: other, name: 'New', open: true, members: [{ key: eve.user }] };
  assert.deepEqual(said(await join(bob, code, more)), [200, { key: open }]);
  assert.equal((await bob.content(other)).members_total, 1);
  assert.equal(await bob.status('add_child', { key: toto.rooms, obj: { key: other, invitation: code } }), 4040720);
});

test('DOC-153 T22 T25 all codes that lead nowhere get the same answer', async () => {
  const { clock, toto, bob, eve, room, invite, join } = await scene();
  const used = await invite({ uses: 1 });
  await join(eve, used);
  const old = await invite({ until: clock.now() + 1 });
  clock.advance(1);
  const withdrawn = await invite();
  await toto.ask('end_invitations', { room });
  const answers = new Set<string>();
  for (const code of ['', 'unknown', used, old, withdrawn, used.toLowerCase()]) {
    for (const answer of [await bob.ask('invitation', { code }), await join(bob, code)])
      answers.add(JSON.stringify([answer.status, answer.data?.msg, (answer.data?.code as number) % 100]));
    clock.advance(MINUTE);
  }
  assert.deepEqual([...answers], ['[404,"there is no such document",20]']);
});

test('DOC-153 CONN-165 T22 after ten codes that lead nowhere an address must wait, whoever asks', async () => {
  const { clock, all, bob, eve, invite, join } = await scene();
  const code = await invite();
  for (let attempt = 0; attempt < 5; attempt++) {
    assert.equal(await bob.status('invitation', { code }), 200, 'a good one does not count');
    assert.equal(await bob.status('invitation', { code: `${attempt}` }), 4042020);
    assert.equal((await join(eve, `${attempt}`)).status, 404);
  }
  for (const client of [bob, eve, await all.guest('gus')])
    assert.equal(await client.status('invitation', { code }), 5032050);
  const { status, data } = await join(bob, code);
  assert.deepEqual([status, data?.code, data?.retry_after], [503, 5030750, 60]);
  clock.advance(MINUTE);
  assert.equal((await join(bob, code)).status, 200);
});

test('DOC-154 DOC-12 WORLD-268 members withdraw their own, and who moderates the room all of them', async () => {
  const { toto, bob, eve, join } = await scene();
  const open = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Yard', open: true });
  await bob.add(bob.rooms, { key: open });
  const codeOf = async (client: DocumentsClient) => String((await client.ask('invite', { room: open })).data?.code);
  const [totos, bobs] = [await codeOf(toto), await codeOf(bob)];
  assert.deepEqual(said(await bob.ask('end_invitations', { room: open })), [200, undefined]);
  assert.deepEqual([(await join(eve, bobs)).status, (await join(eve, totos)).status], [404, 200]);
  assert.equal(await toto.status('end_invitations', { room: { type: 'room', id: 4711 } }), 4042120);
});

test('DOC-150 DOC-12 T35 what an invitation may not be is refused, each in its own class', async () => {
  const { clock, all, toto, bob, room, invite } = await scene();
  assert.equal(await bob.status('invite', { room }), 4041920);
  assert.equal(await toto.status('invite', { room, until: clock.now() }), 4001900);
  assert.equal(await (await all.guest('gus')).status('invite', { room }), 4041920);
  for (let made = 0; made < 20; made++) await invite();
  assert.equal(await toto.status('invite', { room }), 4031950);
});

test('DOC-151 DOC-152 WORLD-73 a guest may look where an invitation leads, and does not join', async () => {
  const { all, room, invite, join } = await scene();
  const [code, guest] = [await invite(), await all.guest('gus')];
  assert.deepEqual((await guest.ask('invitation', { code })).data?.room, room);
  const { status, data } = await join(guest, code);
  assert.deepEqual([status, data?.code], [403, 4030740]);
});

test('DOC-81 T24 before the login nobody looks, joins, invites or withdraws', async () => {
  const { all, toto, room, invite } = await scene();
  const code = await invite();
  const stranger = all.client();
  assert.equal(await stranger.status('invitation', { code }), 4012010);
  assert.equal(await stranger.status('invite', { room }), 4011910);
  assert.equal(await stranger.status('end_invitations', { room }), 4012110);
  const obj = { key: { type: 'room' }, invitation: code };
  assert.equal(await stranger.status('add_child', { key: toto.rooms, obj }), 4010710);
});

test('DOC-224 DOC-152 CONN-150 a join that comes again on a later connection, also of a server that was killed, uses nothing up', async () => {
  const { clock, storage, all, bob, eve, toto, room, invite, join } = await scene();
  const code = await invite({ uses: 2 });
  const obj = { key: { type: 'room' }, invitation: code };
  const request = { type: 'request', id: 'again', cls: 'add_child', data: { key: bob.rooms, obj } };
  const [first] = await bob.send(request);
  assert.deepEqual(first?.data, { key: room });
  await bob.drop();
  await toto.ask('remove_child', { key: { type: 'members', id: room.id }, obj: { key: bob.user } });
  const later = all.client();
  await later.resume(bob);
  assert.deepEqual(await later.send(request), [first]);
  await later.drop();
  const after = await DocumentsScene.open({ clock, storage });
  const killed = after.client();
  await killed.resume(bob);
  assert.deepEqual(await killed.send(request), [first]);
  assert.equal(await killed.status('get_content', { key: room }), 4040420, 'nobody joined again');
  assert.equal((await join(eve, code)).status, 200, 'one use was left');
});

test('DOC-103 DOC-152 who watches the members and the own rooms is told of a join by an invitation', async () => {
  const { clock, all, toto, bob, room, invite, join } = await scene();
  const code = await invite({ uses: 1 });
  const members = { type: 'members', id: room.id };
  await toto.ask('get_children', { key: members, subscribe: true });
  await bob.ask('get_children', { key: bob.rooms, subscribe: true });
  await join(bob, code);
  clock.advance(100);
  await all.app.settle();
  const told = async (client: DocumentsClient) =>
    (await client.send()).flatMap(({ cls, data }) => (cls === 'changed' ? (data as unknown as { key: Key }[]) : []));
  assert.deepEqual(
    (await told(toto)).map(({ key }) => key),
    [members],
  );
  assert.deepEqual(
    (await told(bob)).map(({ key }) => key),
    [bob.rooms],
  );
});
