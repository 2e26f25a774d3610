import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { memoryConnection, tcpConnection, webSocketConnection } from '../../../testing/transcripts/connections.ts';
import { defaultFacts } from '../../../testing/app.ts';
import { generousOptions, TestHub } from '../../../testing/hub.ts';
import { countingIds } from '../../../testing/ids.ts';
import { fastPasswords } from '../../../testing/passwords.ts';
import { PROMPT, openTestPort } from '../../../testing/transports/port.ts';
import { taggedLibraryConnection } from '../../../testing/transcripts/tagged-library.ts';
import { taggedBarrier, normalizeTagged } from '../../../testing/transcripts/tagged-lines.ts';
import { type Barrier, playTranscript, type TranscriptTarget } from '../../../testing/transcripts/transcript.ts';
import { silentLog, defaultRules } from '../../../testing/world.ts';
import { MemoryBus } from '../../bus/memory/bus.ts';
import { Hub } from '../../connections/hub.ts';
import type { Clock } from '../../core/ports.ts';
import { World } from '../../core/world.ts';
import { systemClock } from '../../server/clock.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import { memoryPair } from '../../../testing/transports/memory-link.ts';
import { c2, c2Adapter } from '../c2/index.ts';
import { connect, register } from './client.ts';
import { tagged, taggedAdapter } from './index.ts';

const folder = new URL('vectors/transcripts/', import.meta.url);
const hash = 'ab'.repeat(32);

/** The rules that each transcript proves. A transcript that is missing here fails. */
const rules: { readonly [file: string]: string } = {
  'bad-input.txt': 'TAG-06 TAG-07 TAG-11 TAG-16 TAG-17 TAG-20 TAG-21 TAG-22 TAG-25 TAG-78 T4 T9 T10 T12 T40',
  'before-login.txt': 'TAG-26 TAG-33 TAG-41 TAG-42 TAG-44 TAG-45 TAG-46 TAG-48 T17 T24',
  'blocks.txt': 'TAG-56 TAG-72',
  'chat.txt': 'TAG-11 TAG-30 TAG-34 TAG-40 TAG-43 TAG-46 TAG-48 TAG-60 TAG-70 TAG-71',
  'echo.txt': 'TAG-61 TAG-62',
  'edit.txt': 'TAG-63 TAG-75 TAG-77',
  'friends.txt': 'TAG-50 TAG-52 TAG-53 TAG-56',
  'groups.txt': 'TAG-52 TAG-53 TAG-57',
  'guest-to-account.txt': 'TAG-48 TAG-49',
  'leaving.txt': 'TAG-35 TAG-47 TAG-65',
  'nonce.txt': 'TAG-74',
  'own-edits.txt': 'TAG-96',
  'roster-updates.txt': 'TAG-40 TAG-46 TAG-51 TAG-58 TAG-65 TAG-72',
  'waiting.txt': 'TAG-61 TAG-64 TAG-66 TAG-72',
  'with-c2.txt': 'TAG-17 TAG-18 TAG-60 TAG-63 TAG-65 TAG-66 TAG-70',
};

const c2Barrier: Barrier = { ask: () => 'c2/PING', isAnswer: (_, line) => line === `c2/PING ${defaultFacts.id}` };

/** The transcripts that the client library cannot play, and why. */
const notByClient: { readonly [file: string]: string } = {
  'bad-input.txt': 'it sends nothing that cannot be read',
  'before-login.txt': 'it asks nothing before it has logged in',
};

type App = Pick<TranscriptTarget, 'connect'> & {
  readonly world: World;
  readonly clock: FakeClock;
  readonly settle: () => Promise<void>;
};

async function inMemory(framing: 'stream' | 'message'): Promise<App> {
  const app = await TestHub.open();
  const adapter = taggedAdapter(defaultFacts);
  const settle = () => app.settle();
  return {
    world: app.world,
    clock: app.clock,
    settle,
    async connect(_, by) {
      const { link, peer } = memoryPair(app.clock, { framing });
      if (by === null) app.hub.connect(adapter, link);
      else app.hub.connect(c2Adapter(defaultFacts), link);
      const conversation = memoryConnection(peer, framing, settle);
      return by === null ? conversation : { ...conversation, barrier: c2Barrier };
    },
  };
}

/** On real sockets, without deadlines, and without roster updates before the transcript lets time pass. */
async function onSockets(t: TestContext, how: 'tcp' | 'websocket' | 'client'): Promise<App & { url: string }> {
  const fake = new FakeClock();
  const clock: Clock = { ...systemClock, now: () => fake.now(), after: (ms, run) => fake.after(ms, run) };
  const ports = {
    node: 'a',
    storage: new MemoryStorage(clock),
    names: new MemoryNames(),
    passwords: fastPasswords,
    bus: new MemoryBus().join(),
    clock,
    ids: countingIds(),
    log: silentLog,
  };
  const hub = new Hub(ports, generousOptions);
  const world = await World.open(ports, hub, defaultRules);
  hub.attach(world);
  const adapter = taggedAdapter(defaultFacts);
  const { port } = await openTestPort(t, {
    clock: systemClock,
    limits: PROMPT,
    protocols: [tagged, c2],
    accept: (link, name) => (name === 'c2' ? hub.connect(c2Adapter(defaultFacts), link) : hub.connect(adapter, link)),
  });
  const url = `ws://127.0.0.1:${port}/tagged`;
  return {
    url,
    world,
    clock: fake,
    settle: async () => {},
    async connect(_, by) {
      if (by !== null) return { ...(await tcpConnection(port)), barrier: c2Barrier };
      if (how === 'tcp') return tcpConnection(port);
      return how === 'websocket' ? webSocketConnection(url) : taggedLibraryConnection(url);
    },
  };
}

function stageOf({ connect, world, clock, settle }: App): TranscriptTarget {
  return {
    connect,
    values: { server: defaultFacts.name, hash, upper_hash: hash.toUpperCase(), other_hash: '01'.repeat(32) },
    barrier: taggedBarrier,
    normalize: normalizeTagged,
    async operate(action) {
      const [, name = '', reason = ''] = /^bans (\w+): (.*)$/.exec(action) ?? [];
      if (name !== '') world.moderation.ban({ type: 'operator' }, name, reason, null, (result) => assert.ok(result.ok));
      else if (action === 'waits a second') clock.advance(1_000);
      else assert.fail(action);
      await settle();
    },
  };
}

for (const file of readdirSync(folder)) {
  const title = `${rules[file] ?? assert.fail(file)} ${file}`;
  const play = async (app: App) => playTranscript(readFileSync(new URL(file, folder), 'utf8'), stageOf(app));
  test(`${title} on a stream in memory`, async () => play(await inMemory('stream')));
  test(`${title} on messages in memory`, async () => play(await inMemory('message')));
  test(`${title} over TCP`, async (t) => play(await onSockets(t, 'tcp')));
  test(`${title} over a WebSocket`, async (t) => play(await onSockets(t, 'websocket')));
  if (notByClient[file] !== undefined) continue;
  test(`${title} TAG-81 by the client library`, async (t) => play(await onSockets(t, 'client')));
}

test('TAG-80 TAG-81 TAG-82 TAG-83 TAG-89 the client library on the WebSocket of the platform', async (t) => {
  const { url } = await onSockets(t, 'client');
  await register(url, { name: 'alice', password: 'secret', displayName: 'Alice' });
  await assert.rejects(connect(url, { name: 'alice', password: 'wrong' }), /^TaggedError: wrong name or password$/);
  const alice = await connect(url, { name: 'alice', password: 'secret', status: 'Busy' });
  assert.deepEqual(alice.me, { username: 'alice', display_name: 'Alice', status: 'Busy' });
  const bob = await connect(url, { name: 'bob' });
  await bob.register('another secret');
  const { id } = await alice.chatGroup('lobby', 'one', { timestamp: 1, font: { color: '#ff0000' } });
  assert.equal((await alice.chat('bob', 'two', { timestamp: 2 })).delivered, true);
  await alice.edit(id, 'first');
  await alice.addFriend('bob');
  assert.deepEqual(
    (await alice.friends()).map(({ username, friend }) => [username, friend]),
    [['bob', true]],
  );
  assert.deepEqual(
    (await alice.users(['bob', 'nobody'])).map(({ username }) => username),
    ['bob'],
  );
  assert.deepEqual(
    (await alice.historyOf('lobby')).map(({ body, id: of }) => [body, of === id]),
    [['first', true]],
  );
  const closed = bob.close();
  const heard: string[] = [];
  for await (const event of bob)
    heard.push('body' in event ? `${event.message} ${event.timestamp} ${event.body}` : event.message);
  await Promise.all([closed, alice.close()]);
  assert.deepEqual(heard.slice(0, 2), ['chat.group 1 one', 'chat.user 2 two']);
  assert.match(heard[2] ?? '', /^chat\.group \d+ \* first$/);
});
