import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type Answer, type DocumentsClient, DocumentsScene, type Json, PASSWORD } from '../../../testing/documents.ts';
import { GatedStorage } from '../../../testing/storage/gated.ts';
import { digestOf } from '../../connections/session/session-registry.ts';
import { sha256 } from '../../lib/sha256.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { Key } from './schema.ts';

const MINUTE = 60_000;
const newMessage = (text: string) => ({ key: { type: 'msg' }, text });

async function garden() {
  const clock = new FakeClock();
  const storage = new MemoryStorage(clock);
  const scene = await DocumentsScene.open({ clock, storage });
  const [toto, bob] = [await scene.member('toto'), await scene.member('bob')];
  const room = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Den', members: [{ key: bob.user }] });
  /** A new connection that goes on with the session of another one. */
  const resumed = async (lost: DocumentsClient) => {
    const client = scene.client();
    await client.resume(lost);
    return client;
  };
  /** What a client is told in the next 200 ms, as texts, without confirming it. */
  const told = async (client: DocumentsClient) => {
    clock.advance(200);
    const blocks = (await client.send()).filter(({ cls }) => cls === 'changed');
    return blocks.map(({ data }) => (data as unknown as Json[]).map((one) => JSON.stringify(one)).sort());
  };
  return { clock, storage, scene, toto, bob, room, resumed, told };
}

/** The blocks of the next 200 ms. */
async function blocksOf(client: DocumentsClient, clock: FakeClock): Promise<Answer[]> {
  clock.advance(200);
  return (await client.send()).filter(({ cls }) => cls === 'changed');
}

const changed = (key: object, content: boolean, children: boolean) => JSON.stringify({ key, content, children });

test('DOC-222 DOC-220 CONN-130 a session goes on on another connection, with subscriptions and what was not told', async () => {
  const { clock, toto, bob, room, resumed, told } = await garden();
  await bob.ask('get_children', { key: room, subscribe: true });
  await bob.ask('get_content', { key: toto.user, subscribe: true });
  await bob.drop();
  await toto.add(room, newMessage('hi!'));
  clock.advance(29 * MINUTE);
  const again = await resumed(bob);
  assert.deepEqual(await told(again), [[changed(room, false, true)]]);
  assert.equal((await again.children(room)).length, 1);
  await toto.patch(toto.user, { status: 'Not Here' });
  assert.deepEqual(await told(again), [], 'the block before is not confirmed');
});

test('DOC-220 DOC-104 what a client had not confirmed is told again after the loss, with what came later', async () => {
  const { toto, bob, room, resumed, told } = await garden();
  for (const key of [room, toto.user]) await bob.ask('get_content', { key, subscribe: true });
  await toto.patch(toto.user, { status: 'Not Here' });
  assert.deepEqual(await told(bob), [[changed(toto.user, true, false)]]);
  await toto.patch(room, { name: 'Shed' });
  await bob.drop();
  const again = await resumed(bob);
  const both = [changed(room, true, false), changed(toto.user, true, false)].sort();
  assert.deepEqual(await told(again), [both]);
  await again.drop();
  assert.deepEqual(await told(await resumed(again)), [both]);
});

test('DOC-220 a subscription whose request was lost is none, and no forbidden document is ever told', async () => {
  const { toto, bob, resumed, told } = await garden();
  const lost = bob.ask('get_content', { key: toto.fav, subscribe: true });
  await bob.drop();
  await lost.catch(() => {});
  await toto.add(toto.fav, { key: bob.user });
  assert.deepEqual(await told(await resumed(bob)), []);
});

test('DOC-222 CONN-131 CONN-132 the person is present for 10 s more, and the session waits 30 minutes', async () => {
  const { clock, scene, toto, bob, resumed } = await garden();
  const connected = async () => (await toto.content(bob.user)).connected;
  await bob.drop();
  clock.advance(9_999);
  assert.equal(await connected(), true);
  const second = await resumed(bob);
  clock.advance(20_000);
  assert.equal(await connected(), true);
  await second.drop();
  clock.advance(10_000);
  assert.equal(await connected(), false);
  const third = await resumed(second);
  assert.equal(await connected(), true);
  await third.drop();
  clock.advance(30 * MINUTE);
  const late = scene.client();
  assert.equal(await late.status('reconnect', { session: bob.session.session }), 4010220);
  await late.login({ username: 'bob', password: PASSWORD });
  assert.equal(await connected(), true);
});

test('DOC-223 CONN-137 T22 a second connection takes the session over, and the first is closed', async () => {
  const { toto, bob, room, resumed } = await garden();
  const second = await resumed(bob);
  assert.equal(bob.endedAs, 'done');
  assert.equal((await second.ask('add_child', { key: room, obj: newMessage('hi!') })).status, 200);
  const third = await resumed(second);
  assert.equal(second.endedAs, 'done');
  assert.equal((await third.children(room)).length, 1);
  assert.equal((await toto.content(bob.user)).connected, true);
});

test('CONN-134 the session of a guest ends with the guest, and may be resumed before', async () => {
  const { clock, scene, resumed } = await garden();
  const gus = await scene.guest('gus');
  await gus.drop();
  clock.advance(9_000);
  const again = await resumed(gus);
  assert.equal((await again.content(again.user)).username, 'gus');
  await again.drop();
  clock.advance(10_000);
  assert.equal(await scene.client().status('reconnect', { session: gus.session.session }), 4010220);
  assert.equal((await scene.guest('gus')).endedAs, null, 'the name is free');
});

test('DOC-222 CONN-121 CONN-133 CONN-135 T21 T22 what ends a session ends it for good, also while it waits', async () => {
  const ends: ((one: Awaited<ReturnType<typeof garden>>, isPresent: boolean) => Promise<unknown>)[] = [
    ({ scene }) => new Promise((done) => scene.app.world.moderation.kick('bob', 'enough', done)),
    ({ scene }) =>
      new Promise((done) => scene.app.world.moderation.ban({ type: 'operator' }, 'bob', 'enough', null, done)).then(
        () => new Promise((done) => scene.app.world.moderation.unban({ type: 'operator' }, 'bob', done)),
      ),
    ({ scene }) => {
      const fresh = { type: 'plain', value: 'another one' } as const;
      const bob = scene.app.world.people.find('bob')?.id ?? 0;
      return new Promise((done) => void scene.app.world.accounts.setPassword(bob, fresh, done));
    },
    ({ scene }) => new Promise((done) => void scene.app.world.deletions.delete('bob', false, done)),
  ];
  for (const [index, end] of ends.entries())
    for (const waitedMs of [null, 1_000, 20_000]) {
      const one = await garden();
      const isPresent = waitedMs !== 20_000;
      if (index === 0 && !isPresent) continue; // Nobody kicks somebody who is absent.
      if (waitedMs !== null) {
        await one.bob.drop();
        one.clock.advance(waitedMs);
      }
      const ended = end(one, isPresent);
      for (let turn = 0; turn < 8; turn++) await one.scene.app.settle();
      await ended;
      assert.equal(
        await one.scene.client().status('reconnect', { session: one.bob.session.session }),
        4010220,
        `${index} after ${waitedMs} ms`,
      );
    }
});

test('DOC-222 CONN-121 after logging out the session is worth nothing, and one that changed the password stays', async () => {
  const { scene, bob, resumed } = await garden();
  const other = scene.client();
  await other.login({ username: 'bob', password: PASSWORD });
  assert.equal(await bob.status('password', { old: PASSWORD, new: 'another one' }), 200);
  assert.equal(await scene.client().status('reconnect', { session: other.session.session }), 4010220);
  await bob.drop();
  const again = await resumed(bob);
  assert.equal(await again.status('logout'), 200);
  assert.equal(await scene.client().status('reconnect', { session: bob.session.session }), 4010220);
});

test('DOC-221 DOC-222 CONN-139 CONN-129 a session outlives a restart of the server, and its subscriptions count as changed', async () => {
  const { clock, storage, toto, bob, room, told } = await garden();
  await bob.ask('get_children', { key: room, subscribe: true });
  await bob.send({ type: 'notify', cls: 'subscribe', data: [toto.user, toto.fav] });
  await bob.send({ type: 'notify', cls: 'revoke', data: [bob.user] });
  const after = await DocumentsScene.open({ clock, storage });
  const again = after.client();
  await again.resume(bob);
  assert.deepEqual(await told(again), [[changed(room, true, true), changed(toto.user, true, false)].sort()]);
  assert.equal((await again.children(room)).length, 0);
  assert.equal((await again.content(bob.user)).connected, true);
  const writer = after.client();
  await writer.resume(toto);
  assert.equal((await writer.ask('add_child', { key: room, obj: newMessage('hi!') })).status, 200);
});

test('DOC-106 DOC-220 DOC-103 T25 who is told of the end of a right in a block that gets lost is told again, once', async () => {
  const { clock, toto, bob, room, resumed, told } = await garden();
  const child = { key: { type: 'members', id: room.id }, obj: { key: bob.user } };
  await bob.ask('get_children', { key: room, subscribe: true });
  assert.equal(await toto.status('remove_child', child), 200);
  const block = [changed(room, true, true)];
  assert.deepEqual(await told(bob), [block]);
  await bob.drop();
  const again = await resumed(bob);
  assert.deepEqual(await told(again), [block]);
  await again.drop();
  await toto.add(child.key as Key, child.obj);
  const third = await resumed(again);
  await third.ask('get_children', { key: room, subscribe: true });
  await toto.add(room, newMessage('hi!'));
  assert.deepEqual(await told(third), [[changed(room, false, true)]]);
  assert.equal(await toto.status('remove_child', child), 200);
  await third.drop();
  const fourth = await resumed(third);
  const ended = await blocksOf(fourth, clock);
  assert.deepEqual(
    ended.map(({ data }) => data),
    [[{ key: room, content: true, children: true }]],
  );
  for (const { id } of ended) await fourth.send({ type: 'result', id, cls: 'changed', status: 200 });
  await toto.add(child.key as Key, child.obj);
  assert.deepEqual(await told(fourth), []);
});

test('DOC-220 DOC-106 who subscribes again before a block is confirmed is told again, for the answer may be lost', async () => {
  const { toto, bob, room, resumed, told } = await garden();
  const child = { key: { type: 'members', id: room.id } as const, obj: { key: bob.user } };
  await bob.ask('get_children', { key: room, subscribe: true });
  assert.equal(await toto.status('remove_child', child), 200);
  assert.equal((await told(bob)).length, 1);
  await toto.add(child.key, child.obj);
  await bob.ask('get_children', { key: room, subscribe: true });
  await bob.drop();
  assert.deepEqual(await told(await resumed(bob)), [[changed(room, true, true)]]);
});

test('DOC-106 DOC-221 T25 who could not be told before a restart that a right has ended is told after it, once', async () => {
  const { clock, storage, toto, bob, room } = await garden();
  await bob.ask('get_children', { key: room, subscribe: true });
  await bob.drop();
  const second = await DocumentsScene.open({ clock, storage });
  const writer = second.client();
  await writer.resume(toto);
  const child = { key: { type: 'members', id: room.id }, obj: { key: bob.user } };
  assert.equal(await writer.status('remove_child', child), 200);
  const lost = second.client();
  await lost.resume(bob);
  assert.equal((await blocksOf(lost, clock)).length, 1);
  const third = await DocumentsScene.open({ clock, storage });
  const again = third.client();
  await again.resume(bob);
  const blocks = await blocksOf(again, clock);
  assert.deepEqual(
    blocks.map(({ data }) => data),
    [[{ key: room, content: true, children: true }]],
  );
  for (const { id } of blocks) await again.send({ type: 'result', id, cls: 'changed', status: 200 });
  const fourth = await DocumentsScene.open({ clock, storage });
  const last = fourth.client();
  await last.resume(bob);
  assert.deepEqual(await blocksOf(last, clock), []);
});

test('CONN-136 CONN-138 unknown secrets are refused in the same words, and after ten of them an address must wait', async () => {
  const clock = new FakeClock();
  const rates = { messages: many, renames: many, requests: many, pings: many, searches: many, limitLoopback: true };
  const scene = await DocumentsScene.open({ clock, hub: { rates } });
  const texts = new Set<unknown>();
  for (let attempt = 0; attempt < 10; attempt++) {
    const { data }: Answer = await scene.client().ask('reconnect', { session: `${attempt}` });
    texts.add(JSON.stringify(data));
  }
  assert.equal(texts.size, 1);
  assert.equal(await scene.client().status('reconnect', { session: 'x' }), 5030250);
  clock.advance(MINUTE);
  assert.equal(await scene.client().status('reconnect', { session: 'x' }), 4010220);
});

const many = { perSecond: 1e6, burst: 1e6 };

test('CONN-132 CONN-129 a session that left memory is resumed from storage', async () => {
  const { scene, bob, room, resumed, told } = await garden();
  await bob.ask('get_content', { key: room, subscribe: true });
  await bob.drop();
  scene.app.hub.sessions.get(digestOf(String(bob.session.session)))?.login.forget();
  assert.equal(scene.app.hub.sessions.get(sha256(String(bob.session.session))), undefined);
  assert.deepEqual(await told(await resumed(bob)), [[changed(room, true, true)]]);
});

test('CONN-135 T36 while nothing can be stored people log in, and the session is stored as soon as that works', async () => {
  const clock = new FakeClock();
  const storage = new GatedStorage(clock);
  const scene = await DocumentsScene.open({ clock, storage });
  await scene.member('toto');
  storage.failing = true;
  const client = scene.client();
  await client.login({ username: 'toto', password: PASSWORD });
  const { status } = await client.ask('get_content', { key: client.user, subscribe: true });
  assert.equal(status, 200);
  const other = scene.client();
  await other.login({ username: 'toto', password: PASSWORD });
  await other.drop();
  assert.equal(await scene.client().status('reconnect', { session: other.session.session }), 4010220);
  storage.failing = false;
  await client.drop();
  assert.equal(await scene.client().status('reconnect', { session: client.session.session }), 200);
});
