import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/server/clock.ts';
import { systemIds } from '../src/server/ids.ts';
import type { AppendItem, Storage } from '../src/core/ports.ts';
import { project } from '../src/core/state/projection.ts';
import { openSqliteStorage } from '../src/storage/sqlite/open.ts';
import { inRoom } from '../testing/storage/samples.ts';

// Measures rows per second through the SQLite workers, and the time of reads: `node bench/storage.ts [DIRECTORY]`.
// A row is a message as the world writes it: an entry and its table row.

const ROOMS = 50;
const ids = systemIds(systemClock);
const positions = new Map<number, number>();

function item(room: number): AppendItem {
  const position = (positions.get(room) ?? 0) + 1;
  positions.set(room, position);
  const message = {
    id: ids.message(),
    room,
    number: position,
    position,
    author: { id: 2 ** 53 - 1, name: 'Somebody' },
    text: 'x'.repeat(100),
    clientTime: null,
    serverTime: systemClock.now(),
    editedAt: null,
    deletedAt: null,
    edits: [],
  };
  const entry = inRoom(room, position, { type: 'message-posted', message, at: message.serverTime });
  return { writes: [{ stream: entry.stream, expected: position - 1, entries: [entry.body] }], rows: project(entry) };
}

async function appends(storage: Storage, size: number, inFlight: number, rooms: number): Promise<string> {
  const times: number[] = [];
  const until = performance.now() + 3_000;
  let rows = 0;
  const sender = async () => {
    while (performance.now() < until) {
      const batch = Array.from({ length: size }, () => item(1 + (rows++ % rooms)));
      const start = performance.now();
      const results = await storage.append(batch);
      times.push(performance.now() - start);
      if (results.some(({ type }) => type !== 'committed')) throw new Error(JSON.stringify(results[0]));
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, sender));
  const rate = Math.round((rows * 1_000) / (performance.now() - start));
  return `${rate} rows/s, a batch ${spread(times)}`;
}

async function reads(read: () => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < 3_000; round++) {
    const start = performance.now();
    await read();
    times.push(performance.now() - start);
  }
  return spread(times);
}

/** The disk's part of a commit of one message: 28 KiB are overwritten and synced. */
function syncs(): string {
  const file = join(directory, 'syncs');
  const descriptor = openSync(file, 'w');
  const pages = Buffer.alloc(28 * 1024);
  const times: number[] = [];
  for (let round = 0; round < 1_000; round++) {
    const start = performance.now();
    writeSync(descriptor, pages, 0, pages.length, (round % 200) * pages.length);
    fdatasyncSync(descriptor);
    if (round >= 200) times.push(performance.now() - start);
  }
  closeSync(descriptor);
  rmSync(file);
  return spread(times);
}

function spread(times: number[]): string {
  times.sort((a, b) => a - b);
  const at = (share: number) => `${(times[Math.floor(times.length * share)] ?? 0).toFixed(2)} ms`;
  return `p50 ${at(0.5)}, p99 ${at(0.99)}`;
}

const directory = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'parlance-bench-'));
const log = { info() {}, warn: console.warn, error: console.error };
const storage = await openSqliteStorage({ directory, clock: systemClock, ids, log });
console.log(`the disk's part of one commit: ${syncs()}`);
await appends(storage, 100, 1, ROOMS);
await new Promise((resolve) => setTimeout(resolve, 1_000));
console.log(`append of nothing (round trip to the worker): ${await reads(() => storage.append([]))}`);
for (const rooms of [1, ROOMS]) {
  for (const size of [1, 10, 100, 1_000]) {
    console.log(`append ${size} a batch, ${rooms} rooms: ${await appends(storage, size, 1, rooms)}`);
  }
}
console.log(`append 1 a batch, 4 batches at a time: ${await appends(storage, 1, 4, ROOMS)}`);
console.log(`positions (round trip to the reader): ${await reads(() => storage.positions([]))}`);
console.log(`page of 50, newest: ${await reads(() => storage.page(1, null, 50))}`);
console.log(
  `page of 50, anywhere: ${await reads(() => storage.page(1, 1 + Math.floor(Math.random() * (positions.get(1) ?? 1)), 50))}`,
);
await storage.close();
if (process.argv[2] === undefined) rmSync(directory, { recursive: true });
