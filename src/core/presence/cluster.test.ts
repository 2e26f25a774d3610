import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingIds } from '../../../testing/ids.ts';
import { openTwoWorlds, passSeconds, settle, TestWorld } from '../../../testing/world.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import type { BusMessage } from '../model/bus-message.ts';
import { skeletonOf } from '../text/names/skeleton.ts';

function namesIn(app: TestWorld): string[] {
  return [...app.world.people.visible].map(({ name }) => name).sort();
}

/** One more world beside the two. */
function openThird(shared: Pick<Awaited<ReturnType<typeof openTwoWorlds>>, 'clock' | 'names' | 'storage' | 'bus'>) {
  const { clock, names, storage, bus } = shared;
  return TestWorld.open({ clock, names, storage: storage.join(), bus: bus.join(), ids: countingIds(3) });
}

test('WORLD-42 a node that died keeps its people as long as its lease, then they are gone and their names are free', async () => {
  const { clock, nodes, first, second } = await openTwoWorlds();
  await first.enter('alice');
  await second.enter('bob');
  await settle(clock);
  assert.deepEqual(namesIn(first), ['alice', 'bob']);
  await passSeconds(clock, 10);
  nodes[1].stop();
  await passSeconds(clock, 5);
  assert.deepEqual(namesIn(first), ['alice', 'bob']);
  await passSeconds(clock, 5);
  assert.deepEqual(namesIn(first), ['alice']);
  assert.deepEqual(
    first.observer.ofType('person-left').map(({ departure }) => departure),
    [{ type: 'lost' }],
  );
  await first.enter('bob');
});

test('WORLD-42 silence on the bus kills nobody', async () => {
  const { clock, nodes, first, second } = await openTwoWorlds();
  await first.enter('alice');
  await second.enter('bob');
  await settle(clock);
  nodes[0].cut();
  await passSeconds(clock, 60);
  for (const app of [first, second]) assert.deepEqual(namesIn(app), ['alice', 'bob']);
  const asked = first.ask((world, done) => world.enter('BOB', done));
  await passSeconds(clock, 5);
  assert.deepEqual(await asked, { ok: false, error: { type: 'name-taken' } });
});

test('WORLD-285 a node is known as soon as it is heard, not only with the next renewal', async () => {
  const { first, ...shared } = await openTwoWorlds();
  const third = await openThird(shared);
  await third.enter('cid');
  await third.settle();
  assert.deepEqual(namesIn(first), ['cid']);
});

test('WORLD-281 a new node has the people of all others at once', async () => {
  const { first, second, ...shared } = await openTwoWorlds();
  await first.enter('alice');
  await second.enter('bob');
  const third = await openThird(shared);
  await third.settle();
  assert.deepEqual(namesIn(third), ['alice', 'bob']);
});

test('WORLD-285 what a dead node said late does not bring its people back', async () => {
  const { clock, bus, nodes, first, second } = await openTwoWorlds();
  const heard: BusMessage[] = [];
  const member = bus.join();
  for (const subject of ['nodes', `node/${second.node}`] as const)
    member.subscribe(subject, (message) => void (message.node === second.node && heard.push(message)));
  await second.enter('bob');
  await passSeconds(clock, 10);
  nodes[1].stop();
  await passSeconds(clock, 10);
  assert.deepEqual(namesIn(first), []);
  assert.deepEqual(new Set(heard.map(({ type }) => type)), new Set(['presence', 'heartbeat']));
  for (let second = 0; second < 12; second++) {
    for (const message of heard) member.publish('nodes', message);
    await passSeconds(clock, 1);
    assert.deepEqual(namesIn(first), []);
  }
  await first.enter('bob');
});

test('WORLD-291 the people and the names of a node that stops are gone at once', async () => {
  const { clock, first, second } = await openTwoWorlds();
  await second.enter('bob');
  await second.world.stop();
  await passSeconds(clock, 2);
  assert.deepEqual(namesIn(first), []);
  await first.enter('bob');
  await passSeconds(clock, 12);
  assert.deepEqual(namesIn(first), ['bob']);
});

test('WORLD-43 a node that was stopped keeps only the guests whose name it can claim again', async () => {
  const { clock, nodes, first, second } = await openTwoWorlds();
  await second.enter('bob');
  await second.enter('carol');
  await second.member('dan');
  await passSeconds(clock, 10);
  nodes[1].stop();
  await passSeconds(clock, 12);
  await first.enter('bob');
  nodes[1].go();
  await passSeconds(clock, 3);
  assert.deepEqual(
    second.observer.ofType('person-left').map(({ person, departure }) => [person.name, departure]),
    [['bob', { type: 'lost' }]],
  );
  for (const app of [first, second]) assert.deepEqual(namesIn(app), ['bob', 'carol', 'dan']);
  const asked = first.ask((world, done) => world.enter('carol', done));
  await settle(clock);
  assert.deepEqual(await asked, { ok: false, error: { type: 'name-taken' } }, 'and holds it again');
});

test('WORLD-286 a name that was claimed before the lease lapsed is given to nobody after it', async () => {
  let hold: Promise<void> | null = null;
  class LateNames extends MemoryNames {
    override async claim(...args: Parameters<MemoryNames['claim']>) {
      const held = hold;
      const claim = await super.claim(...args);
      await held;
      return claim;
    }
  }
  const { clock, nodes, first, second } = await openTwoWorlds({}, (own) => new LateNames(own));
  const carol = await second.enter('carol');
  await passSeconds(clock, 10);
  const answers = Promise.withResolvers<void>();
  hold = answers.promise;
  const asked = new Promise((resolve) => second.world.enter('bob', resolve));
  const renamed = new Promise((resolve) => second.world.rename(carol, 'dan', resolve));
  await settle(clock);
  hold = null;
  nodes[1].stop();
  await passSeconds(clock, 12);
  for (const name of ['bob', 'dan']) await first.enter(name);
  nodes[1].go();
  await passSeconds(clock, 3);
  answers.resolve();
  await settle(clock);
  const refused = { ok: false, error: { type: 'unavailable' } };
  assert.deepEqual([await asked, await renamed], [refused, refused]);
  for (const app of [first, second]) assert.deepEqual(namesIn(app), ['bob', 'carol', 'dan']);
  const taken = first.ask((world, done) => world.enter('bob', done));
  assert.deepEqual(await taken, { ok: false, error: { type: 'name-taken' } });
});

test('WORLD-292 a guest loses the name to an account that another person made of it', async () => {
  const { clock, names, first, second } = await openTwoWorlds();
  const bob = await second.enter('bob');
  await second.enter('carol');
  await names.release(skeletonOf('bob'), bob);
  await first.member('bob');
  await settle(clock);
  assert.deepEqual(
    second.observer.removals.map(({ person, departure }) => [person, departure]),
    [[bob, { type: 'lost' }]],
  );
  for (const app of [first, second]) assert.deepEqual(namesIn(app), ['bob', 'carol']);
});

test('WORLD-43 when the bus is there again, a node claims its names, and a guest who lost it is gone', async () => {
  for (const isTold of [true, false]) {
    const { clock, nodes, names, first, second } = await openTwoWorlds();
    const bob = await second.enter('bob');
    await passSeconds(clock, 2);
    nodes[1].cut();
    await passSeconds(clock, 11);
    await names.release(skeletonOf('bob'), bob);
    await names.claim(skeletonOf('bob'), 99, first.node);
    await passSeconds(clock, 2);
    assert.deepEqual(namesIn(second), ['bob']);
    nodes[1].heal(isTold);
    await passSeconds(clock, 2);
    assert.deepEqual(namesIn(second), []);
  }
});

test('WORLD-43 after a cut of the bus that healed, exactly one of two guests has the name, on both nodes the same', async () => {
  for (const isTold of [true, false]) {
    const { clock, nodes, first, second } = await openTwoWorlds();
    await first.enter('alice');
    await settle(clock);
    nodes[0].cut();
    await passSeconds(clock, 14);
    const asked = first.ask((world, done) => world.enter('bob', done));
    const other = second.ask((world, done) => world.enter('ALICE', done));
    await passSeconds(clock, 5);
    await Promise.all([asked, other]);
    nodes[0].heal(isTold);
    await passSeconds(clock, 12);
    const found = [first, second].map(({ world }) => world.people.find('alice')?.id);
    assert.equal(found[0], found[1]);
    for (const app of [first, second])
      assert.equal(namesIn(app).filter((name) => name.toLowerCase() === 'alice').length, 1);
  }
});

test('WORLD-25 when a question to another node is lost, the name stays with its holder', async () => {
  const { clock, nodes, first, second } = await openTwoWorlds();
  await second.enter('bob');
  nodes[1].cut();
  const asked = first.ask((world, done) => world.enter('bob', done));
  await settle(clock);
  clock.advance(4_000);
  assert.deepEqual(await asked, { ok: false, error: { type: 'name-taken' } });
});

test('WORLD-24 a silent holder on another node loses the name', async () => {
  const { clock, first, second } = await openTwoWorlds();
  const bob = await second.enter('bob');
  second.observer.silent.add(bob);
  const asked = first.ask((world, done) => world.enter('bob', done));
  await settle(clock);
  clock.advance(3_000);
  assert.equal((await asked).ok, true);
  await settle(clock);
  assert.deepEqual(namesIn(second), ['bob']);
});

test('WORLD-34 a kick reaches the node that has the person', async () => {
  const { clock, first, second } = await openTwoWorlds();
  await second.enter('bob');
  await settle(clock);
  await first.must((world, done) => world.moderation.kick('bob', 'enough', done));
  await settle(clock);
  assert.deepEqual([namesIn(first), namesIn(second)], [[], []]);
  assert.deepEqual(second.observer.ofType('person-left')[0]?.departure, { type: 'removed', reason: 'enough' });
});

test('WORLD-31 every node removes its own people when a name is banned', async () => {
  const { clock, first, second } = await openTwoWorlds();
  await second.enter('bob');
  await settle(clock);
  await first.must((world, done) => world.moderation.ban({ type: 'operator' }, 'bob', 'spam', null, done));
  await settle(clock);
  assert.deepEqual([namesIn(first), namesIn(second)], [[], []]);
});
