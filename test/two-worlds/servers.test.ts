import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import type { NatsBus } from '../../src/bus/nats/bus.ts';
import { openNatsBus } from '../../src/bus/nats/open.ts';
import { systemClock } from '../../src/server/clock.ts';
import { openPostgres } from '../../src/storage/postgres/open.ts';
import type { FakeClock } from '../../testing/clock.ts';
import { countingIds } from '../../testing/ids.ts';
import { type NatsUrls, natsForTests, noNats } from '../../testing/nats.ts';
import { describePostgres, type MakeDatabase } from '../../testing/postgres.ts';
import { silentLog } from '../../testing/world.ts';
import { PendingCalls } from './calls.ts';
import type { Shared } from './stage.ts';
import { twoWorldsSuite } from './two-worlds.suite.ts';

/** Real servers take real time, and decide themselves who is first: a few seeds find what memory cannot show. */
const SEEDS = 3;
const options = { skip: noNats };

/** The nodes' connections to a database of their own, and to a bus of their own. The deadlines of servers are real. */
async function share(clock: FakeClock, makeDatabase: MakeDatabase, urls: NatsUrls): Promise<Shared> {
  const ends: (() => Promise<void>)[] = [];
  const database = await makeDatabase({ after: (run) => void ends.unshift(run) });
  const url = urls.make();
  const calls = new PendingCalls();
  const buses: NatsBus[] = [];
  return {
    async join(node) {
      const own = { node, log: silentLog };
      const time = { ...systemClock, now: () => clock.now() };
      const ids = countingIds(100 + buses.length);
      const { storage, names } = await openPostgres({ ...own, url: database, clock: time, ids });
      ends.unshift(() => storage.close());
      const bus = await openNatsBus({ ...own, url, clock: systemClock });
      ends.unshift(() => bus.close());
      buses.push(bus);
      return { storage: calls.watch(storage), names: calls.watch(names), bus };
    },
    async arrived() {
      await calls.answered();
      // The first round ends when the server has what was sent, the second one when that has come back.
      for (const bus of [...buses, ...buses]) await bus.settled();
    },
    async close() {
      for (const end of ends) await end();
    },
  };
}

describePostgres('two worlds on PostgreSQL', (_, reuseDatabase) => {
  void describe('and NATS', options, () => {
    const ends: (() => Promise<void>)[] = [];
    let urls: NatsUrls | undefined;
    before(async () => {
      urls = await natsForTests({ after: (run) => void ends.unshift(run) });
    });
    after(async () => {
      for (const end of ends) await end();
    });
    twoWorldsSuite({
      seeds: (most) => Math.min(most, SEEDS),
      share: (clock) => share(clock, reuseDatabase, urls ?? assert.fail()),
    });
  });
});
