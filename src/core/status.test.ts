import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTwo, settle, TestWorld } from '../../testing/world.ts';
import type { PersonId } from './ids.ts';
import { merge, Presence } from './presence.ts';
import { AVAILABLE, parseStatus, type Status } from './status.ts';

function set(house: TestWorld, person: PersonId, text: string) {
  return house.ask<Status>((world, done) => world.setStatus(person, text, done));
}

function shown(house: TestWorld): string[] {
  return house.audience.events.flatMap((event) =>
    'person' in event && typeof event.person !== 'number' ? [`${event.type} ${event.person.name}`] : [],
  );
}

test('WORLD-60 the four words set the presence, in any case and their own spelling, and clear the text', () => {
  const words = [
    ['Available', 'online'],
    ['ONLINE', 'online'],
    ['away', 'away'],
    ['bUsY', 'busy'],
    ['Offline', 'offline'],
  ] as const;
  for (const [spelling, presence] of words)
    assert.deepEqual(parseStatus(spelling), { ok: true, value: { presence, text: null, spelling } });
  for (const text of ['At lunch', 'Away!', ' away'])
    assert.deepEqual(parseStatus(text), { ok: true, value: { presence: 'online', text, spelling: text } });
  assert.deepEqual(parseStatus('x'.repeat(65)), { ok: false, error: 'too-long' });
  assert.deepEqual(parseStatus('a\nb'), { ok: false, error: 'control' });
  assert.deepEqual(parseStatus(' '), { ok: false, error: 'empty' });
});

test('WORLD-60 a status that is none is refused, and the one before stays', async () => {
  const house = await TestWorld.open();
  const alice = await house.enter('alice');
  assert.equal((await set(house, alice, 'At lunch')).ok, true);
  assert.deepEqual(await set(house, alice, '\u202e'), { ok: false, error: { type: 'bad-status', problem: 'control' } });
  assert.equal(house.world.people.view(alice)?.status.text, 'At lunch');
});

test('WORLD-61 a status is shown when it is another one, in its own spelling, and is gone with the person', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  for (const text of ['Away', 'Away', 'away', 'Busy']) await set(house, alice, text);
  assert.equal(house.audience.of('person-changed').length, 3);
  assert.deepEqual(house.world.people.statusOf(alice), { presence: 'busy', text: null, spelling: 'Busy' });
  house.world.leave(alice, { type: 'left' });
  await house.settle();
  assert.equal(house.world.people.view(alice)?.status.presence, 'offline');
  assert.deepEqual(await set(house, alice, 'Busy'), { ok: false, error: { type: 'not-found' } });
  await house.login('alice');
  assert.deepEqual(house.world.people.statusOf(alice), AVAILABLE);
});

test('WORLD-61 a status that comes with a login counts for all connections', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  await set(house, alice, 'Away');
  await house.login('alice');
  assert.equal(house.world.people.statusOf(alice).presence, 'away', 'a login that says nothing changes nothing');
  const busy: Status = { presence: 'busy', text: null, spelling: 'Busy' };
  const verified = await house.world.accounts.verify('alice', { form: 'plain', value: 'open sesame' });
  assert.equal(verified.ok, true);
  await house.must(
    (world, done) =>
      void world.login('alice', { form: 'plain', value: 'open sesame' }, done, { reachable: true, status: busy }),
  );
  assert.equal(house.world.people.statusOf(alice).presence, 'busy');
});

test('WORLD-61 the status set last counts on every node, whatever their clocks, and outlasts the connection it was set on', async () => {
  const { clock, first, second } = await openTwo();
  const alice = await first.member('alice');
  await settle(clock);
  await second.login('alice');
  await settle(clock);
  const everywhere = () => [first, second].map(({ world }) => world.people.statusOf(alice).presence);
  await set(first, alice, 'Away');
  await settle(clock);
  assert.deepEqual(everywhere(), ['away', 'away']);
  clock.jump(-3_600_000);
  await set(second, alice, 'Busy');
  await settle(clock);
  assert.deepEqual(everywhere(), ['busy', 'busy']);
  await set(first, alice, 'Offline');
  await settle(clock);
  first.world.leave(alice, { type: 'left' });
  await settle(clock);
  assert.deepEqual(everywhere(), ['offline', 'offline']);
  assert.equal((await second.login('alice')) > 0, true);
  second.world.leave(alice, { type: 'left' });
  await settle(clock);
  assert.deepEqual(everywhere(), ['offline', 'offline']);
  second.world.leave(alice, { type: 'left' });
  await settle(clock);
  await first.login('alice');
  assert.deepEqual(first.world.people.statusOf(alice), AVAILABLE);
});

test('WORLD-61 a node that missed a status hears of it with the next snapshot', async () => {
  const { clock, bus, first, second } = await openTwo();
  const alice = await first.member('alice');
  await settle(clock);
  await second.login('alice');
  const lost = bus.join();
  await settle(clock);
  const presence = new Presence();
  lost.subscribe((hint) => {
    if (hint.type === 'snapshot') presence.snapshot(hint.node, hint.version, hint.contributions);
  });
  await set(first, alice, 'Away');
  clock.advance(5_000);
  await settle(clock);
  assert.equal(presence.get(alice)?.status.presence, 'away');
  const said = [...presence.nodesOf(alice)].map((node) => presence.said(node, alice)?.status.presence);
  assert.deepEqual(said, ['away', 'away'], 'both nodes say the same');
});

test('WORLD-61 of two statuses of one moment every node takes the same, in whatever order they are heard', () => {
  const at = (spelling: string) => ({
    person: 1,
    name: 'alice',
    skeleton: 'alice',
    since: 1,
    account: true,
    status: { presence: 'online', text: spelling, spelling } as const,
    statusAt: 7,
    reachable: false,
  });
  const ways = [
    [at('b'), at('a'), { ...at('0'), statusAt: 6 }],
    [{ ...at('0'), statusAt: 6 }, at('a'), at('b')],
  ];
  for (const way of ways) assert.equal(merge(way)?.status.spelling, 'a');
  assert.equal(merge([at('a'), { ...at('a'), reachable: true }])?.reachable, true);
});

test('WORLD-62 T28 turning invisible looks like leaving, coming back like entering', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  house.audience.events.length = 0;
  for (const text of ['Offline', 'offline', 'Offline', 'Busy']) await set(house, alice, text);
  assert.deepEqual(shown(house), ['person-left alice', 'person-entered alice']);
  assert.deepEqual(house.audience.of('person-left')[0]?.departure, { type: 'left' });
  await set(house, alice, 'Offline');
  house.audience.events.length = 0;
  house.world.leave(alice, { type: 'left' });
  await house.settle();
  assert.deepEqual(shown(house), [], 'who is invisible leaves unseen');
});

test('WORLD-62 T28 the invisible are in no list, are offline to others, and know their own status', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  const guest = await house.enter('guest');
  const bob = await house.member('bob');
  for (const person of [alice, guest]) await set(house, person, 'OFFLINE');
  const { people, rooms, lobby } = house.world;
  assert.deepEqual(
    people.visible.map(({ name }) => name),
    ['bob'],
  );
  assert.deepEqual(people.find('alice'), { id: alice, name: 'alice' });
  assert.equal(people.find('guest'), undefined);
  assert.equal(people.view(guest), undefined);
  assert.deepEqual(people.view(alice)?.status, { presence: 'offline', text: null, spelling: 'Offline' });
  assert.equal(people.statusOf(alice).spelling, 'OFFLINE');
  assert.deepEqual(rooms.view(bob, lobby)?.members, ['bob', 'alice']);
  assert.equal(rooms.size(lobby), 2, 'an invisible guest is not counted');
  assert.deepEqual(await house.ask((world, done) => world.enter('guest', done)), {
    ok: false,
    error: { type: 'name-taken' },
  });
  await set(house, guest, 'Online');
  assert.equal(people.find('guest')?.id, guest);
  assert.equal(people.view(guest)?.guest, true);
});
