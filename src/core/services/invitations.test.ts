import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingIds } from '../../../testing/ids.ts';
import { TestWorld } from '../../../testing/world.ts';
import { sha256 } from '../../lib/sha256.ts';
import { type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { InvitationTerms, InvitationView, NewInvitation } from './invitations.ts';

const DAY = 24 * 60 * 60_000;
const NAMES = ['alice', 'mod', 'bob', 'dora', 'eve', 'root'];
const operator = { type: 'operator' } as const;
const done = <T>(value: T) => ({ ok: true, value });
const refused = (type: string) => ({ ok: false, error: { type } });
const notFound = refused('not-found');

/** A group of alice, its owner; mod, a moderator; bob, a member. dora and eve are outside, and root moderates the server. */
async function scene(closed = true) {
  const app = await TestWorld.open();
  const ids: PersonId[] = [];
  for (const name of NAMES) ids.push(await app.member(name));
  const [alice = 0, mod = 0, bob = 0, dora = 0, eve = 0, root = 0] = ids;
  await app.must((world, answer) => world.accounts.setRole(operator, root, 'moderator', answer));
  const room = await app.must<RoomId>((world, answer) =>
    world.rooms.createTitled(alice, { displayName: 'Garden', closed, members: [mod, bob] }, answer),
  );
  const setRole = (person: PersonId, role: 'member' | 'moderator') =>
    app.must<RoomId>((world, answer) => world.management.setRole(alice, room, person, role, answer));
  await setRole(mod, 'moderator');
  app.world.pinRoom(room);
  await app.world.useRooms([room], () => {});
  const invite = (person: PersonId, terms: Partial<InvitationTerms> = {}, where = room) =>
    app.ask<NewInvitation>((world, answer) =>
      world.invitations.make(person, where, { until: null, uses: null, ...terms }, answer),
    );
  const code = async (person: PersonId, terms: Partial<InvitationTerms> = {}) => {
    const made = await invite(person, terms);
    return made.ok ? made.value.code : assert.fail(JSON.stringify(made));
  };
  const join = (person: PersonId, text: string, { world }: Pick<TestWorld, 'world'> = app) =>
    app.ask<RoomId>((_, answer) => void world.invitations.join(person, text, answer));
  const look = (person: PersonId, text: string) =>
    app.ask<InvitationView>((world, answer) => void world.invitations.look(person, text, answer));
  const end = (person: PersonId, where = room) =>
    app.ask<RoomId>((world, answer) => world.invitations.end(person, where, answer));
  const members = () => [...app.world.rooms.members(room).keys()];
  const kept = async () => (await app.storage.load(roomStream(room))).invitations;
  return { app, room, alice, mod, bob, dora, eve, root, setRole, invite, code, join, look, end, members, kept };
}

type Scene = Awaited<ReturnType<typeof scene>>;

test('WORLD-260 who may make people members may invite: in an open room every member, in a closed one who moderates it', async () => {
  for (const closed of [true, false]) {
    const { alice, mod, bob, dora, root, app, room, invite } = await scene(closed);
    for (const person of [alice, mod]) assert.equal((await invite(person)).ok, true);
    assert.equal((await invite(bob)).ok, !closed);
    if (closed) assert.deepEqual(await invite(bob), refused('not-allowed'));
    const outside = refused(closed ? 'not-found' : 'not-member');
    for (const person of [dora, root]) assert.deepEqual(await invite(person), outside);
    assert.deepEqual(await invite(alice, {}, 4711), notFound);
    await app.must<RoomId>((world, answer) =>
      closed
        ? world.management.addMember(alice, room, root, answer)
        : world.management.addMember(bob, room, root, answer),
    );
    assert.equal((await invite(root)).ok, true);
  }
});

test('WORLD-260 WORLD-73 guests make no invitations, nobody invites to a direct, and the lobby is an open room', async () => {
  const { app, alice, invite, join } = await scene();
  const { lobby } = app.world;
  const guest = await app.enter('gast');
  assert.deepEqual(await invite(guest, {}, lobby), refused('not-allowed'));
  const sent = await app.direct(alice, 'bob', 'hello');
  assert.ok(sent.ok);
  assert.deepEqual(await invite(alice, {}, sent.value.message.room), refused('not-allowed'));
  const made = await invite(alice, {}, lobby);
  assert.ok(made.ok);
  assert.deepEqual(await join(guest, made.value.code), refused('guest'));
});

test('WORLD-261 T20 T21 a code is new each time, 22 characters of base64url, and only its digest is stored', async () => {
  const { app, room, alice, dora, code, join } = await scene();
  const codes = [await code(alice), await code(alice, { uses: 2 })];
  const [first = '', second = ''] = codes;
  assert.notEqual(first, second);
  assert.equal((await join(dora, second)).ok, true);
  const [entries, snapshot] = [
    await app.storage.entries(roomStream(room), 0, 100),
    await app.storage.load(roomStream(room)),
  ];
  const stored = JSON.stringify([entries, snapshot, await app.storage.entries(personStream(dora), 0, 100)]);
  for (const one of codes) {
    assert.match(one, /^[\w-]{22}$/);
    assert.ok(!stored.includes(one));
    assert.ok(stored.includes(sha256(one)));
  }
  for (const other of [first.toLowerCase(), first.toUpperCase(), ` ${first}`, '', sha256(first)])
    assert.deepEqual(await join(dora, other), notFound, 'capitals count, and a digest is no code');
});

test('WORLD-262 an invitation lasts for seven days, until another time that is wanted, and at most for 30 days', async () => {
  const { app, alice, dora, eve, invite, join, look } = await scene();
  const begin = app.clock.now();
  const usual = await invite(alice);
  const short = await invite(alice, { until: begin + 1_000 });
  const long = await invite(alice, { until: begin + 300 * DAY });
  assert.ok(usual.ok && short.ok && long.ok);
  const untils = [usual, short, long].map(({ value }) => value.until - begin);
  assert.deepEqual(untils, [7 * DAY, 1_000, 30 * DAY]);
  for (const until of [begin, begin - 1, 0]) assert.deepEqual(await invite(alice, { until }), refused('bad-time'));
  app.clock.advance(999);
  assert.equal((await look(dora, short.value.code)).ok, true);
  app.clock.advance(1);
  assert.deepEqual([await look(dora, short.value.code), await join(dora, short.value.code)], [notFound, notFound]);
  app.clock.advance(7 * DAY - 1_001);
  assert.equal((await join(dora, usual.value.code)).ok, true);
  app.clock.advance(1);
  assert.deepEqual(await join(eve, usual.value.code), notFound);
  assert.deepEqual(await join(dora, usual.value.code), notFound, 'for members too');
  assert.equal((await join(eve, long.value.code)).ok, true);
});

test('WORLD-263 T35 a room has at most 20 open invitations; those that nobody can use any more do not count, and leave the tables', async () => {
  const { app, alice, mod, dora, invite, code, join, kept } = await scene();
  const [once] = [await code(alice, { uses: 1 })];
  for (let made = 1; made < 20; made++) await code(made < 10 ? alice : mod, { until: app.clock.now() + made * 1_000 });
  assert.deepEqual(await invite(mod), { ok: false, error: { type: 'too-many', what: 'invitations' } });
  assert.equal((await kept()).length, 20);
  assert.equal((await join(dora, once)).ok, true);
  assert.equal((await kept()).length, 20);
  assert.equal((await invite(mod)).ok, true);
  assert.equal((await invite(mod)).ok, false);
  app.clock.advance(5_000);
  assert.equal((await kept()).length, 20);
  for (let made = 0; made < 5; made++) assert.equal((await invite(alice)).ok, true);
  assert.equal((await invite(alice)).ok, false);
  const left = await kept();
  assert.deepEqual([left.length, left.filter(({ until }) => until <= app.clock.now())], [20, []]);
});

test('WORLD-264 WORLD-267 so many people join by an invitation as it says, and members use nothing up', async () => {
  const { room, alice, bob, dora, eve, root, code, join, look, members, kept } = await scene();
  const two = await code(alice, { uses: 2 });
  for (const person of [alice, bob, dora, dora, bob]) assert.deepEqual(await join(person, two), done(room));
  assert.deepEqual(
    (await kept()).map(({ usesLeft }) => usesLeft),
    [1],
  );
  assert.deepEqual(await join(eve, two), done(room));
  assert.deepEqual([await join(root, two), await look(root, two)], [notFound, notFound]);
  assert.deepEqual(await join(eve, two), done(room), 'it still leads its members there');
  assert.equal((await look(eve, two)).ok, true);
  assert.equal(members().includes(root), false);
});

test('WORLD-267 WORLD-06 a join and the use of the invitation are one append, which others are shown as a join', async () => {
  const { app, room, alice, dora, code, join, kept } = await scene();
  const one = await code(alice, { uses: 3 });
  const before = app.world.position(room);
  app.observer.batches.length = 0;
  assert.deepEqual(await join(dora, one), done(room));
  assert.deepEqual(
    app.observer.batches.map((batch) => batch.map(({ type }) => type)),
    [['member-joined']],
  );
  const entries = await app.storage.entries(roomStream(room), before, 9);
  assert.deepEqual(
    entries.map(({ body }) => body.type),
    ['member-joined', 'invitation-used'],
  );
  assert.equal((await kept())[0]?.usesLeft, 2);
  const { memberships } = await app.storage.load(personStream(dora));
  assert.ok(memberships.some((membership) => membership.room === room && membership.role === 'member'));
});

test('WORLD-266 T25 whatever is wrong with a code, the answer is the same, and it tells nothing of the room', async () => {
  const { app, alice, mod, dora, code, join, look, end } = await scene();
  const expired = await code(alice, { until: app.clock.now() + 1 });
  const withdrawn = await code(mod);
  await end(mod);
  const gone = await code(alice, { until: app.clock.now() + 1_000 });
  app.clock.advance(1);
  await end(alice);
  for (const one of ['', 'nothing', 'x'.repeat(10_000), expired, withdrawn, gone]) {
    assert.deepEqual(await look(dora, one), notFound, one);
    assert.deepEqual(await join(dora, one), notFound, one);
  }
});

test('WORLD-266 who looks at an invitation is told the room, its name and how many are in it, also a guest', async () => {
  const { app, room, alice, dora, code, look } = await scene();
  const one = await code(alice);
  const view = { room, name: 'Garden', members: 3, until: app.clock.now() + 7 * DAY };
  const guest = await app.enter('gast');
  for (const person of [alice, dora, guest]) assert.deepEqual(await look(person, one), done(view));
  assert.deepEqual(await look(4711, one), refused('not-allowed'));
});

const endings: { readonly [how: string]: (all: Scene) => Promise<unknown> } = {
  'the maker leaves the room': ({ app, mod, room }) =>
    app.must<RoomId>((world, answer) => world.rooms.leave(mod, room, answer)),
  'the maker is removed from it': ({ app, alice, mod, room }) =>
    app.must<RoomId>((world, answer) => world.management.removeMember(alice, room, mod, answer)),
  'the maker is banned from it': ({ app, alice, mod, room }) =>
    app.must<RoomId>((world, answer) => world.management.ban(alice, room, mod, { reason: 'why', until: null }, answer)),
  "the maker's account is deleted": ({ app }) =>
    app.must((world, answer) => void world.deletions.delete('mod', false, answer)),
};

for (const [how, act] of Object.entries(endings))
  test(`WORLD-265 WORLD-06 when ${how}, the own invitations end for good, by the same append`, async () => {
    const all = await scene();
    const { app, room, alice, mod, dora, eve, code, join, kept } = all;
    const [own, other] = [await code(mod), await code(alice)];
    const before = app.world.position(room);
    await act(all);
    const types = (await app.storage.entries(roomStream(room), before, 9)).map(({ body }) => body.type);
    assert.deepEqual(types.slice(-2), ['member-left', 'invitation-ended']);
    assert.deepEqual(await join(dora, own), notFound);
    assert.deepEqual(
      (await kept()).map(({ maker }) => maker),
      [alice],
    );
    await app.ask<RoomId>((world, answer) => world.management.ban(alice, room, mod, null, answer));
    if (how !== "the maker's account is deleted") {
      await app.must<RoomId>((world, answer) => world.management.addMember(alice, room, mod, answer));
      await all.setRole(mod, 'moderator');
    }
    assert.deepEqual(await join(dora, own), notFound);
    assert.deepEqual(await join(eve, other), done(room));
  });

test('WORLD-265 an invitation rests while its maker may make nobody a member', async () => {
  const { room, mod, dora, setRole, code, join, look } = await scene();
  const one = await code(mod);
  await setRole(mod, 'member');
  assert.deepEqual([await look(dora, one), await join(dora, one)], [notFound, notFound]);
  await setRole(mod, 'moderator');
  assert.equal((await look(dora, one)).ok, true);
  assert.deepEqual(await join(dora, one), done(room));
});

test('WORLD-265 WORLD-31 an invitation rests while its maker is banned from the server, or moderates it no more', async () => {
  const { app, room, alice, bob, dora, eve, root, code, join } = await scene();
  await app.must<RoomId>((world, answer) => world.management.addMember(alice, room, root, answer));
  const [owners, roots] = [await code(alice), await code(root)];
  await app.must((world, answer) => world.moderation.ban(operator, 'alice', 'why', app.clock.now() + 1_000, answer));
  assert.deepEqual(await join(dora, owners), notFound);
  app.clock.advance(1_000);
  assert.deepEqual(await join(dora, owners), done(room));
  await app.must((world, answer) => world.accounts.setRole(operator, root, 'user', answer));
  assert.deepEqual(await join(eve, roots), notFound);
  assert.deepEqual(await join(bob, roots), notFound, 'for members too');
});

test('WORLD-186 who is banned from the room does not join it by an invitation, and is told the reason', async () => {
  const { app, room, alice, dora, code, join, look, kept } = await scene();
  const one = await code(alice, { uses: 1 });
  const until = app.clock.now() + 1_000;
  await app.must<RoomId>((world, answer) => world.management.ban(alice, room, dora, { reason: 'spam', until }, answer));
  const banned = { ok: false, error: { type: 'banned', reason: 'spam' } };
  assert.deepEqual([await join(dora, one), await look(dora, one)], [banned, banned]);
  assert.equal((await kept())[0]?.usesLeft, 1);
  app.clock.advance(1_000);
  assert.deepEqual(await join(dora, one), done(room));
});

test('WORLD-73 WORLD-74 guests do not join, nor does somebody who is in 100 groups, and nothing is used up', async () => {
  const { app, alice, dora, code, join, kept } = await scene();
  const one = await code(alice, { uses: 1 });
  const guest = await app.enter('gast');
  assert.deepEqual(await join(guest, one), refused('guest'));
  for (let made = 0; made < 100; made++)
    await app.must<RoomId>((world, answer) =>
      world.rooms.createTitled(dora, { displayName: null, closed: true, members: [] }, answer),
    );
  assert.deepEqual(await join(dora, one), { ok: false, error: { type: 'too-many', what: 'rooms' } });
  assert.equal((await kept())[0]?.usesLeft, 1);
});

test('WORLD-268 members withdraw their own invitations, and who moderates the room all of them', async () => {
  const { room, alice, bob, dora, root, app, code, join, end } = await scene(false);
  const [own, other] = [await code(bob), await code(alice)];
  assert.deepEqual(await end(bob), done(room));
  assert.deepEqual([await join(dora, own), await join(dora, other)], [notFound, done(room)]);
  const [first, second] = [await code(bob), await code(alice)];
  assert.deepEqual(await end(root), refused('not-member'));
  await app.must<RoomId>((world, answer) => world.rooms.join(root, room, answer));
  assert.deepEqual(await end(root), done(room));
  for (const one of [first, second]) assert.deepEqual(await join(dora, one), notFound);
  const position = app.world.position(room);
  assert.deepEqual(await end(alice), done(room));
  assert.equal(app.world.position(room), position, 'without any nothing is written');
});

test('WORLD-268 WORLD-71 people outside withdraw nothing, and do not learn of a closed room', async () => {
  const { room, alice, dora, eve, root, code, end, join } = await scene();
  const one = await code(alice);
  for (const person of [dora, root]) assert.deepEqual(await end(person), notFound);
  assert.deepEqual(await end(dora, 4711), notFound);
  assert.deepEqual(await join(eve, one), done(room));
});

test('WORLD-261 WORLD-264 invitations outlive a restart, with the uses that are left', async () => {
  const { app, room, alice, dora, root, code, join } = await scene();
  const one = await code(alice, { uses: 2 });
  await join(dora, one);
  const again = await TestWorld.open({ storage: app.storage, clock: app.clock, ids: countingIds(2) });
  const [eve, late] = [await again.login('eve'), await again.login('root')];
  assert.equal(late, root);
  assert.deepEqual(await join(eve, one, again), done(room));
  assert.deepEqual(await join(late, one, again), notFound);
});

test('WORLD-210 WORLD-267 a join that may be sent again is done once, and its result is kept with its entries', async () => {
  const { app, room, alice, dora, code, kept } = await scene();
  const one = await code(alice, { uses: 5 });
  const results: string[] = [];
  const command = { scope: 'session/x', key: '1', digest: '', expires: app.clock.now() + DAY };
  const ask = () =>
    new Promise<unknown>((resolve) => {
      const repeated = (_: string, result: string) => resolve(results.push(result));
      const services = app.world.once({ ...command, write: (value: unknown) => JSON.stringify(value), repeated });
      void services.invitations.join(dora, one, resolve);
    });
  const run = async () => {
    const answer = ask();
    await app.settle();
    return answer;
  };
  assert.deepEqual(await run(), done(room));
  assert.equal((await app.storage.keptResult('session/x', '1'))?.result, `${room}`);
  await app.must<RoomId>((world, answer) => world.rooms.leave(dora, room, answer));
  await run();
  assert.deepEqual([results, (await kept())[0]?.usesLeft], [[`${room}`], 4]);
});

test('WORLD-266 while storage cannot be read, a code is refused as unavailable', async () => {
  const { app, alice, dora, code, join, look } = await scene();
  const one = await code(alice);
  const { invitation } = app.storage;
  app.storage.invitation = () => Promise.reject(new Error('the test says so'));
  assert.deepEqual([await look(dora, one), await join(dora, one)], [refused('unavailable'), refused('unavailable')]);
  app.storage.invitation = invitation;
  assert.equal((await join(dora, one)).ok, true);
});
