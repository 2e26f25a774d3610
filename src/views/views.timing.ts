import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { countingIds } from '../../testing/ids.ts';
import { inDirectory, itemOf } from '../../testing/storage/samples.ts';
import { TestWorld } from '../../testing/world.ts';
import { EVERYONE } from '../core/model/unit.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';
import { type ChildrenRequest, Views } from './views.ts';

const EVERYBODY = { type: 'unit', id: EVERYONE } as const;
const PAGE: ChildrenRequest = { order: 'asc', size: 50, index: 1, version: null };

/** Milliseconds of this thread's processor: other work on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Runs what is to be run soon when the test says so, and measures how long each run takes. */
class StepClock extends FakeClock {
  #waiting: (() => void)[] = [];
  readonly times: number[] = [];

  override soon(run: () => void): void {
    this.#waiting.push(run);
  }

  override monotonic(): number {
    return cpuMs();
  }

  /** Runs one thing after the other until nothing waits; returns how many there were. */
  drain(): number {
    let runs = 0;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift(), runs++) this.measure(next);
    return runs;
  }

  measure(run: () => void): void {
    const started = cpuMs();
    run();
    this.times.push(cpuMs() - started);
  }
}

/** A world with so many accounts, and views of it. */
async function crowd(size: number) {
  const clock = new FakeClock();
  const storage = new MemoryStorage(clock);
  const accounts = Array.from({ length: size }, (_, index) => {
    const person = 2 ** 40 + index;
    const name = `person${(index * 7_919) % size}`;
    const account = { person, name, skeleton: name, displayName: `Person Ä ${name}`, role: 'user' } as const;
    return inDirectory(index + 1, { type: 'account-created', account, at: 1 });
  });
  await storage.append([itemOf(accounts)]);
  const app = await TestWorld.open({ clock, storage, ids: countingIds(1) });
  const viewer = await app.enter('viewer');
  const steps = new StepClock();
  return { viewer, steps, views: new Views(app.world.reader, { clock: steps, ids: countingIds(9) }) };
}

test('VIEW-23 100,000 people are loaded without holding up others for long', async (t) => {
  const { viewer, steps, views } = await crowd(100_000);
  let total = 0;
  const started = cpuMs();
  steps.measure(() =>
    views.page(viewer, EVERYBODY, PAGE, (result) => {
      if (result.ok && result.value.type === 'whole') ({ total } = result.value.value);
    }),
  );
  const runs = steps.drain();
  const all = cpuMs() - started;
  const [longest = 0, ...times] = steps.times.toSorted((a, b) => b - a);
  const usual = times[Math.floor(runs / 20)] ?? 0;
  t.diagnostic(
    `${runs} runs, ${all.toFixed(0)} ms in all, 95 % below ${usual.toFixed(1)} ms, one of ${longest.toFixed(1)} ms`,
  );
  assert.equal(total, 100_000);
  assert.ok(usual < 15, `${usual.toFixed(1)} ms`);
  // Collecting garbage, and a map that grows, are in the longest.
  assert.ok(longest < 100, `${longest.toFixed(1)} ms`);
});

/** Far less than any request costs, so that it takes as long with 100,000 children as with 10. */
const MOST_MORE = 3;

test('VIEW-03 a page of 100,000 children costs at most 3 microseconds more than one of 10', async (t) => {
  const microsecondsOf = async (size: number) => {
    const { viewer, steps, views } = await crowd(size);
    views.page(viewer, EVERYBODY, PAGE, () => {});
    steps.drain();
    const request = { ...PAGE, size: 10, index: Math.ceil(size / 20) };
    const times = Array.from({ length: 40 }, () => {
      const started = cpuMs();
      for (let asked = 0; asked < 10_000; asked++) views.page(viewer, EVERYBODY, request, () => {});
      return (cpuMs() - started) / 10;
    });
    return Math.min(...times);
  };
  await microsecondsOf(10); // What is measured is compiled by then.
  const [small, large] = [await microsecondsOf(10), await microsecondsOf(100_000)];
  t.diagnostic(`${small.toFixed(1)} and ${large.toFixed(1)} microseconds a page`);
  assert.ok(large - small <= MOST_MORE, `${small.toFixed(1)} and ${large.toFixed(1)} microseconds a page`);
});
