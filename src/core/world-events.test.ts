import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryNames } from '../storage/memory/names.ts';
import { FakeClock } from '../../testing/clock.ts';
import { countingIds } from '../../testing/ids.ts';
import { RefusingStorage } from '../../testing/storage/refusing.ts';
import { openTwoWorlds, passSeconds, settle, TestWorld } from '../../testing/world.ts';
import type { RecordEvent } from './model/events.ts';
import { directoryStream, personStream, type RoomId } from './model/ids.ts';
import type { Unit } from './model/unit.ts';

/** What a record event is about, in short. */
function short(event: RecordEvent): string {
  if ('account' in event) return `${event.type} ${event.account.name}`;
  if ('other' in event) return `${event.type} ${event.person} ${event.other}`;
  if ('number' in event) return `${event.type} ${event.person} ${event.room} ${event.number}`;
  return 'person' in event ? `${event.type} ${event.person} ${event.room}` : event.type;
}

test('WORLD-160 the record events of a batch come at once, in order, with their positions, after its events', async () => {
  const app = await TestWorld.open();
  const [alice, bob] = [await app.member('alice'), await app.register('bob')];
  const room = await app.group(alice, 'garden');
  const streams = [directoryStream, personStream(alice)];
  const [directory = 0, person = 0] = await app.storage.positions(streams);
  const calls: (readonly string[])[] = [];
  app.observer.deliver = (events) => void calls.push(events.map(({ type }) => type));
  app.observer.recorded = (events) =>
    void calls.push(
      events.map((event) => `${event.position - ('account' in event ? directory : person)} ${short(event)}`),
    );
  await app.must<RoomId>((world, done) => {
    const ignored = () => {};
    world.messages.post(alice, room, { text: 'one', clientTime: null }, ignored);
    world.relationships.set('contact', alice, 'bob', true, ignored);
    world.accounts.setProfile(alice, { displayName: 'Alice L.' }, ignored);
    world.rooms.read(alice, room, 1, ignored);
    world.relationships.set('contact', alice, 'bob', false, ignored);
    world.rooms.leave(alice, room, done);
  });
  assert.deepEqual(calls, [
    ['message-posted', 'member-left'],
    [
      `1 contact-added ${alice} ${bob}`,
      '1 account-changed alice',
      `2 room-read ${alice} ${room} 1`,
      `3 contact-removed ${alice} ${bob}`,
      `4 membership-changed ${alice} ${room}`,
    ],
  ]);
});

test('WORLD-160 accounts are told when they are made and deleted, memberships of both people of a direct', async () => {
  const app = await TestWorld.open();
  const [alice, bob] = [await app.member('alice'), await app.register('bob')];
  const { observer, world } = app;
  assert.deepEqual(observer.records.map(short), [
    'account-created alice',
    `membership-changed ${alice} ${world.lobby}`,
    'account-created bob',
    `membership-changed ${bob} ${world.lobby}`,
  ]);
  observer.records.length = 0;
  const sent = await app.direct(alice, 'bob', 'hello');
  assert.ok(sent.ok);
  const { room } = sent.value.message;
  assert.deepEqual(observer.records.map(short), [
    `membership-changed ${alice} ${room}`,
    `membership-changed ${bob} ${room}`,
  ]);
  observer.records.length = 0;
  await app.must((_, done) => void world.deletions.delete('bob', false, done));
  assert.deepEqual(observer.records.map(short), ['account-deleted bob', `membership-changed ${bob} ${world.lobby}`]);
});

test('WORLD-160 what another node wrote is told too, with its position', async () => {
  const { first, second, clock } = await openTwoWorlds();
  const alice = await first.member('alice');
  const room = await first.group(alice, 'garden');
  await second.login('alice');
  await settle(clock);
  second.observer.records.length = 0;
  await first.post(alice, 'hello', room);
  await first.must((world, done) => world.rooms.read(alice, room, 1, done));
  clock.advance(2_000);
  await settle(clock);
  const [position = 0] = await first.storage.positions([personStream(alice)]);
  assert.deepEqual(second.observer.records, [{ type: 'room-read', position, person: alice, room, number: 1 }]);
});

test('WORLD-161 observers are told when the directory or a person is loaded, also after a failure', async () => {
  const storage = new RefusingStorage(new FakeClock());
  const app = await TestWorld.open({ storage });
  const alice = await app.member('alice');
  const room = await app.group(alice, 'garden');
  assert.deepEqual(app.observer.reloads[0], directoryStream);
  assert.ok(app.observer.reloads.includes(personStream(alice)));
  app.observer.reloads.length = 0;
  storage.refuses = true;
  await app.ask((world, done) => world.rooms.leave(alice, room, done));
  await app.ask((world, done) => world.accounts.setProfile(alice, { displayName: 'Alice L.' }, done));
  storage.refuses = false;
  assert.deepEqual(app.observer.reloads, []);
  app.clock.advance(2_000);
  await app.settle();
  assert.deepEqual(app.observer.reloads.toSorted(), [directoryStream, personStream(alice)]);
});

test('CONN-174 bans that were set while the directory was not in memory hold when it is read again', async () => {
  const clock = new FakeClock();
  const storage = new RefusingStorage(clock);
  const names = new MemoryNames(clock);
  const app = await TestWorld.open({ storage, names, clock });
  const other = await TestWorld.open({ storage: storage.join(), names, clock, ids: countingIds(2) });
  const [alice, bob] = [await app.member('alice'), await app.member('bob')];
  await passSeconds(clock, 2);
  storage.refuses = true;
  await app.ask((world, done) => world.accounts.setProfile(alice, { displayName: 'Alice L.' }, done));
  storage.refuses = false;
  app.observer.reloads.length = 0;
  const operator = { type: 'operator' } as const;
  const until = clock.now() + 1_000;
  await other.must((world, done) => world.moderation.ban(operator, 'alice', 'spam', null, done));
  await other.must((world, done) => world.moderation.ban(operator, 'bob', 'short', until, done));
  await other.must((world, done) => world.moderation.banAddress(operator, '192.0.2.0/24', 'flood', null, done));
  await passSeconds(clock, 2);
  assert.ok(app.observer.reloads.includes(directoryStream));
  assert.deepEqual(
    app.observer.addressBans.map(({ reason }) => reason),
    ['flood'],
  );
  assert.deepEqual(
    app.observer.removals.map(({ person, departure }) => [person, departure]),
    [[alice, { type: 'removed', reason: 'spam' }]],
  );
  assert.ok(app.world.actor(bob));
});

test('WORLD-160 observers are told that units changed, also by a person who is deleted', async () => {
  const app = await TestWorld.open();
  const alice = await app.register('alice');
  const operator = { type: 'operator' } as const;
  const unit = await app.must<Unit>((world, done) => world.units.create(operator, 'Sales', null, done));
  const told = () => app.observer.records.splice(0).map(short);
  told();
  await app.must<Unit>((world, done) => world.units.setMembers(operator, unit.id, [alice], true, done));
  await app.must<Unit>((world, done) => world.units.rename(operator, unit.id, 'Shop', done));
  assert.deepEqual(told(), ['units-changed', 'units-changed']);
  await app.must((world, done) => void world.deletions.delete('alice', false, done));
  assert.ok(told().includes('units-changed'));
  await app.must<Unit>((world, done) => world.units.remove(operator, unit.id, done));
  assert.deepEqual(told(), ['units-changed']);
});
