import { after, before, describe, test } from 'node:test';
import { shareMemory } from '../../testing/shared-memory.ts';
import { systemClock } from '../../src/server/clock.ts';
import { openServer, type MatrixServer } from './server.ts';
import { cellTitle, pairs, runCell } from './run-cell.ts';
import { rows } from './rows.ts';

/** Cells mostly wait, so many run at once. */
const PAIRS_AT_ONCE = 4;
const CELLS_AT_ONCE = 12;

describe('matrix on two nodes', { concurrency: PAIRS_AT_ONCE }, () => {
  for (const [index, pair] of pairs.entries()) {
    describe(`matrix on two nodes: ${pair.title}`, { concurrency: CELLS_AT_ONCE }, () => {
      let servers: readonly [MatrixServer, MatrixServer];
      before(async () => {
        const open = shareMemory(systemClock);
        const openNode = () => openServer({}, undefined, undefined, open);
        servers = [await openNode(), await openNode()];
      });
      after(async () => {
        for (const server of servers) await server.close();
      });
      for (const [count, row] of rows.entries()) {
        const number = index * rows.length + count + 1;
        test(`matrix on two nodes: ${cellTitle(pair, row)}`, () => runCell(row, pair, number, servers));
      }
    });
  }
});
