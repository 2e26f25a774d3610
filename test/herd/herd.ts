import { setTimeout as sleep } from 'node:timers/promises';
import { residentKiB } from '../../bench/process.ts';
import { startServerProcess } from '../../testing/server.ts';
import { withCleanup } from '../with-cleanup.ts';
import { SessionClient } from './session-client.ts';

/** Sessions of one account: so many may wait for their clients. */
const EACH = 8;
const PASSWORD = 'correct horse battery';
/** So many logins at once: their passwords are hashed one after the other. */
const LOGINS = 16;
/** Pings of the healthy client for one measurement of the latency, and the time between two. */
const PINGS = 100;
const GAP_MS = 20;
/** The latency has to be normal this long after the last client is back. */
const SETTLE_MS = 10_000;

/** Times are in ms; the latencies are those of a healthy client's messages. */
export type HerdReport = {
  readonly clients: number;
  readonly back: number;
  readonly backMs: number;
  readonly before: Latency;
  readonly during: Latency;
  readonly after: Latency;
  /** The clients that were told of a change after they had come back. */
  readonly told: number;
  readonly residentBeforeKiB: number;
  readonly residentPeakKiB: number;
};

export type Latency = { readonly p50: number; readonly p99: number };

/** Drops the connections of all clients at once; they come back to their sessions at once, too, without any jitter (F12). */
export function dropHerd(clients: number, progress: (line: string) => void): Promise<HerdReport> {
  return withCleanup(async (cleanup) => {
    const server = await startServerProcess(cleanup);
    const healthy = new SessionClient(server.port);
    await healthy.open();
    await healthy.ask('register', { username: 'healthy', password: PASSWORD });
    const rooms = (await healthy.login('healthy', PASSWORD))?.rooms;
    const made = await healthy.ask('add_child', {
      key: rooms,
      obj: { key: { type: 'room' }, name: 'Den', open: true },
    });
    const room = made?.data?.key ?? {};
    const herd = await gather(server.port, clients, room, progress);
    const residentBeforeKiB = residentKiB(server.pid);
    const before = await latency(healthy, room);
    progress(`${clients} clients are there; a message takes ${before.p50.toFixed(1)} ms`);
    let residentPeakKiB = residentBeforeKiB;
    const watching = setInterval(() => {
      residentPeakKiB = Math.max(residentPeakKiB, residentKiB(server.pid));
    }, 100);
    cleanup.after(async () => clearInterval(watching));
    const dropped = performance.now();
    for (const client of herd) client.drop();
    const measuring = latency(healthy, room);
    const results = await Promise.all(herd.map((client) => client.comeBack().catch(() => false)));
    const backMs = performance.now() - dropped;
    const during = await measuring;
    progress(`${results.filter(Boolean).length} are back after ${(backMs / 1_000).toFixed(1)} s`);
    await sleep(SETTLE_MS);
    const blocks = herd.map((client) => client.blocks);
    const after = await latency(healthy, room);
    await sleep(1_000);
    const told = herd.filter((client, index) => client.blocks > (blocks[index] ?? 0)).length;
    clearInterval(watching);
    for (const client of [...herd, healthy]) client.drop();
    const back = results.filter(Boolean).length;
    return { clients, back, backMs, before, during, after, told, residentBeforeKiB, residentPeakKiB };
  });
}

/** Clients that are logged in and have subscribed to the room. */
async function gather(
  port: number,
  count: number,
  room: object,
  progress: (line: string) => void,
): Promise<SessionClient[]> {
  const herd = Array.from({ length: count }, () => new SessionClient(port));
  const accounts = Math.ceil(count / EACH);
  const queue = [...herd.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, client] = next;
      const name = `herd${index % accounts}`;
      await client.open();
      if (index < accounts) await client.ask('register', { username: name, password: PASSWORD });
      await client.login(name, PASSWORD);
      await client.ask('get_content', { key: room, subscribe: true });
      if (index % 500 === 499) progress(`${index + 1} clients have logged in`);
    }
  };
  await Promise.all(Array.from({ length: LOGINS }, work));
  return herd;
}

/** How long the healthy client waits for the answers to its messages. */
async function latency(healthy: SessionClient, room: object): Promise<Latency> {
  const times: number[] = [];
  for (let ping = 0; ping < PINGS; ping++) {
    const begun = performance.now();
    await healthy.ask('patch_content', {
      key: room,
      ver: null,
      patch: { op: 'replace', path: '/name', value: `Den ${begun}` },
    });
    times.push(performance.now() - begun);
    await sleep(GAP_MS);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: sorted[Math.floor(PINGS / 2)] ?? 0, p99: sorted[Math.floor(PINGS * 0.99) - 1] ?? 0 };
}
