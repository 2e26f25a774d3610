import { natsForTests, noNats } from '../../../testing/nats.ts';
import { systemClock } from '../../server/clock.ts';
import { busSuite } from '../bus.suite.ts';
import { openNatsBus } from './open.ts';

busSuite('the bus on NATS', { skip: noNats }, async (cleanup) => {
  const urls = await natsForTests(cleanup);
  return () => {
    const url = urls.make();
    return async (node, log) => {
      const bus = await openNatsBus({ url, node, clock: systemClock, log });
      return { bus, settled: () => bus.settled(), close: () => bus.close() };
    };
  };
});
