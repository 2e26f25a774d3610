import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import type { Cell, Row } from './cell.ts';
import { type Client, type Driver, Refused } from './driver.ts';
import { drivers as known } from './drivers.ts';
import { impossible } from './impossible.ts';
import { openPlace, type Place } from './place.ts';
import { rows } from './rows.ts';

const drivers = protocols.flatMap(({ name }) => known.find(({ protocol }) => protocol === name) ?? []);
const pairs = drivers.flatMap((from) => drivers.map((to) => ({ from, to })));
/** Cells wait for clocks more than they work: many at once are quick. */
const PAIRS_AT_ONCE = 3;
const CELLS_AT_ONCE = 12;
let cells = 0;

test('every protocol of the server has a driver', () => {
  assert.deepEqual(
    drivers.map(({ protocol }) => protocol),
    protocols.map(({ name }) => name),
  );
});

test('every cell that is listed as impossible is a cell', () => {
  const titles = rows.map(({ title }) => title);
  assert.deepEqual([...new Set(titles)], titles);
  for (const { row, from } of impossible) {
    assert.ok(titles.includes(row), row);
    assert.ok(from === null || known.some(({ protocol }) => protocol === from), `${from}`);
  }
});

describe('matrix', { concurrency: PAIRS_AT_ONCE }, () => {
  for (const { from, to } of pairs) {
    const pair = `${from.protocol} -> ${to.protocol}`;
    describe(`matrix: ${pair}`, { concurrency: CELLS_AT_ONCE }, () => {
      let place: Place;
      before(async () => {
        place = await openPlace();
      });
      after(() => place.close());
      for (const row of rows) {
        const why = impossible.find((one) => one.row === row.title && (one.from ?? from.protocol) === from.protocol);
        const title = `matrix: ${pair}: ${row.title}${why === undefined ? '' : ` is impossible: ${why.reason}`}`;
        const number = ++cells;
        test(title, async () => {
          const run = runCell(row, number, place, from, to);
          if (why === undefined) return run;
          await assert.rejects(run, (error) => {
            if (!(error instanceof Refused)) throw error;
            assert.deepEqual([error.by, error.action], [from.protocol, why.action]);
            return true;
          });
        });
      }
    });
  }
});

test('every pair of protocols has every row, and each cell runs or is tried in vain', (t) => {
  const vain = pairs.flatMap(({ from }) => impossible.filter((one) => (one.from ?? from.protocol) === from.protocol));
  t.diagnostic(
    `${pairs.length} pairs, ${rows.length} rows: ${cells - vain.length} cells, and ${vain.length} that cannot be`,
  );
  assert.equal(cells, pairs.length * rows.length);
});

/** A cell has names and texts of its own, so that cells share a server. */
async function runCell(row: Row, number: number, place: Place, from: Driver, to: Driver): Promise<void> {
  const clients: Client[] = [];
  let moment = number * 100_000;
  const cell: Cell = {
    place,
    from,
    to,
    drivers,
    name: (word) => `${word}-${number}`,
    text: (words) => `${words} #${number}.`,
    time: () => ++moment,
    async connect(driver) {
      const client = await driver.connect(place);
      clients.push(client);
      return client;
    },
  };
  try {
    await row.run(cell);
  } finally {
    for (const client of clients) client.cut();
  }
}
