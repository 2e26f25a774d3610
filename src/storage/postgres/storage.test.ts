import type { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { describePostgres, type MakeDatabase } from '../../../testing/postgres.ts';
import { silentLog } from '../../../testing/world.ts';
import { changesSuite } from '../changes.suite.ts';
import { storageSuite } from '../storage.suite.ts';
import { openPostgres } from './open.ts';

/** A database, and the stores of nodes that are opened on it. */
async function openCluster(makeDatabase: MakeDatabase, clock: FakeClock) {
  const ends: (() => Promise<void>)[] = [];
  const url = await makeDatabase({ after: (run) => void ends.unshift(run) });
  let nodes = 0;
  return {
    async join() {
      const node = `node ${++nodes}`;
      const { storage } = await openPostgres({ url, node, clock, ids: countingIds(nodes), log: silentLog });
      ends.unshift(() => storage.close());
      return storage;
    },
    async close() {
      for (const end of ends) await end();
    },
  };
}

describePostgres('the store in PostgreSQL', (_, reuseDatabase) => {
  storageSuite('postgres', async (clock) => {
    const cluster = await openCluster(reuseDatabase, clock);
    const storage = await cluster.join();
    return {
      storage,
      async again() {
        await storage.close();
        return cluster.join();
      },
      close: () => cluster.close(),
    };
  });
  changesSuite('several nodes on postgres', (clock) => openCluster(reuseDatabase, clock));
});
