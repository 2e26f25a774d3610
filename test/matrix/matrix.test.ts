import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import { whyUnsupported } from './cell.ts';
import type { Operation } from './driver.ts';
import { drivers } from './drivers.ts';
import { openServer, type MatrixServer } from './server.ts';
import { cellTitle, pairs, runCell } from './run-cell.ts';
import { rows } from './rows.ts';

/** Cells mostly wait, so many run at once. */
const PAIRS_AT_ONCE = 4;
const CELLS_AT_ONCE = 12;
/** The titles of all cells. */
const cells: string[] = [];

test('every protocol of the server has a driver', () => {
  assert.deepEqual(
    drivers.map(({ protocol }) => protocol),
    protocols.map(({ name }) => name),
  );
});

test('no two rows have the same title, and some row tries each unsupported operation of a protocol', () => {
  const titles = rows.map(({ title }) => title);
  assert.deepEqual([...new Set(titles)], titles);
  for (const driver of drivers) {
    const tried = new Set(rows.flatMap((row) => whyUnsupported(row, driver)?.operation ?? []));
    assert.deepEqual(
      Object.keys(driver.unsupported).filter((operation) => !tried.has(operation as Operation)),
      [],
      driver.protocol,
    );
  }
});

describe('matrix', { concurrency: PAIRS_AT_ONCE }, () => {
  for (const pair of pairs) {
    describe(`matrix: ${pair.title}`, { concurrency: CELLS_AT_ONCE }, () => {
      let server: MatrixServer;
      before(async () => {
        server = await openServer();
      });
      after(() => server.close());
      for (const row of rows) {
        const number = cells.push(`${pair.title}: ${row.title}`);
        test(`matrix: ${cellTitle(pair, row)}`, () => runCell(row, pair, number, [server]));
      }
    });
  }
});

test('every pair of protocols has every row, and each cell runs or is impossible', (t) => {
  const impossible = pairs.flatMap(({ from }) => rows.filter((row) => whyUnsupported(row, from) !== null));
  t.diagnostic(
    `${pairs.length} pairs, ${rows.length} rows: ${cells.length - impossible.length} cells, and ${impossible.length} that cannot be`,
  );
  const required = requiredPairs().flatMap((pair) => rows.map(({ title }) => `${pair}: ${title}`));
  const missing = required.filter((cell) => !cells.includes(cell));
  assert.deepEqual(missing, []);
  assert.equal(cells.length, required.length);
});

/** The titles of all pairs, from the names of the protocols alone and not from `pairs`. */
function requiredPairs(): readonly string[] {
  const names = protocols.map(({ name }) => name);
  const byZeroMq = protocols.filter(({ zeromq }) => zeromq).map(({ name }) => `${name} by ZeroMQ`);
  return [
    ...names.flatMap((from) => names.map((to) => `${from} -> ${to}`)),
    ...byZeroMq.flatMap((name) => [`${name} -> ${name}`, `${name} -> ${names[0]}`, `${names[0]} -> ${name}`]),
  ];
}
