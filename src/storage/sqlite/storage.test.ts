import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countingIds } from '../../../testing/ids.ts';
import { silentLog } from '../../../testing/world.ts';
import { storageSuite } from '../storage.suite.ts';
import { openSqliteStorage } from './open.ts';

storageSuite('sqlite', async (clock) => {
  const directory = mkdtempSync(join(tmpdir(), 'parlance-storage-'));
  const openNow = () => openSqliteStorage({ directory, clock, ids: countingIds(), log: silentLog });
  let storage = await openNow();
  return {
    storage,
    async again() {
      await storage.close();
      storage = await openNow();
      return storage;
    },
    async close() {
      await storage.close();
      rmSync(directory, { recursive: true });
    },
  };
});
