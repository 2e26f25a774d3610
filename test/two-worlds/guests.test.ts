import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryBus } from '../../src/bus/memory/bus.ts';
import type { PersonId } from '../../src/core/model/ids.ts';
import type { Names } from '../../src/core/ports.ts';
import { skeletonOf } from '../../src/core/text/names/skeleton.ts';
import { MemoryNames } from '../../src/storage/memory/names.ts';
import { MemoryStorage } from '../../src/storage/memory/storage.ts';
import { FakeClock } from '../../testing/clock.ts';
import { FaultyNode } from '../../testing/faulty-node.ts';
import { countingIds } from '../../testing/ids.ts';
import { type SeededRandom, seededRandom } from '../../testing/random.ts';
import { passSeconds, settle, TestWorld } from '../../testing/world.ts';

const SEEDS = 60;
const STEPS = 40;
const NAMES = ['ada', 'ADA', 'bob'];

/** One world whose node can be cut off from the bus and from the service of names, and stopped. */
class RandomNode {
  readonly node: FaultyNode;
  app: TestWorld | null = null;
  isStopped = false;
  isAway = false;
  /** The guests that entered here, each with the name that it was last given. */
  readonly #guests = new Map<PersonId, string>();

  constructor(node: FaultyNode) {
    this.node = node;
  }

  get world() {
    return (this.app ?? assert.fail()).world;
  }

  /** The guests who are here, as their connections see it. */
  get guests(): [PersonId, string][] {
    for (const { person } of this.app?.observer.removals ?? []) this.#guests.delete(person);
    return [...this.#guests];
  }

  /** The service of names, as this node reaches it. */
  reach(names: Names): Names {
    const unlessAway = <T>(run: () => Promise<T>) => (this.isAway ? Promise.reject(new Error('away')) : run());
    return {
      leaseMs: names.leaseMs,
      claim: (...args) => unlessAway(() => names.claim(...args)),
      release: (...args) => unlessAway(() => names.release(...args)),
      renew: (...args) => unlessAway(() => names.renew(...args)),
      leave: (...args) => unlessAway(() => names.leave(...args)),
    };
  }

  act(random: SeededRandom): void {
    const name = random.pick(NAMES);
    const [person] = random.pick([...this.guests, [0, ''] as const]);
    const { observer } = this.app ?? assert.fail();
    const entered = (id: PersonId) => {
      this.#guests.set(id, skeletonOf(name));
      if (random.next() < 0.3) observer.silent.add(id);
    };
    if (person === 0) return this.world.enter(name, (result) => result.ok && entered(result.value.id));
    if (random.next() < 0.5)
      return this.world.rename(person, name, (result) => {
        if (result.ok && this.#guests.has(person)) this.#guests.set(person, skeletonOf(name));
      });
    this.#guests.delete(person);
    this.world.leave(person, { type: 'left' });
  }

  fail(random: SeededRandom): void {
    const kind = random.below(6);
    if (kind === 0) this.node.cut();
    if (kind === 1) this.node.heal(random.next() < 0.5);
    if (kind === 2) this.isAway = random.next() < 0.5;
    if (kind === 3) this.stop();
    if (kind > 3) this.go();
  }

  stop(): void {
    this.isStopped = true;
    this.node.stop();
  }

  go(): void {
    this.isStopped = false;
    this.node.go();
  }
}

async function open() {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  const names = new MemoryNames(clock);
  const storage = new MemoryStorage(clock);
  const nodes = [1, 2, 3].map(() => new RandomNode(new FaultyNode(clock, bus.join())));
  for (const [index, one] of nodes.entries())
    one.app = await TestWorld.open({
      clock,
      storage: storage.join(),
      names: one.reach(names),
      node: one.node,
      ids: countingIds(index + 1),
    });
  return { clock, names, nodes };
}

test(`WORLD-23 WORLD-43 WORLD-281 WORLD-287 WORLD-288 guests of three nodes that are cut off and stopped at random, ${SEEDS} seeds`, async (t) => {
  let checked = 0;
  let removed = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = seededRandom(seed);
    const { clock, names, nodes } = await open();
    for (let step = 0; step < STEPS; step++) {
      const one = random.pick(nodes);
      if (random.next() < 0.3) one.fail(random);
      else if (!one.isStopped) one.act(random);
      if (random.next() < 0.6) await passSeconds(clock, 1 + random.below(4));
      const serving = nodes.filter(({ isStopped, world }) => !isStopped && world.gate.isOpen);
      const held = serving.flatMap(({ guests }) => guests.map(([, skeleton]) => skeleton));
      assert.equal(new Set(held).size, held.length, `seed ${seed}, step ${step}: ${held.join()}`);
      checked += held.length;
    }
    for (const one of nodes) {
      one.isAway = false;
      one.go();
      one.node.heal(false);
    }
    await passSeconds(clock, 25);
    const truth = nodes.flatMap(({ guests }) => guests).sort(([a], [b]) => a - b);
    assert.equal(new Set(truth.map(([, skeleton]) => skeleton)).size, truth.length, `seed ${seed}: one of each name`);
    for (const { world } of nodes) {
      const seen = world.people.visible
        .map(({ person, name }) => [person, skeletonOf(name)] as const)
        .toSorted(([a], [b]) => a - b);
      assert.deepEqual(seen, truth, `seed ${seed}: every node sees the same`);
    }
    await names.renew('tester');
    for (const skeleton of new Set(NAMES.map(skeletonOf))) {
      const claim = await names.claim(skeleton, 99, 'tester');
      const holder = truth.find(([, own]) => own === skeleton)?.[0];
      assert.equal(claim.won ? undefined : claim.person, holder, `seed ${seed}: ${skeleton} is held, or free`);
    }
    removed += nodes.reduce((sum, { app }) => sum + (app?.observer.removals.length ?? 0), 0);
    for (const { world } of nodes) world.close();
    await settle(clock);
  }
  t.diagnostic(`${checked} names checked; ${removed} people removed`);
  assert.ok(checked > SEEDS * 10 && removed > SEEDS / 2, `${checked}, ${removed}`);
});
