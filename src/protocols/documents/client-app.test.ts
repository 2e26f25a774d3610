import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openTestApp } from '../../../testing/app.ts';
import { until } from '../../../testing/clients/documents.ts';
import { isError } from '../../../testing/clients/fixture.ts';
import { openTestPort, PROMPT } from '../../../testing/transports/port.ts';
import { systemClock } from '../../server/clock.ts';
import { protocols } from '../index.ts';
import { connect, type ContentOf, type EntryOf, type Found, type LiveValue, register } from './client.ts';

/** The app on a real port, for the WebSocket of the platform. */
async function onSockets(t: TestContext) {
  const app = await openTestApp({ clock: systemClock });
  t.after(() => app.stop());
  const { port } = await openTestPort(t, { clock: systemClock, limits: PROMPT, protocols, accept: app.accept });
  const url = `ws://127.0.0.1:${port}/documents`;
  const member = async (name: string) => {
    await register(url, { name, password: 'secret', displayName: name.toUpperCase() });
    return connect(url, { name, password: 'secret' });
  };
  return { app, url, member };
}

async function contentOf<T>(live: LiveValue<T>): Promise<T> {
  const value = await until(live);
  live.close();
  return value;
}

test('DOC-180 DOC-182 DOC-203 an account, a wrong password, a guest, and a session that is taken up later', async (t) => {
  const { url, member } = await onSockets(t);
  const alice = await member('alice');
  await assert.rejects(connect(url, { name: 'alice', password: 'wrong' }), isError('refused', /^Invalid Credential$/));
  await assert.rejects(
    register(url, { name: 'alice', password: 'x' }),
    isError('refused', /belongs to an account|taken/),
  );
  const guest = await connect(url, { name: 'gus' });
  await guest.register('another secret');
  assert.equal((await guest.get(guest.keys.self)).guest, false);
  await guest.setPassword('another secret', 'a third one');
  await guest.close();
  const gus = await connect(url, { name: 'gus', password: 'a third one' });
  const { session } = alice;
  await alice.close({ keepSession: true });
  const again = await connect(url, { name: 'alice', password: 'secret', session });
  assert.deepEqual([again.connection.value, again.session], [{ type: 'connected', resumed: true }, session]);
  await again.close();
  const anew = await connect(url, { name: 'alice', password: 'secret', session });
  assert.deepEqual(anew.connection.value, { type: 'connected', resumed: false });
  await gus.deleteAccount('a third one');
  await assert.rejects(connect(url, { name: 'gus', password: 'a third one' }), isError('refused'));
  await anew.close();
});

test('DOC-183 DOC-184 DOC-185 what is watched keeps itself fresh, and has the types that the library says', async (t) => {
  const { member } = await onSockets(t);
  const [alice, bob] = [await member('alice'), await member('bob')];
  t.after(() => Promise.all([alice.close(), bob.close()]));
  const den = await alice.add(alice.keys.rooms, {
    key: { type: 'room' },
    name: 'Den',
    members: [{ key: bob.keys.self }],
  });
  const page = bob.watchPage(den);
  assert.deepEqual((await until(page)).entries, []);
  const first = await alice.send(den, 'hello');
  const posted = await until(page, ({ total }) => total === 1);
  const [message] = posted.entries;
  assert.ok(message !== undefined && !('deleted' in message));
  const expected: EntryOf<'room'> = {
    key: first,
    sender: { key: alice.keys.self, name: 'alice' },
    time: message.time,
    text: 'hello',
    edited: null,
    via: 'documents',
  };
  assert.deepEqual(posted, { view: 'desc', index: 1, size: 50, total: 1, entries: [expected] });
  const second = await bob.send(den, 'hi', { replyTo: first });
  await alice.patch(first, { text: 'Hello!' });
  const edited = await until(page, ({ entries }) => entries.some((one) => 'text' in one && one.text === 'Hello!'));
  assert.deepEqual(
    edited.entries.map((one) => 'reply_to' in one && one.reply_to),
    [first, false],
  );
  await bob.remove(den, { key: second });
  const deleted: EntryOf<'room'> = { key: second, deleted: true };
  assert.deepEqual((await until(page, ({ entries }) => entries.some((one) => 'deleted' in one))).entries[0], deleted);

  const room: ContentOf<'room'> = {
    name: 'Den',
    groupname: 'Den',
    open: false,
    members: [{ key: alice.keys.self }, { key: bob.keys.self }],
    members_total: 2,
  };
  assert.deepEqual(await contentOf(bob.watch(den)), room);
  const user: ContentOf<'user'> = {
    first_name: null,
    last_name: null,
    display_name: 'ALICE',
    picture: `users/${alice.keys.self.id}`,
    presence: 'online',
    connected: true,
    status: null,
    username: 'alice',
    guest: false,
  };
  assert.deepEqual(await contentOf(bob.watch(alice.keys.self)), user);
  const own: ContentOf<'member'> = { role: 'owner', muted_until: null };
  assert.deepEqual(await contentOf(bob.watch({ type: 'member', id: [den.id, alice.keys.self.id] })), own);
  const gone: ContentOf<'msg'> = { deleted: true, read: true };
  assert.deepEqual(await contentOf(bob.watch(second)), { ...gone, read: false });
  const unit: ContentOf<'unit'> = { name: 'everyone', parent: null };
  assert.deepEqual(await contentOf(bob.watch(bob.keys.home)), unit);
  const index: ContentOf<'index'> = { home: bob.keys.home };
  assert.deepEqual(await contentOf(bob.watch(bob.keys.root)), index);
  assert.deepEqual(await contentOf(bob.watch(bob.keys.fav)), {});
});

test('DOC-183 DOC-188 lists keep themselves fresh, and what is refused comes when it is allowed', async (t) => {
  const { member } = await onSockets(t);
  const [alice, bob] = [await member('alice'), await member('bob')];
  t.after(() => Promise.all([alice.close(), bob.close()]));
  const rooms = bob.watchPage(bob.keys.rooms);
  assert.equal((await until(rooms)).total, 1);
  const den = await alice.add(alice.keys.rooms, { key: { type: 'room' }, name: 'Den', open: true });
  const refused = bob.watchPage(den);
  await changes(refused);
  assert.deepEqual([refused.value, refused.error?.status], [undefined, 403]);
  const key = await alice.send(den, 'hello');
  assert.deepEqual(await bob.add(bob.keys.rooms, { key: den }), den);
  assert.equal((await until(refused)).total, 1);
  const [entry] = (await until(rooms, ({ total }) => total === 2)).entries;
  const last = (await alice.getPage(den)).entries[0];
  const expected: EntryOf<'rooms'> = {
    key: den,
    name: 'Den',
    groupname: 'Den',
    direct: false,
    unread: 0,
    last_msg: last ?? null,
    members: [{ key: alice.keys.self }, { key: bob.keys.self }],
    members_total: 2,
    number: 1,
    seen: 0,
    seen_by: 0,
  };
  assert.deepEqual(entry, expected);
  await bob.patch(key, { read: true });
  const read = await until(rooms, ({ entries }) => entries.some(({ seen }) => seen === 1));
  assert.deepEqual(read.entries[0], { ...expected, seen: 1 });
  await alice.ban({ room: den, person: bob.keys.self });
  assert.equal((await until(rooms, ({ total }) => total === 1)).total, 1);
  if (refused.error === null) await changes(refused);
  assert.deepEqual([refused.value, refused.error?.status], [undefined, 403]);

  assert.deepEqual(await bob.add(bob.keys.fav, { key: alice.keys.self }), alice.keys.self);
  const { picture } = await bob.get(alice.keys.self);
  const person: EntryOf<'fav'> = {
    key: alice.keys.self,
    display_name: 'ALICE',
    picture,
    presence: 'online',
    connected: true,
  };
  assert.deepEqual((await bob.getPage(bob.keys.fav)).entries, [person]);
  const members: EntryOf<'members'>[] = [{ ...person, role: 'owner' }];
  assert.deepEqual((await alice.getPage({ type: 'members', id: den.id })).entries, members);
  const units: EntryOf<'index'>[] = [{ key: bob.keys.home, name: 'everyone' }];
  assert.deepEqual((await bob.getPage(bob.keys.root)).entries, units);
});

test('DOC-145 DOC-203 a search finds people, rooms and messages', async (t) => {
  const { member } = await onSockets(t);
  const [alice, bob] = [await member('alice'), await member('bob')];
  t.after(() => Promise.all([alice.close(), bob.close()]));
  const den = await alice.add(alice.keys.rooms, { key: { type: 'room' }, name: 'Bobs Den', open: true });
  const key = await alice.send(den, 'hello bob');
  const { display_name, picture, presence, connected } = await alice.get(bob.keys.self);
  const [message] = (await alice.getPage(den)).entries;
  assert.ok(message !== undefined);
  const expected: Found = {
    users: [{ key: bob.keys.self, display_name, picture, presence, connected }],
    rooms: [{ key: den, name: 'Bobs Den', groupname: 'Bobs-Den', direct: false, joined: true }],
    msgs: [message],
  };
  assert.deepEqual(await alice.search('bob'), expected);
  assert.deepEqual(await alice.search('bob', { types: ['msg'], before: key }), { users: [], rooms: [], msgs: [] });
  const sender = alice.keys.self;
  for (const text of ['', 'hello'])
    assert.deepEqual(await alice.search(text, { sender }), { users: [], rooms: [], msgs: [message] });
  assert.deepEqual((await alice.search('', { sender: bob.keys.self })).msgs, []);
  assert.deepEqual((await bob.search('', { sender })).msgs, [], 'bob is not in the room');
});

test('DOC-206 typing reaches who watches the room', async (t) => {
  const { member } = await onSockets(t);
  const [alice, bob] = [await member('alice'), await member('bob')];
  t.after(() => Promise.all([alice.close(), bob.close()]));
  const den = await alice.add(alice.keys.rooms, {
    key: { type: 'room' },
    name: 'Den',
    members: [{ key: bob.keys.self }],
  });
  await until(bob.watchPage(den));
  const heard = Promise.withResolvers<unknown>();
  bob.subscribeTyping(heard.resolve);
  alice.typing(den);
  assert.deepEqual(await heard.promise, { key: den, user: alice.keys.self, typing: true });
});

/** Resolves at the next change. */
function changes(live: LiveValue<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const stop = live.subscribe(() => {
      stop();
      resolve();
    });
  });
}

test('DOC-150 DOC-151 DOC-152 DOC-154 DOC-203 invitations: made, looked at, joined by twice, and withdrawn', async (t) => {
  const { app, url, member } = await onSockets(t);
  const [alice, bob, gus] = [await member('alice'), await member('bob'), await connect(url, { name: 'gus' })];
  t.after(() => Promise.all([alice.close(), bob.close(), gus.close()]));
  const den = await alice.add(alice.keys.rooms, { key: { type: 'room' }, name: 'Den' });
  const end = app.clock.now() + 60_000;
  const made = await alice.invite(den, { until: end, uses: 2 });
  assert.deepEqual(await gus.invitation(made.code), { room: den, name: 'Den', members_total: 1, until: end });
  const rooms = bob.watchPage(bob.keys.rooms);
  await until(rooms, ({ total }) => total === 1);
  assert.deepEqual([await bob.joinByInvitation(made.code), await bob.joinByInvitation(made.code)], [den, den]);
  await until(rooms, ({ total }) => total === 2);
  await assert.rejects(gus.joinByInvitation(made.code), isError('refused'));
  await alice.endInvitations(den);
  const usual = await alice.invite(den);
  assert.ok(usual.until > end && usual.code !== made.code);
  await assert.rejects(gus.invitation(made.code), isError('refused', /there is no such document/));
});
