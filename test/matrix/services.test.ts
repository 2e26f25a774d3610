import { after, before, describe, test } from 'node:test';
import { noServices, openShare, Services } from '../../testing/shared-services.ts';
import { drivers } from './drivers.ts';
import { cellTitle, type Pair, pairs, runCell } from './run-cell.ts';
import { rows } from './rows.ts';
import { openServer } from './server.ts';
import { closeServers, type Servers } from './servers.ts';

const CELLS_AT_ONCE = 12;

/** Each protocol acts, and each is shown it. `PAIRS=all` is the full test: the pairs that nodes in memory have, too. */
const chosen = process.env.PAIRS === 'all' ? pairs : drivers.flatMap(withNext);

function withNext(from: (typeof drivers)[number], index: number): readonly Pair[] {
  const to = drivers[(index + 1) % drivers.length];
  return pairs.filter((pair) => pair.from === from && pair.to === to);
}

const options = { skip: noServices };

describe('matrix on PostgreSQL and NATS', options, () => {
  const ends: (() => Promise<void>)[] = [];
  let services: Services;
  before(async () => {
    services = await Services.start({ after: (run) => void ends.push(run) });
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  for (const [index, pair] of chosen.entries()) {
    describe(`matrix on PostgreSQL and NATS: ${pair.title}`, { concurrency: CELLS_AT_ONCE }, () => {
      const own: (() => Promise<void>)[] = [];
      let servers: Servers;
      before(async () => {
        const open = openShare(await services.share({ after: (run) => void own.push(run) }));
        const openNode = () => openServer({}, undefined, undefined, open);
        servers = [await openNode(), await openNode()];
        own.push(() => closeServers(servers));
      });
      after(async () => {
        for (const end of own.toReversed()) await end();
      });
      for (const [count, row] of rows.entries()) {
        const number = index * rows.length + count + 1;
        test(`matrix on PostgreSQL and NATS: ${cellTitle(pair, row)}`, () => runCell(row, pair, number, servers));
      }
    });
  }
});
