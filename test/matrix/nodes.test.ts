import { after, before, describe, test } from 'node:test';
import { cellTitle, pairs, runCell } from './run-cell.ts';
import { rows } from './rows.ts';
import { closeServers, openServers, type Servers } from './servers.ts';

/** Cells mostly wait, so many run at once. */
const PAIRS_AT_ONCE = 4;
const CELLS_AT_ONCE = 12;

describe('matrix on two nodes', { concurrency: PAIRS_AT_ONCE }, () => {
  for (const [index, pair] of pairs.entries()) {
    describe(`matrix on two nodes: ${pair.title}`, { concurrency: CELLS_AT_ONCE }, () => {
      let servers: Servers;
      before(async () => {
        servers = await openServers(2);
      });
      after(() => closeServers(servers));
      for (const [count, row] of rows.entries()) {
        const number = index * rows.length + count + 1;
        test(`matrix on two nodes: ${cellTitle(pair, row)}`, () => runCell(row, pair, number, servers));
      }
    });
  }
});
