import assert from 'node:assert/strict';
import { waitForIo } from '../../testing/condition.ts';
import { type Cell, type Row, whyUnsupported } from './cell.ts';
import { type Client, type Driver, Refused } from './driver.ts';
import { drivers } from './drivers.ts';
import type { MatrixServer } from './server.ts';

/** Two protocols, of which the first acts and the second is shown it. */
export type Pair = { readonly from: Driver; readonly to: Driver; readonly title: string };

/** Each protocol with each, and those that ZeroMQ carries by ZeroMQ too. */
export const pairs: readonly Pair[] = [
  ...drivers.flatMap((from) => drivers.map((to) => ({ from, to, title: `${from.protocol} -> ${to.protocol}` }))),
  ...drivers.flatMap(zeroMqPairs),
];

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

/** What a cell says of itself in the list of tests. */
export function cellTitle({ title, from }: Pair, row: Row): string {
  const why = whyUnsupported(row, from);
  return `${title}: ${row.title}${why === null ? '' : ` is impossible: ${why.reason}`}`;
}

/**
 * Runs one cell, or sees that what it does is refused where it is impossible. The clients of a cell connect to the servers
 * in turn. `number` is used for no other cell.
 */
export async function runCell(
  row: Row,
  { from, to }: Pair,
  number: number,
  servers: readonly [MatrixServer, ...MatrixServer[]],
): Promise<void> {
  const clients: Client[] = [];
  let lastTime = number * 100_000;
  const cell: Cell = {
    server: servers[0],
    nodes: servers.length,
    from,
    to,
    drivers,
    name: (word) => `${word}-${number}`,
    text: (words) => `${words} #${number}.`,
    time: () => ++lastTime,
    async connect(driver) {
      const client = await driver.connect(servers[clients.length % servers.length] ?? servers[0]);
      clients.push(client);
      return client;
    },
    async everywhere(isSo) {
      while (!servers.every(({ world }) => isSo(world))) await waitForIo();
    },
  };
  const why = whyUnsupported(row, from);
  try {
    if (why === null) await row.run(cell);
    else await assertRefused(row.run(cell), from.protocol, why.operation);
    for (const client of clients) await client.checkCopies();
  } finally {
    for (const client of clients) client.cut();
  }
}

async function assertRefused(run: Promise<void>, by: string, operation: string): Promise<void> {
  await assert.rejects(run, (error) => {
    if (!(error instanceof Refused)) throw error;
    assert.deepEqual([error.by, error.operation], [by, operation]);
    return true;
  });
}
