import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTwoWorlds, settle, TestWorld } from '../../../testing/world.ts';
import type { PersonId } from '../model/ids.ts';
import { merge, Presence } from '../presence/presence.ts';
import { PresenceReceiver } from '../presence/presence-receiver.ts';
import { AVAILABLE, parseStatus, type Status, type StatusChange } from './status.ts';

function set(app: TestWorld, person: PersonId, text: string) {
  return app.ask<Status>((world, done) => world.setStatus(person, text, done));
}

function visibleEvents(app: TestWorld): string[] {
  return app.observer.events.flatMap((event) =>
    'person' in event && typeof event.person !== 'number' ? [`${event.type} ${event.person.name}`] : [],
  );
}

test('WORLD-60 the four words set the presence, in upper or lower case and their own spelling, and clear the text', () => {
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
  for (const unseen of [' ', '\u200b', '\u3164\u2800'])
    assert.deepEqual(parseStatus(unseen), { ok: false, error: 'empty' });
});

test('WORLD-60 an invalid status is refused, and the one before stays', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  assert.equal((await set(app, alice, 'At lunch')).ok, true);
  assert.deepEqual(await set(app, alice, '\u202e'), { ok: false, error: { type: 'bad-status', problem: 'control' } });
  assert.equal(app.world.people.view(alice)?.status.text, 'At lunch');
});

test('WORLD-61 a status is shown when it changes, in its own spelling, and ends with the last session', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  for (const text of ['Away', 'Away', 'away', 'Busy']) await set(app, alice, text);
  assert.equal(app.observer.ofType('person-changed').length, 3);
  assert.deepEqual(app.world.people.statusOf(alice), { presence: 'busy', text: null, spelling: 'Busy' });
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.equal(app.world.people.view(alice)?.status.presence, 'offline');
  assert.deepEqual(await set(app, alice, 'Busy'), { ok: false, error: { type: 'not-found' } });
  await app.login('alice');
  assert.deepEqual(app.world.people.statusOf(alice), AVAILABLE);
});

test('WORLD-61 a status that comes with a login counts for all connections', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  await set(app, alice, 'Away');
  await app.login('alice');
  assert.equal(app.world.people.statusOf(alice).presence, 'away', 'a login without a status changes nothing');
  const busy: Status = { presence: 'busy', text: null, spelling: 'Busy' };
  const verified = await app.world.accounts.verify('alice', { type: 'plain', value: 'open sesame' });
  assert.equal(verified.ok, true);
  await app.must((world, done) =>
    world.login('alice', { type: 'plain', value: 'open sesame' }, done, { acceptsDirect: true, status: busy }),
  );
  assert.equal(app.world.people.statusOf(alice).presence, 'busy');
});

test('WORLD-61 the status set last counts on every node, whatever their clocks, and outlasts the connection it was set on', async () => {
  const { clock, first, second } = await openTwoWorlds();
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

test('WORLD-61 a node that missed a status gets it when it asks', async () => {
  const { clock, bus, first, second } = await openTwoWorlds();
  const alice = await first.member('alice');
  await settle(clock);
  await second.login('alice');
  await set(first, alice, 'Away');
  await settle(clock);
  const member = bus.join();
  const presence = new Presence();
  const receiver = new PresenceReceiver('third', { bus: member, clock }, presence);
  for (const subject of ['nodes', 'node/third'] as const)
    member.subscribe(subject, (message) => {
      if (message.type === 'heartbeat' || message.type === 'presence') receiver.receive(message, subject !== 'nodes');
    });
  clock.advance(1_000);
  await settle(clock);
  assert.equal(presence.get(alice)?.status.presence, 'away');
  const reported = [...presence.nodesOf(alice)].map((node) => presence.reportedBy(node, alice)?.status.presence);
  assert.deepEqual(reported, ['away', 'away'], 'both nodes report the same');
});

test('WORLD-61 of two statuses set at one moment every node takes the same, in whatever order they arrive', () => {
  const at = (spelling: string) => ({
    person: 1,
    name: 'alice',
    skeleton: 'alice',
    since: 1,
    account: true,
    status: { presence: 'online', text: spelling, spelling } as const,
    statusAt: 7,
    acceptsDirect: false,
  });
  const orders = [
    [at('b'), at('a'), { ...at('0'), statusAt: 6 }],
    [{ ...at('0'), statusAt: 6 }, at('a'), at('b')],
  ];
  for (const records of orders) assert.equal(merge(records)?.status.spelling, 'a');
  const busy = (text: string) => ({ ...at('Busy'), status: { presence: 'busy', text, spelling: 'Busy' } as const });
  for (const records of [
    [busy('x'), busy('y')],
    [busy('y'), busy('x')],
  ])
    assert.equal(merge(records)?.status.text, 'x');
  assert.equal(merge([at('a'), { ...at('a'), acceptsDirect: true }])?.acceptsDirect, true);
});

test('WORLD-62 T28 becoming invisible looks like leaving, becoming visible like entering', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  app.observer.events.length = 0;
  for (const text of ['Offline', 'offline', 'Offline', 'Busy']) await set(app, alice, text);
  assert.deepEqual(visibleEvents(app), ['person-left alice', 'person-entered alice']);
  assert.deepEqual(app.observer.ofType('person-left')[0]?.departure, { type: 'left' });
  await set(app, alice, 'Offline');
  app.observer.events.length = 0;
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.deepEqual(visibleEvents(app), [], 'an invisible person leaves unseen');
});

test('WORLD-62 T28 invisible people are in no list, are offline to others, and see their own status', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const guest = await app.enter('guest');
  const bob = await app.member('bob');
  for (const person of [alice, guest]) await set(app, person, 'OFFLINE');
  const { people, rooms, lobby } = app.world;
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
  assert.deepEqual(await app.ask((world, done) => world.enter('guest', done)), {
    ok: false,
    error: { type: 'name-taken' },
  });
  await set(app, guest, 'Online');
  assert.equal(people.find('guest')?.id, guest);
  assert.equal(people.view(guest)?.guest, true);
});

test('WORLD-131 WORLD-60 presence and free text are set apart, and a word of presence is no free text', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  const change = (what: StatusChange) => app.ask<Status>((world, done) => world.changeStatus(alice, what, done));
  const steps: [StatusChange, Status][] = [
    [{ text: 'Not Here' }, { presence: 'online', text: 'Not Here', spelling: 'Not Here' }],
    [{ presence: 'busy' }, { presence: 'busy', text: 'Not Here', spelling: 'Busy' }],
    [{ text: 'In a talk' }, { presence: 'busy', text: 'In a talk', spelling: 'Busy' }],
    [
      { presence: 'online', text: null },
      { presence: 'online', text: null, spelling: 'Available' },
    ],
    [
      { presence: 'away', text: 'Lunch' },
      { presence: 'away', text: 'Lunch', spelling: 'Away' },
    ],
    [{ text: null }, { presence: 'away', text: null, spelling: 'Away' }],
    [{ text: 'bUsY' }, { presence: 'busy', text: null, spelling: 'Busy' }],
    [
      { text: 'Away', presence: 'online' },
      { presence: 'online', text: null, spelling: 'Available' },
    ],
  ];
  for (const [what, value] of steps) {
    const before = visibleEvents(app).length;
    assert.deepEqual(await change(what), { ok: true, value });
    assert.deepEqual(visibleEvents(app).slice(before), ['person-changed alice']);
    assert.deepEqual(app.world.people.statusOf(alice), value);
  }
  const before = visibleEvents(app).length;
  assert.equal((await change({ presence: 'online' })).ok, true);
  assert.equal(visibleEvents(app).length, before);
  assert.deepEqual(await change({ text: 'x'.repeat(65) }), {
    ok: false,
    error: { type: 'bad-status', problem: 'too-long' },
  });
});

test('WORLD-136 a status that is another one by then is a conflict', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  const seen = app.world.people.statusOf(alice);
  const change = (what: StatusChange, expected?: Status) =>
    app.ask<Status>((world, done) => world.changeStatus(alice, what, done, expected));
  assert.equal((await change({ text: 'first' }, seen)).ok, true);
  assert.deepEqual(await change({ text: 'second' }, seen), { ok: false, error: { type: 'conflict' } });
  assert.equal(app.world.people.statusOf(alice).text, 'first');
  assert.equal((await change({ text: 'second' }, app.world.people.statusOf(alice))).ok, true);
});
