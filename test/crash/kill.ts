import { seededRandom } from '../../testing/random.ts';
import { startServerProcess } from '../../testing/server.ts';
import { type Cleanup, temporaryDirectory } from '../../testing/temporary.ts';
import { withCleanup } from '../with-cleanup.ts';
import { checkBacklog } from './check-backlog.ts';
import { checkDatabase } from './check-database.ts';
import { ClientLog } from './client-log.ts';
import { C2Client } from './clients/c2.ts';
import { CodechatClient } from './clients/codechat.ts';
import { MsgpackClient } from './clients/msgpack.ts';
import { PartnerClient } from './clients/partner-client.ts';
import { TaggedClient } from './clients/tagged.ts';

/** No cycle is long enough to save delivery markers, so all messages wait again; none of them may be dropped. */
const ALL_WAITS = ['--waiting-messages', '100000'];
/** In each cycle so many messages are acknowledged before the kill, however busy the machine is. */
const LEAST = 20;
const C2_CLIENTS = 6;
const CODECHAT_CLIENTS = 3;
/** Neighbours are partners. */
const TAGGED_NAMES = ['alba', 'bert', 'cleo', 'dora'];
const MSGPACK_NAMES = ['ella', 'finn'];

export type KillReport = {
  readonly acknowledged: number;
  readonly edits: number;
  readonly shown: number;
  readonly messages: number;
  readonly slowestStartMs: number;
  readonly problems: readonly string[];
};

/** Kills a loaded server `cycles` times by SIGKILL, always on the same data, and compares its disk with what clients were told. */
export function killUnderLoad(cycles: number, seed: number, progress: (line: string) => void): Promise<KillReport> {
  return withCleanup(async (cleanup) => {
    const random = seededRandom(seed);
    const dataDir = temporaryDirectory(cleanup);
    const log = new ClientLog();
    let slowestStartMs = 0;
    let messages = 0;
    const problems: string[] = [];
    for (let cycle = 1; cycle <= cycles && problems.length === 0; cycle++) {
      const begun = performance.now();
      const server = await startServerProcess(cleanup, { dataDir, args: ALL_WAITS });
      slowestStartMs = Math.max(slowestStartMs, performance.now() - begun);
      const guests = [
        ...Array.from({ length: C2_CLIENTS }, (_, index) => new C2Client(server.url, `c${cycle}t${index}`, log)),
        ...Array.from(
          { length: CODECHAT_CLIENTS },
          (_, index) => new CodechatClient(server.port, `c${cycle}s${index}`, log),
        ),
      ];
      const partners = openPartners(server.url, log);
      for (const client of [...guests, ...partners]) {
        void client.loggedIn.then((accepted) => {
          if (!accepted) problems.push(`cycle ${cycle}: the login of ${client.name} was refused`);
          else if (client instanceof PartnerClient) client.start(cycle);
        });
      }
      const before = log.posted.length;
      const loadMs = 20 + random.below(400);
      const loaded = performance.now();
      while (log.posted.length < before + LEAST || performance.now() - loaded < loadMs) await new Promise(setImmediate);
      server.kill('SIGKILL');
      await server.exited;
      await Promise.all([...guests, ...partners].map(({ closed }) => closed));
      const result = checkDatabase(dataDir, log);
      messages = result.messages;
      const guest = log.refused.find(({ text }) => guests.some(({ name }) => text.startsWith(`${name} `)));
      if (guest !== undefined) problems.push(`cycle ${cycle}: "${guest.text}" was refused: ${guest.reason}`);
      problems.push(...result.problems.map((problem) => `cycle ${cycle}: ${problem}`));
      progress(`cycle ${cycle} of ${cycles}: ${log.posted.length} acknowledged, ${messages} on disk`);
    }
    if (problems.length === 0) problems.push(...(await checkEnd(cleanup, dataDir, log)));
    const shown = log.shown.length + log.shownTexts.length;
    return { acknowledged: log.posted.length, edits: log.edited.length, shown, messages, slowestStartMs, problems };
  });
}

function openPartners(url: string, log: ClientLog): (TaggedClient | MsgpackClient)[] {
  return [
    ...TAGGED_NAMES.map((name, index) => new TaggedClient(url, name, TAGGED_NAMES[index ^ 1] ?? '', log)),
    ...MSGPACK_NAMES.map((name, index) => new MsgpackClient(url, name, MSGPACK_NAMES[index ^ 1] ?? '', log)),
  ];
}

/** A last start without a kill: at login every client must be shown all direct messages that were acknowledged. */
async function checkEnd(cleanup: Cleanup, dataDir: string, log: ClientLog): Promise<string[]> {
  const server = await startServerProcess(cleanup, { dataDir, args: ALL_WAITS });
  const problems = await checkBacklog(openPartners(server.url, log), log);
  await server.stop();
  return problems;
}
