import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import type { Cell, Row } from './cell.ts';
import { type Action, type Client, type Driver, Refused } from './driver.ts';
import { drivers } from './drivers.ts';
import { whyImpossible } from './impossible.ts';
import { openPlace, type MatrixServer } from './server.ts';
import { rows } from './rows.ts';

const pairs: readonly Pair[] = [
  ...drivers.flatMap((from) => drivers.map((to) => ({ from, to, title: `${from.protocol} -> ${to.protocol}` }))),
  ...drivers.flatMap(byZeroMq),
];
/** Cells wait for clocks more than they work: many at once are quick. */
const PAIRS_AT_ONCE = 4;
const CELLS_AT_ONCE = 12;
/** All that is tried. */
const cells: string[] = [];

test('every protocol of the server has a driver', () => {
  assert.deepEqual(
    drivers.map(({ protocol }) => protocol),
    protocols.map(({ name }) => name),
  );
});

test('no two rows have the same title, and whatever a protocol lacks is tried in vain by some row', () => {
  const titles = rows.map(({ title }) => title);
  assert.deepEqual([...new Set(titles)], titles);
  for (const driver of drivers) {
    const tried = new Set(rows.flatMap((row) => whyImpossible(row, driver)?.action ?? []));
    assert.deepEqual(
      Object.keys(driver.lacks).filter((action) => !tried.has(action as Action)),
      [],
      driver.protocol,
    );
  }
});

describe('matrix', { concurrency: PAIRS_AT_ONCE }, () => {
  for (const { from, to, title: pair } of pairs) {
    describe(`matrix: ${pair}`, { concurrency: CELLS_AT_ONCE }, () => {
      let place: MatrixServer;
      before(async () => {
        place = await openPlace();
      });
      after(() => place.close());
      for (const row of rows) {
        const why = whyImpossible(row, from);
        const title = `matrix: ${pair}: ${row.title}${why === null ? '' : ` is impossible: ${why.reason}`}`;
        const number = cells.push(`${pair}: ${row.title}`);
        test(title, async () => {
          const run = runCell(row, number, place, from, to);
          if (why === null) return run;
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
  const vain = pairs.flatMap(({ from }) => rows.filter((row) => whyImpossible(row, from) !== null));
  t.diagnostic(
    `${pairs.length} pairs, ${rows.length} rows: ${cells.length - vain.length} cells, and ${vain.length} that cannot be`,
  );
  const due = pairsDue().flatMap((pair) => rows.map(({ title }) => `${pair}: ${title}`));
  const missing = due.filter((cell) => !cells.includes(cell));
  assert.deepEqual(missing, []);
  assert.equal(cells.length, due.length);
});

/** The titles of all pairs that there have to be, by the names alone: nothing of `pairs` is asked. */
function pairsDue(): readonly string[] {
  const names = protocols.map(({ name }) => name);
  const byZeroMq = protocols.filter(({ zeromq }) => zeromq).map(({ name }) => `${name} by ZeroMQ`);
  return [
    ...names.flatMap((from) => names.map((to) => `${from} -> ${to}`)),
    ...byZeroMq.flatMap((own) => [`${own} -> ${own}`, `${own} -> ${names[0]}`, `${names[0]} -> ${own}`]),
  ];
}

type Pair = { readonly from: Driver; readonly to: Driver; readonly title: string };

/** The protocol by ZeroMQ, if it goes by that: with itself, and both ways with the first of all. */
function byZeroMq(driver: Driver): readonly Pair[] {
  const [other] = drivers;
  if (other === undefined || !driver.transports.includes('zeromq')) return [];
  const own: Driver = { ...driver, connect: (server) => driver.connect(server, 'zeromq') };
  const title = `${driver.protocol} by ZeroMQ`;
  return [
    { from: own, to: own, title: `${title} -> ${title}` },
    { from: own, to: other, title: `${title} -> ${other.protocol}` },
    { from: other, to: own, title: `${other.protocol} -> ${title}` },
  ];
}

/** A cell has names and texts of its own, so that cells share a server. */
async function runCell(row: Row, number: number, place: MatrixServer, from: Driver, to: Driver): Promise<void> {
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
