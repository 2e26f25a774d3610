import { storageSuite } from '../storage.suite.ts';
import { MemoryStorage } from './storage.ts';

storageSuite('memory', async (clock) => {
  const storage = new MemoryStorage(clock);
  return { storage, close: () => storage.close() };
});
