import { seededRandom } from '../../testing/random.ts';
import { startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { audit } from './audit.ts';
import { Journal } from './journal.ts';
import { Talker } from './talker.ts';

const TALKERS = 8;

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
      const server = await startServerProcess(cleanup, { dataDir });
      slowestStartMs = Math.max(slowestStartMs, performance.now() - begun);
      const talkers = Array.from(
        { length: TALKERS },
        (_, index) => new Talker(server.url, `c${cycle}t${index}`, journal),
      );
      const before = journal.posted.length;
      const patience = 20 + random.below(400);
      const loaded = performance.now();
      while (journal.posted.length === before || performance.now() - loaded < patience) {
        await new Promise(setImmediate);
      }
      server.kill('SIGKILL');
      await server.exited;
      await Promise.all(talkers.map(({ closed }) => closed));
      const result = audit(dataDir, journal);
      messages = result.messages;
      problems.push(...result.problems.map((problem) => `cycle ${cycle}: ${problem}`));
      progress(`cycle ${cycle} of ${cycles}: ${journal.posted.length} acknowledged, ${messages} on disk`);
    }
  } finally {
    for (const run of undo.toReversed()) await run();
  }
  const { posted, edited, seen } = journal;
  return { acknowledged: posted.length, edits: edited.length, shown: seen.length, messages, slowestStartMs, problems };
}
