import { seededRandom } from '../../testing/random.ts';
import { startServerProcess } from '../../testing/server.ts';
import { type Cleanup, temporaryDirectory } from '../../testing/temporary.ts';
import { audit } from './check-database.ts';
import { Caller } from './clients/tagged.ts';
import { Courier } from './clients/msgpack.ts';
import { Journal } from './client-log.ts';
import { Shouter } from './clients/codechat.ts';
import { Talker } from './clients/c2.ts';

/** No cycle is long enough to save what was shown, so all of it waits again, and none of it may be cut off. */
const ALL_WAITS = ['--waiting-messages', '100000'];
const TALKERS = 6;
const SHOUTERS = 3;
/** Each has its partner beside it. */
const CALLERS = ['alba', 'bert', 'cleo', 'dora'];
const COURIERS = ['ella', 'finn'];

export type KillReport = {
  readonly acknowledged: number;
  readonly edits: number;
  readonly shown: number;
  readonly messages: number;
  readonly slowestStartMs: number;
  readonly problems: readonly string[];
};

/** Kills a loaded server by SIGKILL so many times, each time on the same data, and compares its disk with what clients were told. */
export async function killUnderLoad(
  cycles: number,
  seed: number,
  progress: (line: string) => void,
): Promise<KillReport> {
  const random = seededRandom(seed);
  const undo: (() => Promise<void>)[] = [];
  const cleanup = { after: (run: () => Promise<void>) => void undo.push(run) };
  const dataDir = temporaryDirectory(cleanup);
  const journal = new Journal();
  let slowestStartMs = 0;
  let messages = 0;
  const problems: string[] = [];
  try {
    for (let cycle = 1; cycle <= cycles && problems.length === 0; cycle++) {
      const begun = performance.now();
      const server = await startServerProcess(cleanup, { dataDir, args: ALL_WAITS });
      slowestStartMs = Math.max(slowestStartMs, performance.now() - begun);
      const talkers = Array.from(
        { length: TALKERS },
        (_, index) => new Talker(server.url, `c${cycle}t${index}`, journal),
      );
      const shouters = Array.from(
        { length: SHOUTERS },
        (_, index) => new Shouter(server.port, `c${cycle}s${index}`, journal),
      );
      const callers = callersOf(server.url, journal);
      for (const caller of callers) {
        void caller.entered.then((result) => {
          if (result === 200) caller.talk(cycle);
          else problems.push(`cycle ${cycle}: a login was answered by ${result}`);
        });
      }
      const couriers = couriersOf(server.url, journal);
      for (const [index, courier] of couriers.entries()) {
        void courier.entered.then((isIn) => {
          if (isIn) courier.talk(cycle);
          else problems.push(`cycle ${cycle}: ${COURIERS[index]} was not let in`);
        });
      }
      const before = journal.posted.length;
      const patience = 20 + random.below(400);
      const loaded = performance.now();
      while (journal.posted.length === before || performance.now() - loaded < patience) {
        await new Promise(setImmediate);
      }
      server.kill('SIGKILL');
      await server.exited;
      await Promise.all([...talkers, ...shouters, ...callers, ...couriers].map(({ closed }) => closed));
      const result = audit(dataDir, journal);
      messages = result.messages;
      problems.push(...result.problems.map((problem) => `cycle ${cycle}: ${problem}`));
      progress(`cycle ${cycle} of ${cycles}: ${journal.posted.length} acknowledged, ${messages} on disk`);
    }
    if (problems.length === 0) problems.push(...(await whatWaited(cleanup, dataDir, journal)));
  } finally {
    for (const run of undo.toReversed()) await run();
  }
  const { posted, edited, seen, texts } = journal;
  const shown = seen.length + texts.length;
  return { acknowledged: posted.length, edits: edited.length, shown, messages, slowestStartMs, problems };
}

function couriersOf(url: string, journal: Journal): Courier[] {
  return COURIERS.map((name, index) => new Courier(url, name, COURIERS[index ^ 1] ?? '', journal));
}

function callersOf(url: string, journal: Journal): Caller[] {
  return CALLERS.map((name, index) => new Caller(url, name, CALLERS[index ^ 1] ?? '', journal));
}

/** A last start, without a kill: everybody logs in, and must be shown what was acknowledged to somebody else meanwhile. */
async function whatWaited(cleanup: Cleanup, dataDir: string, journal: Journal): Promise<string[]> {
  const problems: string[] = [];
  const server = await startServerProcess(cleanup, { dataDir, args: ALL_WAITS });
  const callers = callersOf(server.url, journal);
  for (const [index, caller] of callers.entries()) {
    const result = await caller.entered;
    if (result !== 200) problems.push(`${CALLERS[index]} cannot log in any more: ${result}`);
  }
  for (const [index, caller] of callers.entries()) {
    const partner = callers[index ^ 1];
    if (partner !== undefined) await caller.drained(partner, `the end for ${CALLERS[index]}`);
    const friends = await caller.friends();
    for (const tie of journal.friends) {
      const [name, other = ''] = tie.split(' ');
      if (name === CALLERS[index] && !friends.includes(other)) problems.push(`${name} has lost the friend ${other}`);
    }
  }
  const couriers = couriersOf(server.url, journal);
  for (const [index, courier] of couriers.entries())
    if (!(await courier.entered)) problems.push(`${COURIERS[index]} cannot come back by a token that was given out`);
  for (const [index, courier] of couriers.entries()) {
    const partner = couriers[index ^ 1];
    if (partner !== undefined) await courier.drained(partner, `the end for ${COURIERS[index]}`);
  }
  for (const { to, text } of journal.told)
    if (!journal.heard.has(`${to} ${text}`)) problems.push(`${to} was never shown "${text}", which was acknowledged`);
  for (const client of [...callers, ...couriers]) client.close();
  await server.stop();
  return problems;
}
