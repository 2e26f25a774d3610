import { seededRandom } from '../../testing/random.ts';
import { checkBacklog } from '../crash/check-backlog.ts';
import { checkStored } from '../crash/check-stored.ts';
import { ClientLog } from '../crash/client-log.ts';
import { DocumentsClient, readLobby } from '../crash/clients/documents.ts';
import { withCleanup } from '../with-cleanup.ts';
import { Cluster } from './cluster.ts';
import { Crew } from './crew.ts';
import { type Fault, type FaultName, FAULTS, type Scene } from './faults.ts';
import { findGaps, readDatabase } from './read-database.ts';

/** Delivery markers are saved every 5 s; all that was acknowledged since the last ones waits, and none of it may be dropped. */
const ALL_WAITS = ['--waiting-messages', '100000'];
/** Before each fault so many messages are acknowledged, at least and at most. */
const LOAD = [20, 200] as const;
const NODES = [0, 1];
/** So soon after a fault each node has to serve again. */
const BACK_MS = 5_000;
/** Where nobody listens. */
const NOWHERE = 'ws://127.0.0.1:1/';
const DOCUMENTS_NAMES = ['gwen', 'hugo'];

/** How long it took after a fault, in ms, until each node acknowledged a message, and until the other showed one of after that. */
export type Return = { readonly servesMs: number; readonly showsMs: number };

export type FaultReport = {
  readonly acknowledged: number;
  readonly refused: number;
  readonly edits: number;
  readonly shown: number;
  readonly messages: number;
  readonly slowest: ReadonlyMap<FaultName, Return>;
  readonly problems: readonly string[];
};

/** So many faults in random order; each happens about as often as any other. */
export function faultDeck(count: number, seed: number): FaultName[] {
  const random = seededRandom(seed);
  const names = Object.keys(FAULTS) as FaultName[];
  return Array.from({ length: Math.ceil(count / names.length) }, () => random.shuffle(names))
    .flat()
    .slice(0, count);
}

/** Lets these faults happen to a loaded cluster, and compares after each what is stored with what clients of both nodes were told. */
export function loadUnderFaults(
  faults: readonly FaultName[],
  seed: number,
  progress: (line: string) => void,
): Promise<FaultReport> {
  return withCleanup(async (cleanup) => {
    const random = seededRandom(seed);
    const cluster = await Cluster.start(cleanup, ALL_WAITS);
    const log = new ClientLog();
    const crew = new Crew(cluster, log);
    const until: Scene['until'] = (isTrue) => log.changed.until(isTrue);
    const acknowledged: Scene['acknowledged'] = (count, nodes) => {
      const names = crew.namesOn(nodes);
      let left = count;
      const find = finder(log.posted, (text) => names.has(authorOf(text)) && --left <= 0);
      return until(() => count <= 0 || find() !== undefined);
    };
    const slowest = new Map<FaultName, Return>();
    const problems: string[] = [];
    let messages = 0;
    await crew.fill(0);
    let dials = 0;
    const anywhere = () => {
      const running = cluster.nodes.filter(({ runs }) => runs);
      return running[dials++ % running.length]?.process.url ?? NOWHERE;
    };
    const documents = await Promise.all(DOCUMENTS_NAMES.map((name) => DocumentsClient.open(anywhere, name, log)));
    cleanup.after(async () => {
      await crew.leave();
      await Promise.all(documents.map((client) => client.close()));
    });
    for (const client of documents) client.start();
    for (const [index, name] of faults.entries()) {
      const cycle = index + 1;
      const [least, most] = LOAD;
      for (const node of NODES) await acknowledged(least + random.below(most - least), [node]);
      const refused = log.refused.length;
      const fault: Fault = FAULTS[name];
      const spared = crew.namesOn(await fault({ cluster, crew, random, acknowledged, until }));
      const over = performance.now();
      const wait = documents.map(({ name }) => finder(log.posted, (text) => authorOf(text) === name));
      for (const client of documents) client.check();
      await crew.fill(cycle);
      for (const node of NODES) await acknowledged(1, [node]);
      await until(() => wait.every((isServed) => isServed() !== undefined));
      const servesMs = performance.now() - over;
      await isShown(crew, log);
      const showsMs = performance.now() - over;
      const before = slowest.get(name) ?? { servesMs: 0, showsMs: 0 };
      slowest.set(name, {
        servesMs: Math.max(servesMs, before.servesMs),
        showsMs: Math.max(showsMs, before.showsMs),
      });
      const noticed = log.refused.slice(refused).filter(({ text }) => spared.has(authorOf(text)));
      const told = log.copy();
      const stored = checkStored(await readDatabase(cluster.databaseUrl), told);
      messages = stored.messages;
      const found = [
        ...crew.problems.splice(0),
        ...(servesMs > BACK_MS ? [`the nodes served again after ${Math.round(servesMs)} ms`] : []),
        ...noticed.map(({ text, reason }) => `"${text}" was refused where nothing had happened: ${reason}`),
        ...log.lost.splice(0),
        ...stored.problems,
        ...(await findGaps(cluster.databaseUrl)),
      ];
      problems.push(...found.map((problem) => `cycle ${cycle} (${name}): ${problem}`));
      progress(
        `cycle ${cycle} of ${faults.length}: ${name}; served after ${Math.round(servesMs)} ms, shown after ${Math.round(showsMs)} ms; ` +
          `${told.posted.length} acknowledged, ${told.refused.length} refused, ${messages} stored`,
      );
      if (problems.length > 0) break;
    }
    if (problems.length === 0) problems.push(...(await checkEnd(cluster, crew, documents, log)));
    const { posted, edited, shown, shownTexts } = log;
    const counts = { acknowledged: posted.length, refused: log.refused.length, edits: edited.length };
    return { ...counts, shown: shown.length + shownTexts.length, messages, slowest, problems };
  });
}

/** Resolves when each node has acknowledged a message that was said after this call, and the other one has shown it. */
async function isShown(crew: Crew, log: ClientLog): Promise<void> {
  const isSaidOn = (node: number) => {
    const names = new Set(crew.watchers(node).map(({ name }) => name));
    return finder(log.posted, (text) => names.has(authorOf(text)));
  };
  await Promise.all(
    NODES.map(async (node) => {
      const find = isSaidOn(node);
      await log.changed.until(() => find() !== undefined);
      const names = crew.watchers(1 - node).map(({ name }) => name);
      const views = log.views.filter(({ name }) => names.includes(name));
      // It may have been shown before its author was answered.
      const finders = views.map(({ texts }) => finder(texts, (text) => text === find(), 0));
      await log.changed.until(() => finders.some((isThere) => isThere() !== undefined));
    }),
  );
}

/** Returns a function that looks for the first of the items that fits, from an index on, in a list that grows. */
function finder<T>(list: readonly T[], fits: (item: T) => boolean, from = list.length): () => T | undefined {
  let next = from;
  let found: T | undefined;
  return () => {
    while (found === undefined && next < list.length) {
      const item = list[next++] as T;
      if (fits(item)) found = item;
    }
    return found;
  };
}

/** Stops the load. Then both nodes show the same, nothing that was acknowledged waits for ever, and both end in order. */
async function checkEnd(
  cluster: Cluster,
  crew: Crew,
  documents: readonly DocumentsClient[],
  log: ClientLog,
): Promise<string[]> {
  await Promise.all(documents.map((client) => client.finish()));
  await crew.leave();
  const problems = await checkBacklog(crew.partners(), log);
  const { entries } = await readDatabase(cluster.databaseUrl);
  const lobbies = await Promise.all(
    cluster.nodes.map(({ process }, index) => readLobby(process.url, `reader${index}`)),
  );
  const stored = lobbyTexts(entries.map(({ body }) => body));
  for (const [index, texts] of lobbies.entries())
    if (JSON.stringify(texts) !== JSON.stringify(stored))
      problems.push(`node ${index} shows another lobby than is stored`);
  for (const [index, { process }] of cluster.nodes.entries()) {
    const { code } = await process.stop();
    if (code !== 0) problems.push(`node ${index} ended with code ${code}`);
  }
  return problems;
}

type Body = {
  readonly type: string;
  readonly message?: { readonly id: string; readonly room: number; readonly text: string };
};

/** The texts of the lobby as they are now; it is the room with the first message. */
function lobbyTexts(bodies: readonly string[]): string[] {
  const texts = new Map<string, string>();
  const messages = bodies.flatMap((body) => (JSON.parse(body) as Body).message ?? []);
  const lobby = messages.find(({ text }) => text.startsWith('c0'))?.room;
  for (const { id, room, text } of messages) if (room === lobby) texts.set(id, text);
  return [...texts.values()];
}

function authorOf(text: string): string {
  return text.slice(0, text.indexOf(' '));
}
