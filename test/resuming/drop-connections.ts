import { seededRandom } from '../../testing/random.ts';
import { type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { withCleanup } from '../with-cleanup.ts';
import { DroppingClient, type Key } from './dropping-client.ts';

const NAMES = ['alba', 'bert', 'cleo'];
const PAGE = 200;

export type DropReport = {
  readonly drops: number;
  readonly kills: number;
  readonly messages: number;
  readonly problems: readonly string[];
};

type Entry = { readonly text?: string; readonly key: Key };

/**
 * Each of three clients drops its connection `drops` times at random points while it sends messages to one room, and the server is
 * killed `kills` times in between, now and then in order. In the end every message must be in the room once, with the number that its answer gave, and
 * those of each client in their order.
 */
export function dropConnections(
  { drops, kills, seed }: { readonly drops: number; readonly kills: number; readonly seed: number },
  progress: (line: string) => void,
): Promise<DropReport> {
  return withCleanup(async (cleanup) => {
    const random = seededRandom(seed);
    const dataDir = temporaryDirectory(cleanup);
    let server: ServerProcess = await startServerProcess(cleanup, { dataDir });
    const clients = NAMES.map((name) => new DroppingClient(name, random, () => server.port));
    const people = [];
    for (const client of clients) people.push(await client.begin());
    const [owner] = clients;
    const rooms = people[0]?.rooms;
    if (owner === undefined || rooms === undefined) throw new Error('there is no client');
    const members = people.map(({ self }) => ({ key: self }));
    const made = await owner.request('add_child', { key: rooms, obj: { key: { type: 'room' }, name: 'Den', members } });
    const room = made.data?.key ?? rooms;
    const killAt = new Set(Array.from({ length: kills }, (_, index) => Math.floor(((index + 0.5) * drops) / kills)));
    for (let drop = 0; drop < drops; drop++) {
      const sending = clients.map((client) => client.sendAndDrop(room));
      if (killAt.has(drop)) {
        for (let turns = random.below(30); turns > 0; turns--) await new Promise(setImmediate);
        server.kill(random.next() < 0.2 ? 'SIGTERM' : 'SIGKILL');
        await server.exited;
        server = await startServerProcess(cleanup, { dataDir });
        progress(`killed after ${drop} drops`);
      }
      await Promise.all(sending);
    }
    for (const client of clients) await client.finish();
    const history = await historyOf(owner, room);
    await server.stop();
    return { drops: drops * clients.length, kills, messages: history.length, problems: problemsOf(clients, history) };
  });
}

async function historyOf(client: DroppingClient, room: Key): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let index = 1; ; index++) {
    const { data } = await client.request('get_children', { key: room, view: 'asc', size: PAGE, page: index });
    const page = (data as { readonly page?: readonly Entry[] } | undefined)?.page ?? [];
    entries.push(...page);
    if (page.length < PAGE) return entries;
  }
}

function problemsOf(clients: readonly DroppingClient[], history: readonly Entry[]): string[] {
  const problems: string[] = [];
  const texts = history.map(({ text = '' }) => text);
  if (new Set(texts).size < texts.length)
    problems.push(`${texts.length - new Set(texts).size} messages are there twice`);
  for (const { name, sent, numbers } of clients) {
    const own = texts.filter((text) => text.startsWith(`${name} `));
    if (JSON.stringify(own) !== JSON.stringify(sent))
      problems.push(`${name} sent ${sent.length}, of which the room has ${own.length}, or in another order`);
    for (const [text, number] of numbers)
      if (texts[number - 1] !== text) problems.push(`${text} was answered with number ${number}`);
  }
  return problems;
}
