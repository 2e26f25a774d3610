import * as tagged from '../../src/protocols/tagged/client.ts';
import { systemClock } from '../../src/server/clock.ts';
import type { ChaosProxy } from '../../testing/chaos/proxy.ts';
import { playWeather, randomWeather } from '../../testing/chaos/weather.ts';
import { waitForIo } from '../../testing/condition.ts';
import { seededRandom } from '../../testing/random.ts';
import { PASSWORD } from '../matrix/driver.ts';
import { openServer } from '../matrix/server.ts';
import type { Tally } from '../versions/tally.ts';
import { withCleanup } from '../with-cleanup.ts';
import { type Cast, openCast } from './cast.ts';
import type { ChaosClient, ShownMessage } from './chaos-client.ts';
import { allInTime, type Deadline } from './in-time.ts';
import { checkHealthy, checkHistory, checkMissed, checkShown } from './invariants.ts';
import { sayLastWords, sendUntil } from './load.ts';
import { SentLog } from './sent-log.ts';

/** Enough for every kind of fault to come. */
const SPELLS = 8;
const PACE_MS = 1_000;
/** All messages may wait for a client, however long its connection is lost. */
const ALL_WAIT = { 'waiting-messages': '100000' };

/**
 * Everybody sends messages, each through weather of their own, but the healthy client. Then all networks work again, and
 * everybody sends a last message. Resolves with what was wrong; counts in the tally what happened. At scale 1 the faults are
 * those of a bad network; a smaller one shortens them, and the deadlines of the clients.
 */
export function runSeed(seed: number, scale: number, tally: Tally): Promise<string[]> {
  return withCleanup(async (cleanup) => {
    const clock = systemClock;
    const server = await openServer(ALL_WAIT);
    cleanup.after(() => server.close());
    const cast = await openCast(cleanup, server, { seed, scale, clock });
    const deadline = { clock, ms: 20_000 + 70_000 * scale };
    const log = new SentLog(() => clock.monotonic());
    const stuck = await goThroughWeather(cast, log, scale, deadline);
    if (stuck.length === 0) stuck.push(...(await sayLastWords(cast.everybody, log, deadline)));
    if (stuck.length > 0) return stuck;
    const history = await readHistory(server.url);
    const left = await leave(cast, deadline);
    countAll(tally, cast.everybody, log);
    return [
      ...left,
      ...checkHistory(history, log.records),
      ...cast.everybody.flatMap((client) => checkShown(client, history)),
      ...cast.everybody.flatMap((client) => (client.missesNothing ? checkMissed(client, history) : [])),
      ...checkHealthy(cast.healthy, log.records),
    ];
  });
}

/** Resolves when all networks work again, each message has an outcome, and lost connections have ended on both sides. */
async function goThroughWeather(cast: Cast, log: SentLog, scale: number, deadline: Deadline): Promise<string[]> {
  const { clock } = deadline;
  let isOver = false;
  const sending = cast.everybody.map((client, index) => {
    const sent = sendUntil(() => isOver, client, log, { paceMs: PACE_MS * scale, random: seededRandom(index), clock });
    sent.catch(() => {}); // It is looked at when the weather is over.
    return { name: client.name, sent };
  });
  const playing = cast.weathered.map(({ proxy, random }) =>
    playWeather(proxy, randomWeather(random, SPELLS, scale), clock),
  );
  await Promise.all(playing);
  isOver = true;
  return [
    ...(await allInTime(sending, 'learn what became of all messages', deadline, ({ sent }) => sent)),
    ...(await allInTime(cast.weathered, 'end its lost connections', deadline, ({ proxy }) => untilAtMost(1, proxy))),
  ];
}

/** Everybody leaves; no connection may stay behind. */
async function leave({ weathered, everybody }: Cast, deadline: Deadline): Promise<string[]> {
  return [
    ...(await allInTime(everybody, 'leave', deadline, (client) => client.close())),
    ...(await allInTime(weathered, 'end its last connection', deadline, ({ proxy }) => untilAtMost(0, proxy))),
  ];
}

async function untilAtMost(count: number, proxy: ChaosProxy): Promise<void> {
  while (proxy.connections.length > count) await waitForIo();
}

/** All of the lobby, oldest first, by a connection of its own without faults. */
async function readHistory(url: string): Promise<ShownMessage[]> {
  const client = await tagged.connect(url, { name: 'healthy', password: PASSWORD });
  const history: ShownMessage[] = [];
  for (let before: string | undefined, isFirst = true; isFirst || before !== undefined; isFirst = false) {
    const page = await client.historyOf('lobby', { limit: 200, ...(before === undefined ? {} : { before }) });
    history.unshift(...page.map(({ from, body }) => ({ author: from, text: body })));
    before = page[0]?.id;
  }
  await client.close();
  return history;
}

function countAll(tally: Tally, clients: readonly ChaosClient[], { records }: SentLog): void {
  for (const { name, kind, connection, shown } of clients) {
    tally.add(`${kind}: connections`, connection);
    tally.add(`${kind}: shown`, shown.flat().length);
    for (const { author, outcome } of records) if (author === name) tally.add(`${kind}: ${outcome}`);
  }
  for (const { outcome } of records) tally.add(`everybody: ${outcome}`);
}
