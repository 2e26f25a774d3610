import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryBus } from '../../bus/memory/bus.ts';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { TestWorld } from '../../../testing/world.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { Person } from '../model/person.ts';

/** Names that are freed when the test says so. */
class SlowNames extends MemoryNames {
  readonly #free = Promise.withResolvers<void>();

  free(): void {
    this.#free.resolve();
  }

  override async release(...name: Parameters<MemoryNames['release']>): Promise<void> {
    await this.#free.promise;
    await super.release(...name);
  }
}

async function open() {
  const clock = new FakeClock();
  const [storage, names, bus] = [new MemoryStorage(clock), new SlowNames(clock), new MemoryBus()];
  const openWorld = (origin: number) =>
    TestWorld.open({ clock, names, storage: storage.join(), bus: bus.join(), ids: countingIds(origin) });
  return { names, worlds: [await openWorld(1), await openWorld(2)] as const };
}

test('SERVER-300 a guest who leaves one node enters another under the same name while the first still frees it', async () => {
  const { names, worlds } = await open();
  const [first, second] = worlds;
  const alice = await first.enter('alice');
  await second.settle();
  first.world.leave(alice, { type: 'left' });
  await second.settle();
  const entering = second.must<Person>((world, done) => world.enter('Alice', done));
  names.free();
  assert.equal((await entering).name, 'Alice');
});

test('SERVER-300 so is the name that a guest has changed, but not one that the guest has', async () => {
  const { names, worlds } = await open();
  const [first, second] = worlds;
  const alice = await first.enter('alice');
  await first.must<Person>((world, done) => world.rename(alice, 'alicia', done));
  const entering = second.must<Person>((world, done) => world.enter('alice', done));
  names.free();
  assert.equal((await entering).name, 'alice');
  const taken = await second.ask<Person>((world, done) => world.enter('Alicia', done));
  assert.deepEqual(taken, { ok: false, error: { type: 'name-taken' } });
});
