import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../src/server/clock.ts';
import { systemIds } from '../src/server/ids.ts';
import type { Message } from '../src/core/model/message.ts';
import type { AppendItem, Search, Storage } from '../src/core/ports.ts';
import { project } from '../src/core/state/projection.ts';
import { openPostgres } from '../src/storage/postgres/open.ts';
import { openSqliteStorage } from '../src/storage/sqlite/open.ts';
import { PostgresServer, query } from '../testing/postgres.ts';
import { seededRandom } from '../testing/random.ts';
import { inDirectory, inRoom, itemOf, message, searchFor } from '../testing/storage/samples.ts';
import { temporaryDirectory } from '../testing/temporary.ts';

// Measures the index for searches: `node bench/search.ts [MESSAGES [ACCOUNTS [postgres]]]`; without `postgres` that of SQLite. Of a thousand rooms every tenth is Chinese; words are as
// frequent as in a language (Zipf), and rooms differ in size.

const MESSAGES = Number(process.argv[2] ?? 1_000_000);
const ACCOUNTS = Number(process.argv[3] ?? 100_000);
const ROOMS = 1_000;
const BATCH = 1_000;
const RARE = 'zebrafish';
/** Every so many messages come from an author who says little. */
const QUIET_EVERY = 9_973;
const [QUIET, LOUD] = [1, 2];
const AUTHORS = 5_000;

const random = seededRandom(1);
const ids = systemIds(systemClock);
const log = { info() {}, warn: console.warn, error: console.error };
const words = vocabulary(50_000, 'etaoinshrdlucmfwypvbgkjqxz');
const characters = Array.from({ length: 3_000 }, (_, index) => String.fromCodePoint(0x4e00 + index));
const sums = { words: sumsFor(words), characters: sumsFor(characters) };
const positions = new Map<number, number>();
let posted = 0;

function vocabulary(size: number, letters: string): readonly string[] {
  const letter = () => letters[Math.floor(letters.length * random.next() ** 2)] ?? '';
  return Array.from({ length: size }, (_, rank) => {
    const length = Math.round(2 + Math.log2(2 + rank) / 3 + 3 * random.next());
    return Array.from({ length }, letter).join('');
  });
}

/** The word of rank n is used as often as 1 / n. */
function sumsFor(all: readonly string[]): Float64Array {
  let sum = 0;
  return Float64Array.from(all, (_, rank) => (sum += 1 / (rank + 2.7)));
}

function pick(all: readonly string[], until: Float64Array): string {
  const wanted = random.next() * (until.at(-1) ?? 0);
  let [low, high] = [0, all.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((until[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return all[low] ?? '';
}

function textIn(room: number): string {
  const length = 3 + random.below(18);
  if (room % 10 === 0) return Array.from({ length }, () => pick(characters, sums.characters)).join('');
  const text = Array.from({ length }, () => pick(words, sums.words)).join(' ');
  return posted % 100_000 === 77_777 ? `${text} ${RARE}` : text;
}

/** The lower the id of an author, the more the author says. */
function author(): Message['author'] {
  const id = posted % QUIET_EVERY === 0 ? QUIET : LOUD + Math.floor(AUTHORS * random.next() ** 4);
  return { id, name: `author ${id}` };
}

function nextMessage(): AppendItem {
  const room = 1 + Math.floor(ROOMS * random.next() ** 2);
  const position = (positions.get(room) ?? 0) + 1;
  positions.set(room, position);
  posted++;
  const one = { ...message(room, position, position, textIn(room)), id: ids.message(), author: author() };
  const entry = inRoom(room, position, { type: 'message-posted', message: one, at: 1 });
  return { writes: [{ stream: entry.stream, expected: position - 1, entries: [entry.body] }], rows: project(entry) };
}

function account(position: number): AppendItem {
  const name = `${pick(words, sums.words)}${position}`;
  const [firstName, lastName] = [pick(words, sums.words), pick(words, sums.words)];
  const more = { firstName, lastName, displayName: `${firstName} ${lastName}`, role: 'user' } as const;
  return itemOf([
    inDirectory(position, {
      type: 'account-created',
      account: { person: position, name, skeleton: name, ...more },
      at: 1,
    }),
  ]);
}

const ends: (() => Promise<void>)[] = [];
const cleanup = { after: (run: () => Promise<void>) => void ends.unshift(run) };
const directory = temporaryDirectory(cleanup);
const server = process.argv[4] === 'postgres' ? await PostgresServer.start(cleanup) : null;
let storage = await open();

async function open(): Promise<Storage> {
  const machine = { clock: systemClock, ids, log };
  if (server === null) return openSqliteStorage({ directory, ...machine });
  return (await openPostgres({ url: server.url('postgres'), node: ids.identity(), ...machine })).storage;
}

/** Appends batches and returns how long each took, in ms. */
async function append(batches: number, size: number, make: () => AppendItem): Promise<number[]> {
  const times: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const items = Array.from({ length: size }, make);
    const start = performance.now();
    const results = await storage.append(items);
    times.push(performance.now() - start);
    if (results.some(({ type }) => type !== 'committed')) throw new Error(JSON.stringify(results[0]));
  }
  return times;
}

/** One batch every 5 ms, each of one message. */
async function paced(milliseconds: number): Promise<string> {
  const times: number[] = [];
  const until = performance.now() + milliseconds;
  while (performance.now() < until) {
    times.push(...(await append(1, 1, nextMessage)));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return spread(times);
}

/** Waits until everything is indexed; returns the seconds. */
async function indexed(): Promise<number> {
  const start = performance.now();
  while ((await storage.search(searchFor('x', { rooms: [0], limit: 1 }))) === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return (performance.now() - start) / 1_000;
}

async function searches(name: string, text: string, more: Partial<Search>): Promise<void> {
  const times: number[] = [];
  let found = 0;
  for (let round = 0; round < 100; round++) {
    const start = performance.now();
    const result = await storage.search(searchFor(text, { limit: 51, ...more }));
    times.push(performance.now() - start);
    found = result === null ? Number.NaN : result.messages.length + result.accounts.length + result.rooms.length;
  }
  console.log(`  ${name.padEnd(46)} ${String(found).padStart(4)} found  ${spread(times)}`);
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => `${(sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2)} ms`;
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${(sorted.at(-1) ?? 0).toFixed(2)} ms`;
}

const began = performance.now();
const batches = await append(MESSAGES / BATCH, BATCH, nextMessage);
for (let at = 0; at < ACCOUNTS; at += BATCH) {
  let position = at;
  await append(1, Math.min(BATCH, ACCOUNTS - at), () => account(++position));
}
console.log(
  `${MESSAGES} messages and ${ACCOUNTS} accounts appended in ${((performance.now() - began) / 1_000).toFixed(1)} s, a batch of ${BATCH}: ${spread(batches)}`,
);
if (server === null) await indexAgain();
else await sizes(server);

/** How long SQLite takes to index everything again. */
async function indexAgain(): Promise<void> {
  const size = (file: string) => `${Math.round(statSync(join(directory, file)).size / 2 ** 20)} MiB`;
  console.log(
    `the index was complete ${(await indexed()).toFixed(1)} s later; parlance.db ${size('parlance.db')}, search.db ${size('search.db')}`,
  );
  await storage.close();
  for (const end of ['', '-wal', '-shm']) rmSync(join(directory, `search.db${end}`), { force: true });
  storage = await open();
  const seconds = await indexed();
  console.log(
    `an index of all was made in ${seconds.toFixed(1)} s, with pauses: ${Math.round((MESSAGES + ACCOUNTS) / seconds)} entries/s`,
  );
  // Then it is written anew, in one piece.
  await new Promise((resolve) => setTimeout(resolve, MESSAGES / 50));
}

/** What PostgreSQL needs on the disk; its own housekeeping is done before the searches. */
async function sizes(postgres: PostgresServer): Promise<void> {
  const start = performance.now();
  await query(postgres.url('postgres'), 'VACUUM ANALYZE');
  const found = await query(
    postgres.url('postgres'),
    `SELECT relname, pg_size_pretty(pg_relation_size(oid)) AS size FROM pg_class
     WHERE relname LIKE 'message%' OR relname LIKE 'entry%' ORDER BY relname`,
  );
  console.log(
    `vacuumed in ${((performance.now() - start) / 1_000).toFixed(1)} s; ${found.map(({ relname, size }) => `${relname} ${size}`).join(', ')}`,
  );
}

const [first = '', tenth = '', thirtieth = ''] = [0, 9, 29].map((rank) => words[rank]);
const [one = '', other = ''] = characters;
for (const count of [10, 100, ROOMS]) {
  const rooms = Array.from({ length: count }, (_, index) => 1 + Math.floor((index * ROOMS) / count));
  const chinese = Array.from({ length: Math.min(count, 100) }, (_, index) => 10 * (index + 1));
  console.log(`searches of a person in ${count} rooms, 51 results at most`);
  await searches('a rare word', RARE, { rooms });
  await searches('a rare word, whole', `"${RARE}"`, { rooms });
  await searches('the most common word', first, { rooms });
  await searches('the most common word, whole', `"${first}"`, { rooms });
  await searches('three common words', `${first} ${tenth} ${thirtieth}`, { rooms });
  await searches('two common words that follow each other', `"${first} ${tenth}"`, { rooms });
  await searches('the most common word of a quiet author', first, { rooms, author: QUIET });
  await searches('the same, whole', `"${first}"`, { rooms, author: QUIET });
  await searches('the most common word of a loud author', first, { rooms, author: LOUD });
  await searches('all of a quiet author', first, { rooms, author: QUIET, query: [] });
  await searches('all of a loud author', first, { rooms, author: LOUD, query: [] });
  await searches('one letter', 'e', { rooms });
  await searches('two letters', 'th', { rooms });
  await searches('three letters', 'the', { rooms });
  await searches('a common and a rare word', `${first} ${RARE}`, { rooms });
  await searches('one common Chinese character', one, { rooms: chinese });
  await searches('two Chinese characters', one + other, { rooms: chinese });
  await searches('four Chinese characters', one + other + one + one, { rooms: chinese });
}
console.log('searches for accounts');
await searches('a name', 'e', { kinds: ['account'] });
await searches('two names', `${first} ${tenth}`, { kinds: ['account'] });
await searches('a whole name', `"${words[40_000]}"`, { kinds: ['account'] });

console.log(`append of one message: ${await paced(5_000)}`);
let isSearching = true;
const flood = Promise.all(
  Array.from({ length: 8 }, async () => {
    while (isSearching) await storage.search(searchFor(first, { rooms: [1, 2, 3] }));
  }),
);
console.log(`append of one message, while 8 search without a pause: ${await paced(5_000)}`);
isSearching = false;
await flood;
await storage.close();
for (const end of ends) await end();
