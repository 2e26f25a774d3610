import { seededRandom } from '../../testing/random.ts';
import { startServerProcess } from '../../testing/server.ts';
import { type Cleanup, temporaryDirectory } from '../../testing/temporary.ts';
import { checkDatabase } from './check-database.ts';
import { TaggedClient } from './clients/tagged.ts';
import { MsgpackClient } from './clients/msgpack.ts';
import { ClientLog } from './client-log.ts';
import { CodechatClient } from './clients/codechat.ts';
import { C2Client } from './clients/c2.ts';

/** No cycle is long enough to save delivery markers, so all messages wait again; none of them may be dropped. */
const ALL_WAITS = ['--waiting-messages', '100000'];
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
export async function killUnderLoad(
  cycles: number,
  seed: number,
  progress: (line: string) => void,
): Promise<KillReport> {
  const random = seededRandom(seed);
  const undo: (() => Promise<void>)[] = [];
  const cleanup = { after: (run: () => Promise<void>) => void undo.push(run) };
  const dataDir = temporaryDirectory(cleanup);
  const log = new ClientLog();
  let slowestStartMs = 0;
  let messages = 0;
  const problems: string[] = [];
  try {
    for (let cycle = 1; cycle <= cycles && problems.length === 0; cycle++) {
      const begun = performance.now();
      const server = await startServerProcess(cleanup, { dataDir, args: ALL_WAITS });
      slowestStartMs = Math.max(slowestStartMs, performance.now() - begun);
      const c2Clients = Array.from(
        { length: C2_CLIENTS },
        (_, index) => new C2Client(server.url, `c${cycle}t${index}`, log),
      );
      const codechatClients = Array.from(
        { length: CODECHAT_CLIENTS },
        (_, index) => new CodechatClient(server.port, `c${cycle}s${index}`, log),
      );
      const taggedClients = openTaggedClients(server.url, log);
      for (const client of taggedClients) {
        void client.loggedIn.then((result) => {
          if (result === 200) client.send(cycle);
          else problems.push(`cycle ${cycle}: a login had the result ${result}`);
        });
      }
      const msgpackClients = openMsgpackClients(server.url, log);
      for (const [index, client] of msgpackClients.entries()) {
        void client.loggedIn.then((accepted) => {
          if (accepted) client.send(cycle);
          else problems.push(`cycle ${cycle}: ${MSGPACK_NAMES[index]} was refused`);
        });
      }
      const before = log.posted.length;
      const loadMs = 20 + random.below(400);
      const loaded = performance.now();
      while (log.posted.length === before || performance.now() - loaded < loadMs) {
        await new Promise(setImmediate);
      }
      server.kill('SIGKILL');
      await server.exited;
      await Promise.all(
        [...c2Clients, ...codechatClients, ...taggedClients, ...msgpackClients].map(({ closed }) => closed),
      );
      const result = checkDatabase(dataDir, log);
      messages = result.messages;
      problems.push(...result.problems.map((problem) => `cycle ${cycle}: ${problem}`));
      progress(`cycle ${cycle} of ${cycles}: ${log.posted.length} acknowledged, ${messages} on disk`);
    }
    if (problems.length === 0) problems.push(...(await checkBacklog(cleanup, dataDir, log)));
  } finally {
    for (const run of undo.toReversed()) await run();
  }
  return {
    acknowledged: log.posted.length,
    edits: log.edited.length,
    shown: log.shown.length + log.shownTexts.length,
    messages,
    slowestStartMs,
    problems,
  };
}

function openMsgpackClients(url: string, log: ClientLog): MsgpackClient[] {
  return MSGPACK_NAMES.map((name, index) => new MsgpackClient(url, name, MSGPACK_NAMES[index ^ 1] ?? '', log));
}

function openTaggedClients(url: string, log: ClientLog): TaggedClient[] {
  return TAGGED_NAMES.map((name, index) => new TaggedClient(url, name, TAGGED_NAMES[index ^ 1] ?? '', log));
}

/** A last start without a kill: at login every client must be shown all direct messages that were acknowledged. */
async function checkBacklog(cleanup: Cleanup, dataDir: string, log: ClientLog): Promise<string[]> {
  const problems: string[] = [];
  const server = await startServerProcess(cleanup, { dataDir, args: ALL_WAITS });
  const taggedClients = openTaggedClients(server.url, log);
  for (const [index, client] of taggedClients.entries()) {
    const result = await client.loggedIn;
    if (result !== 200) problems.push(`${TAGGED_NAMES[index]} cannot log in any more: ${result}`);
  }
  for (const [index, client] of taggedClients.entries()) {
    const partner = taggedClients[index ^ 1];
    if (partner !== undefined) await client.caughtUp(partner, `the end for ${TAGGED_NAMES[index]}`);
    const friends = await client.friends();
    for (const friendship of log.friends) {
      const [name, other = ''] = friendship.split(' ');
      if (name === TAGGED_NAMES[index] && !friends.includes(other))
        problems.push(`${name} has lost the friend ${other}`);
    }
  }
  const msgpackClients = openMsgpackClients(server.url, log);
  for (const [index, client] of msgpackClients.entries())
    if (!(await client.loggedIn)) problems.push(`${MSGPACK_NAMES[index]} cannot log in by an issued token`);
  for (const [index, client] of msgpackClients.entries()) {
    const partner = msgpackClients[index ^ 1];
    if (partner !== undefined) await client.caughtUp(partner, `the end for ${MSGPACK_NAMES[index]}`);
  }
  for (const { to, text } of log.directs)
    if (!log.shownDirects.has(`${to} ${text}`)) problems.push(`${to} was not shown "${text}", which was acknowledged`);
  for (const client of [...taggedClients, ...msgpackClients]) client.close();
  await server.stop();
  return problems;
}
