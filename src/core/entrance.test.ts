import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle, TestWorld, usualPassword } from '../../testing/world.ts';
import { MemoryNames } from '../storage/memory/names.ts';
import { skeletonOf } from './names/skeleton.ts';

const taken = { ok: false, error: { type: 'name-taken' } };

function names(house: TestWorld): string[] {
  return [...house.world.people.visible].map(({ name }) => name);
}

test('WORLD-22 T11 the names of rooms are not for people, in whatever spelling', async () => {
  const house = await TestWorld.open();
  for (const name of ['lobby', 'LOBBY', 'l0bby']) {
    const result = await house.ask((world, done) => world.enter(name, done));
    assert.equal(result.ok, false, name);
  }
  const elsewhere = await TestWorld.open({ rules: { lobby: 'garden' } });
  for (const name of ['garden', 'Garden'])
    assert.deepEqual(await elsewhere.ask((world, done) => world.enter(name, done)), taken);
  await elsewhere.enter('gardener');
});

test('WORLD-23 T11 one of 200 simultaneous claims wins', async () => {
  const house = await TestWorld.open();
  const spellings = ['alice', 'Alice', 'ALICE', 'a1ice'];
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      house.ask((world, done) => world.enter(spellings[index % spellings.length] ?? '', done)),
    ),
  );
  assert.equal(results.filter(({ ok }) => ok).length, 1);
  assert.equal(names(house).length, 1);
});

test('WORLD-24 a holder who shows a sign of life keeps the name', async () => {
  const house = await TestWorld.open();
  await house.enter('alice');
  assert.deepEqual(await house.ask((world, done) => world.enter('alice', done)), taken);
});

test('WORLD-24 a holder who is silent for 3 s loses the name to whoever asked', async () => {
  const house = await TestWorld.open();
  const holder = await house.enter('alice');
  house.audience.silent.add(holder);
  const asked = house.ask((world, done) => world.enter('alice', done));
  await settle(house.clock);
  house.clock.advance(2_999);
  await settle(house.clock);
  assert.deepEqual(
    [...house.world.people.visible].map(({ person }) => person),
    [holder],
  );
  house.clock.advance(1);
  const result = await asked;
  assert.equal(result.ok, true);
  assert.deepEqual(house.audience.of('person-left')[0], {
    type: 'person-left',
    person: { id: holder, name: 'alice' },
    departure: { type: 'lost' },
  });
  assert.deepEqual(names(house), ['alice']);
});

test('WORLD-26 a rename is shown with both names and frees the old one at once', async () => {
  const house = await TestWorld.open();
  const alice = await house.enter('alice');
  await house.must((world, done) => world.rename(alice, 'eve', done));
  assert.deepEqual(house.audience.of('person-renamed'), [
    { type: 'person-renamed', person: { id: alice, name: 'eve' }, before: 'alice' },
  ]);
  await house.enter('alice');
  assert.deepEqual(names(house).sort(), ['alice', 'eve']);
  assert.deepEqual(await house.ask((world, done) => world.enter('eve', done)), taken);
});

test('WORLD-26 a change of case only is allowed, and the name stays claimed', async () => {
  const house = await TestWorld.open();
  const alice = await house.enter('alice');
  await house.must((world, done) => world.rename(alice, 'Alice', done));
  assert.deepEqual(names(house), ['Alice']);
  assert.deepEqual(await house.ask((world, done) => world.enter('alice', done)), taken);
});

test('WORLD-26 a refused rename keeps the old name and leaves the other with its holder', async () => {
  const house = await TestWorld.open();
  const alice = await house.enter('alice');
  const bob = await house.enter('bob');
  assert.deepEqual(await house.ask((world, done) => world.rename(alice, 'bob', done)), taken);
  assert.deepEqual(await house.ask((world, done) => world.rename(alice, 'system', done)), {
    ok: false,
    error: { type: 'bad-name', problem: 'reserved' },
  });
  assert.deepEqual(names(house), ['alice', 'bob']);
  house.world.leave(bob, { type: 'left' });
  await house.settle();
  await house.enter('bob');
});

test('WORLD-26 somebody who leaves during a rename leaves no name behind', async () => {
  const house = await TestWorld.open();
  const alice = await house.enter('alice');
  const renamed = house.ask((world, done) => world.rename(alice, 'eve', done));
  house.world.leave(alice, { type: 'lost' });
  await renamed;
  await house.settle();
  await house.enter('alice');
  await house.enter('eve');
});

test('WORLD-27 history shows the present name of who is there, and marks a name that is somebody else’s by now', async () => {
  const house = await TestWorld.open();
  const alice = await house.enter('alice');
  await house.post(alice, 'hello');
  const author = async () => (await house.world.history.page(house.world.lobby, null, 1)).messages[0]?.author.name;
  assert.equal(await author(), 'alice');
  await house.must((world, done) => world.rename(alice, 'eve', done));
  assert.equal(await author(), 'eve');
  house.world.leave(alice, { type: 'left' });
  await house.settle();
  assert.equal(await author(), 'alice');
  await house.enter('Alice');
  assert.equal(await author(), 'alice~');
});

test('WORLD-27 T12 what a guest said is never shown as said by an account that has the name by now, here or not', async () => {
  const house = await TestWorld.open();
  const guest = await house.enter('alice');
  await house.post(guest, 'I am alice');
  house.world.leave(guest, { type: 'left' });
  await house.settle();
  const author = async () => (await house.world.history.page(house.world.lobby, null, 1)).messages[0]?.author;
  assert.deepEqual(await author(), { id: guest, name: 'alice' });
  const alice = await house.register('Alice');
  assert.deepEqual(await author(), { id: guest, name: 'alice~' });
  await house.login('alice');
  assert.deepEqual(await author(), { id: guest, name: 'alice~' });
  await house.post(alice, 'no, I am');
  house.world.leave(alice, { type: 'left' });
  await house.settle();
  assert.deepEqual(await author(), { id: alice, name: 'Alice' });
});

test('WORLD-27 what somebody said as a guest is shown under the name of the account, here or not', async () => {
  const house = await TestWorld.open();
  const guest = await house.enter('visitor');
  await house.post(guest, 'hello');
  const wanted = { name: 'alice', displayName: null, password: usualPassword, role: 'user' } as const;
  await house.must((world, done) => void world.accounts.register(world.actor(guest) ?? null, wanted, done));
  house.world.leave(guest, { type: 'left' });
  await house.enter('visitor');
  const page = await house.world.history.page(house.world.lobby, null, 1);
  assert.deepEqual(page.messages[0]?.author, { id: guest, name: 'alice' });
});

test('WORLD-25 a name that is claimed by somebody who is still to come in is taken', async () => {
  const names = new MemoryNames();
  const house = await TestWorld.open({ names });
  await names.claim(skeletonOf('alice'), 99, 'elsewhere');
  assert.deepEqual(await house.ask((world, done) => world.enter('alice', done)), taken);
});

test('WORLD-28 what a person said is shown before the person leaves, and before a new name', async () => {
  const house = await TestWorld.open();
  const alice = await house.enter('alice');
  const said = house.post(alice, 'one');
  const renamed = house.ask((world, done) => world.rename(alice, 'eve', done));
  await Promise.all([said, renamed]);
  const last = house.post(alice, 'two');
  house.world.leave(alice, { type: 'lost' });
  assert.equal((await last).ok, true);
  await house.settle();
  assert.deepEqual(
    house.audience.events.slice(1).map((event) => event.type),
    ['person-entered', 'message-posted', 'person-renamed', 'message-posted', 'person-left'],
  );
});

test('WORLD-23 a name is free after its bearer left, and only then', async () => {
  const names = new MemoryNames();
  const house = await TestWorld.open({ names });
  const alice = await house.enter('alice');
  assert.equal((await names.claim(skeletonOf('alice'), 99, 'elsewhere')).won, false);
  house.world.leave(alice, { type: 'left' });
  house.world.leave(alice, { type: 'left' });
  await house.settle();
  assert.equal(house.audience.of('person-left').length, 1);
  assert.equal((await names.claim(skeletonOf('alice'), 99, 'elsewhere')).won, true);
});
