import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import { type Cell, type Row, whyUnsupported } from './cell.ts';
import { type Operation, type Client, type Driver, Refused } from './driver.ts';
import { drivers } from './drivers.ts';
import { openServer, type MatrixServer } from './server.ts';
import { rows } from './rows.ts';

const pairs: readonly Pair[] = [
  ...drivers.flatMap((from) => drivers.map((to) => ({ from, to, title: `${from.protocol} -> ${to.protocol}` }))),
  ...drivers.flatMap(zeroMqPairs),
];
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
  for (const { from, to, title: pair } of pairs) {
    describe(`matrix: ${pair}`, { concurrency: CELLS_AT_ONCE }, () => {
      let server: MatrixServer;
      before(async () => {
        server = await openServer();
      });
      after(() => server.close());
      for (const row of rows) {
        const why = whyUnsupported(row, from);
        const title = `matrix: ${pair}: ${row.title}${why === null ? '' : ` is impossible: ${why.reason}`}`;
        const number = cells.push(`${pair}: ${row.title}`);
        test(title, async () => {
          const run = runCell(row, number, server, from, to);
          if (why === null) return run;
          await assert.rejects(run, (error) => {
            if (!(error instanceof Refused)) throw error;
            assert.deepEqual([error.by, error.operation], [from.protocol, why.operation]);
            return true;
          });
        });
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

type Pair = { readonly from: Driver; readonly to: Driver; readonly title: string };

/** A protocol that ZeroMQ carries is paired by ZeroMQ with itself and, both ways, with the first protocol. */
function zeroMqPairs(driver: Driver): readonly Pair[] {
  const [other] = drivers;
  if (other === undefined || !driver.transports.includes('zeromq')) return [];
  const zeroMq: Driver = { ...driver, connect: (server) => driver.connect(server, 'zeromq') };
  const title = `${driver.protocol} by ZeroMQ`;
  return [
    { from: zeroMq, to: zeroMq, title: `${title} -> ${title}` },
    { from: zeroMq, to: other, title: `${title} -> ${other.protocol}` },
    { from: other, to: zeroMq, title: `${other.protocol} -> ${title}` },
  ];
}

async function runCell(row: Row, number: number, server: MatrixServer, from: Driver, to: Driver): Promise<void> {
  const clients: Client[] = [];
  let lastTime = number * 100_000;
  const cell: Cell = {
    server,
    from,
    to,
    drivers,
    name: (word) => `${word}-${number}`,
    text: (words) => `${words} #${number}.`,
    time: () => ++lastTime,
    async connect(driver) {
      const client = await driver.connect(server);
      clients.push(client);
      return client;
    },
  };
  try {
    await row.run(cell);
    for (const client of clients) await client.checkCopies();
  } finally {
    for (const client of clients) client.cut();
  }
}
