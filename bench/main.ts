// Measures the cost of a delivery, of answers of documents, of a change in a room that many sessions are subscribed to, of an
// idle connection, and what a node commits in PostgreSQL, in some nine minutes:
// `npm run bench [-- --members 1000 --seconds 4 --rounds 3 --documents 1 --changed 1000 --idle 10000 --postgres 4]`; 0 members,
// 0 seconds for documents or PostgreSQL, 0 subscribed sessions, or 0 idle connections, skip that part.
import { parseArgs } from 'node:util';
import { measureChanged } from './changed.ts';
import { measureDocuments } from './documents.ts';
import { measurePostgres } from './postgres.ts';
import { noPrivatePostgres } from '../testing/postgres.ts';
import { measureIdle, subjects } from './idle.ts';
import { measureDeliveries, type Spread } from './deliveries.ts';

/** More rounds show nothing new: the live memory is the same each time. */
const IDLE_ROUNDS = 2;
/** These rounds are short: more of them show the noise. */
const CHANGED_ROUNDS = 9;
const CHANGED_MESSAGES = 20;
/** The two sides of a round share the disk, whose speed changes from one second to the next. */
const POSTGRES_ROUNDS = 5;

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    documents: { type: 'string', default: '1' },
    changed: { type: 'string', default: '1000' },
    idle: { type: 'string', default: '10000' },
    postgres: { type: 'string', default: '4' },
  },
});
const members = Number(values.members);
const rounds = Number(values.rounds);
const changed = Number(values.changed);
const idle = Number(values.idle);
const progress = (line: string) => console.error(line);
if (members > 0) await reportRoom();
if (Number(values.documents) > 0) await reportDocuments();
if (changed > 0) await reportChanged();
if (idle > 0) await reportIdle();
if (Number(values.postgres) > 0) await reportPostgres();

async function reportRoom(): Promise<void> {
  const results = await measureDeliveries({ members, milliseconds: Number(values.seconds) * 1000, rounds }, progress);
  const minimal = results.get('minimal');
  const naive = results.get('naive');
  const own = results.get('parlance');
  if (minimal === undefined || naive === undefined || own === undefined) throw new Error('a server was not measured');
  console.log(`${members} WebSocket members in one room, ${rounds} rounds in turn, median (lowest to highest)`);
  console.log('server CPU microseconds per delivery, 64 messages in flight');
  for (const [name, { busy }] of results) console.log(row(name, busy, 3));
  console.log('server CPU microseconds per delivery, 1 message in flight');
  for (const [name, { single }] of results) console.log(row(name, single, 3));
  console.log('messages per second, 64 in flight (parlance: each on disk)');
  for (const [name, { rate }] of results) console.log(row(name, rate, 0));
  console.log(`parlance / minimal: ${times(own.busy.median, minimal.busy.median)} (aim: at most 2.5 x)`);
  console.log(`naive / parlance: ${times(naive.busy.median, own.busy.median)} (aim: at least 10 x)`);
}

async function reportDocuments(): Promise<void> {
  const milliseconds = Number(values.documents) * 1000;
  const { answers, bytes } = await measureDocuments({ milliseconds, rounds }, progress);
  console.log(
    `documents: pages of 50 entries to 16 clients, each with one request at a time, ${rounds} rounds in turn`,
  );
  console.log('answers a second');
  for (const [name, { rate }] of answers) console.log(row(name, rate, 0));
  console.log('server CPU microseconds per answer');
  for (const [name, { cost }] of answers) console.log(row(name, cost, 1));
  console.log('bytes of an answer after one change: patch and whole');
  for (const { name, patch, full } of bytes)
    console.log(`  ${name.padEnd(18)}${String(patch).padStart(9)} ${String(full).padStart(9)}   ${times(full, patch)}`);
}

async function reportChanged(): Promise<void> {
  const plan = { sessions: changed, messages: CHANGED_MESSAGES, rounds: CHANGED_ROUNDS };
  const { cost, minimal, median, slowest, received, sent } = await measureChanged(plan, progress);
  console.log(
    `changed: ${changed} sessions subscribed to one room, ${CHANGED_MESSAGES} messages one at a time, ${CHANGED_ROUNDS} rounds`,
  );
  console.log('server CPU microseconds per session and message: block, confirmation, request, patch');
  console.log(row('parlance', cost, 1));
  console.log('and of the minimal server per delivery, which says how fast the machine is');
  console.log(row('minimal', minimal, 1));
  console.log(`parlance / minimal: ${times(cost.median, minimal.median)} (aim: at most 80, where minimal is 8: 10 x)`);
  console.log('milliseconds until the last session has the patch, 100 of them for gathering');
  console.log(row('p50', median, 0));
  console.log(row('p99', slowest, 0));
  console.log('bytes per session and message');
  console.log(row('to the session', received, 0));
  console.log(row('from the session', sent, 0));
}

async function reportIdle(): Promise<void> {
  const idleRounds = Math.min(rounds, IDLE_ROUNDS);
  const costs = await measureIdle(subjects(), { count: idle, rounds: idleRounds }, progress);
  console.log(
    `${idle} idle connections of each kind, all logged in, from several addresses; ${idleRounds} rounds in turn`,
  );
  console.log('resident memory in KiB per connection');
  for (const [name, { resident }] of costs) console.log(row(name, resident, 1));
  console.log('live memory in KiB per connection, after a collection of garbage');
  for (const [name, { live }] of costs) console.log(row(name, live, 1));
}

async function reportPostgres(): Promise<void> {
  if (noPrivatePostgres !== false) return console.log(`PostgreSQL is not measured: it ${noPrivatePostgres}`);
  const plan = { milliseconds: Number(values.postgres) * 1000, rounds: POSTGRES_ROUNDS };
  const { parlance, pgbench, ratio } = await measurePostgres(plan, progress);
  console.log(`messages a second in PostgreSQL, fsync on: 64 senders on one node, ${POSTGRES_ROUNDS} rounds in turn`);
  console.log(row('parlance', parlance, 0));
  console.log('and pgbench with the same rows, 64 messages a transaction');
  console.log(row('pgbench', pgbench, 0));
  console.log('parlance / pgbench in the same round (aim: at least 0.5)');
  console.log(row('ratio', ratio, 2));
}

function row(name: string, figures: Spread, digits: number): string {
  const [median, low, high] = [figures.median, figures.low, figures.high].map((figure) =>
    figure.toFixed(digits).padStart(9),
  );
  return `  ${name.padEnd(18)}${median}   (${low} to ${high} )`;
}

function times(a: number, b: number): string {
  return `${(a / b).toFixed(2)} x`;
}
