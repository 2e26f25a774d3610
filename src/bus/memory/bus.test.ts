import { busSuite } from '../bus.suite.ts';
import { MemoryBus } from './bus.ts';

busSuite('the bus in memory', { skip: false }, async () => () => {
  const bus = new MemoryBus();
  return async (_node, log) => ({ bus: bus.join(log), settled: async () => {}, close: async () => {} });
});
