import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPassword, settle, TestWorld } from '../../../testing/world.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { skeletonOf } from '../text/names/skeleton.ts';

const taken = { ok: false, error: { type: 'name-taken' } };

function names(app: TestWorld): string[] {
  return [...app.world.people.visible].map(({ name }) => name);
}

test('WORLD-22 T11 a person cannot take the name of a room, in whatever spelling', async () => {
  const app = await TestWorld.open();
  for (const name of ['lobby', 'LOBBY', 'l0bby']) {
    const result = await app.ask((world, done) => world.enter(name, done));
    assert.equal(result.ok, false, name);
  }
  const elsewhere = await TestWorld.open({ rules: { lobby: 'garden' } });
  for (const name of ['garden', 'Garden'])
    assert.deepEqual(await elsewhere.ask((world, done) => world.enter(name, done)), taken);
  await elsewhere.enter('gardener');
});

test('WORLD-23 T11 one of 200 simultaneous claims wins', async () => {
  const app = await TestWorld.open();
  const spellings = ['alice', 'Alice', 'ALICE', 'a1ice'];
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      app.ask((world, done) => world.enter(spellings[index % spellings.length] ?? '', done)),
    ),
  );
  assert.equal(results.filter(({ ok }) => ok).length, 1);
  assert.equal(names(app).length, 1);
});

test('WORLD-24 a holder who shows a sign of life keeps the name', async () => {
  const app = await TestWorld.open();
  await app.enter('alice');
  assert.deepEqual(await app.ask((world, done) => world.enter('alice', done)), taken);
});

test('WORLD-24 a holder who is silent for 3 s loses the name to the person who asked', async () => {
  const app = await TestWorld.open();
  const holder = await app.enter('alice');
  app.observer.silent.add(holder);
  const asked = app.ask((world, done) => world.enter('alice', done));
  await settle(app.clock);
  app.clock.advance(2_999);
  await settle(app.clock);
  assert.deepEqual(
    [...app.world.people.visible].map(({ person }) => person),
    [holder],
  );
  app.clock.advance(1);
  const result = await asked;
  assert.equal(result.ok, true);
  assert.deepEqual(app.observer.ofType('person-left')[0], {
    type: 'person-left',
    person: { id: holder, name: 'alice' },
    departure: { type: 'lost' },
  });
  assert.deepEqual(names(app), ['alice']);
});

test('WORLD-26 a rename is shown with both names and frees the old one at once', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  await app.must((world, done) => world.rename(alice, 'eve', done));
  assert.deepEqual(app.observer.ofType('person-renamed'), [
    { type: 'person-renamed', person: { id: alice, name: 'eve' }, before: 'alice' },
  ]);
  await app.enter('alice');
  assert.deepEqual(names(app).sort(), ['alice', 'eve']);
  assert.deepEqual(await app.ask((world, done) => world.enter('eve', done)), taken);
});

test('WORLD-26 a change of case only is allowed, and the name stays claimed', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  await app.must((world, done) => world.rename(alice, 'Alice', done));
  assert.deepEqual(names(app), ['Alice']);
  assert.deepEqual(await app.ask((world, done) => world.enter('alice', done)), taken);
});

test('WORLD-26 a refused rename keeps the old name and leaves the other with its holder', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  const bob = await app.enter('bob');
  assert.deepEqual(await app.ask((world, done) => world.rename(alice, 'bob', done)), taken);
  assert.deepEqual(await app.ask((world, done) => world.rename(alice, 'system', done)), {
    ok: false,
    error: { type: 'bad-name', problem: 'reserved' },
  });
  assert.deepEqual(names(app), ['alice', 'bob']);
  app.world.leave(bob, { type: 'left' });
  await app.settle();
  await app.enter('bob');
});

test('WORLD-26 when a guest leaves during a rename, both names are free', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  const renamed = app.ask((world, done) => world.rename(alice, 'eve', done));
  app.world.leave(alice, { type: 'lost' });
  await renamed;
  await app.settle();
  await app.enter('alice');
  await app.enter('eve');
});

test('WORLD-27 history shows the current name of an author who is present, and marks a name that another person has now', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  await app.post(alice, 'hello');
  const author = async () => (await app.world.history.page(app.world.lobby, null, 1)).messages[0]?.author.name;
  assert.equal(await author(), 'alice');
  await app.must((world, done) => world.rename(alice, 'eve', done));
  assert.equal(await author(), 'eve');
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.equal(await author(), 'alice');
  await app.enter('Alice');
  assert.equal(await author(), 'alice~');
});

test('WORLD-27 T12 messages of a guest are marked when an account has the guest’s name now, present or not', async () => {
  const app = await TestWorld.open();
  const guest = await app.enter('alice');
  await app.post(guest, 'I am alice');
  app.world.leave(guest, { type: 'left' });
  await app.settle();
  const author = async () => (await app.world.history.page(app.world.lobby, null, 1)).messages[0]?.author;
  assert.deepEqual(await author(), { id: guest, name: 'alice' });
  const alice = await app.register('Alice');
  assert.deepEqual(await author(), { id: guest, name: 'alice~' });
  await app.login('alice');
  assert.deepEqual(await author(), { id: guest, name: 'alice~' });
  await app.post(alice, 'no, I am');
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.deepEqual(await author(), { id: alice, name: 'Alice' });
});

test('WORLD-27 messages that a person posted as a guest show the name of the later account, present or not', async () => {
  const app = await TestWorld.open();
  const guest = await app.enter('visitor');
  await app.post(guest, 'hello');
  const wanted = { name: 'alice', displayName: null, password: defaultPassword, role: 'user' } as const;
  await app.must((world, done) => void world.accounts.register(world.actor(guest) ?? null, wanted, done));
  app.world.leave(guest, { type: 'left' });
  await app.enter('visitor');
  const page = await app.world.history.page(app.world.lobby, null, 1);
  assert.deepEqual(page.messages[0]?.author, { id: guest, name: 'alice' });
});

test('WORLD-25 a name is taken while its claimer has not entered yet', async () => {
  const names = new MemoryNames();
  const app = await TestWorld.open({ names });
  await names.renew('elsewhere');
  await names.claim(skeletonOf('alice'), 99, 'elsewhere');
  assert.deepEqual(await app.ask((world, done) => world.enter('alice', done)), taken);
});

test('WORLD-28 a person’s messages are published before the person’s rename and leaving', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  const posted = app.post(alice, 'one');
  const renamed = app.ask((world, done) => world.rename(alice, 'eve', done));
  await Promise.all([posted, renamed]);
  const last = app.post(alice, 'two');
  app.world.leave(alice, { type: 'lost' });
  assert.equal((await last).ok, true);
  await app.settle();
  assert.deepEqual(
    app.observer.events.slice(1).map((event) => event.type),
    ['person-entered', 'message-posted', 'person-renamed', 'message-posted', 'person-left'],
  );
});

test('WORLD-23 a name is free after its holder left, and only then', async () => {
  const names = new MemoryNames();
  const app = await TestWorld.open({ names });
  const alice = await app.enter('alice');
  await names.renew('elsewhere');
  assert.equal((await names.claim(skeletonOf('alice'), 99, 'elsewhere')).won, false);
  app.world.leave(alice, { type: 'left' });
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.equal(app.observer.ofType('person-left').length, 1);
  assert.equal((await names.claim(skeletonOf('alice'), 99, 'elsewhere')).won, true);
});
