import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { codechatLibraryConnection } from '../../../testing/transcripts/codechat-library.ts';
import { codechatBarrier } from '../../../testing/transcripts/codechat-lines.ts';
import { memoryConnection, tcpConnection, webSocketConnection } from '../../../testing/transcripts/connections.ts';
import { openTestApp, type TestApp, defaultFacts } from '../../../testing/app.ts';
import { PROMPT, openTestPort } from '../../../testing/transports/port.ts';
import { taggedBarrier } from '../../../testing/transcripts/tagged-lines.ts';
import { type Barrier, playTranscript, type TranscriptTarget } from '../../../testing/transcripts/transcript.ts';
import type { Clock } from '../../core/ports.ts';
import { systemClock } from '../../server/clock.ts';
import { protocols } from '../index.ts';
import type { ServerFacts } from '../protocol.ts';
import { connect } from './client.ts';

const folder = new URL('vectors/transcripts/', import.meta.url);

/** The rules that each transcript proves. A transcript that is missing here fails. */
const rules: { readonly [file: string]: string } = {
  'accounts.txt': 'CODE-24 CODE-26 T17',
  'bad-input.txt': 'CODE-07 CODE-11 CODE-12 CODE-14 T3 T4 T9 T10',
  'ban.txt': 'CODE-58 CODE-61',
  'before-connect.txt': 'CODE-20 CODE-35 T24',
  'broken.txt': 'CODE-06 T2',
  'buffers.txt': 'CODE-85',
  'chat.txt': 'CODE-10 CODE-14 CODE-22 CODE-28 CODE-30 CODE-34 CODE-50 CODE-54 T12',
  'direct.txt': 'CODE-33 CODE-63',
  'echo.txt': 'CODE-88 CODE-89',
  'edits.txt': 'CODE-51 CODE-52 CODE-63',
  'history.txt': 'CODE-23 CODE-53',
  'leaving.txt': 'CODE-35 CODE-55',
  'leaving-anyhow.txt': 'CODE-35 CODE-87',
  'name-taken.txt': 'CODE-21 CODE-25',
  'own-edits.txt': 'CODE-51 CODE-52',
  'private-lines-off.txt': 'CODE-65',
  'rename.txt': 'CODE-26 CODE-27 CODE-56',
  'slash.txt': 'CODE-31 CODE-32 CODE-33',
  'two-connections.txt': 'CODE-50 CODE-54 CODE-55 CODE-63',
  'waiting.txt': 'CODE-23 CODE-53 CODE-64',
  'with-others.txt': 'CODE-54 CODE-55 CODE-56 CODE-57 T14 T28',
};

/** Settings of the server for some transcripts. */
const otherFacts: { readonly [file: string]: Partial<ServerFacts> } = {
  'history.txt': { codechatHistory: 3 },
  'private-lines-off.txt': { privateLines: false },
};

/** The transcripts that the client library cannot play, and why. */
const notByClient: { readonly [file: string]: string } = {
  'bad-input.txt': 'it sends nothing that cannot be read',
  'before-connect.txt': 'it sends nothing before it has connected',
  'broken.txt': 'it sends no broken JSON',
  'buffers.txt': 'it sends no zeros',
  'chat.txt': 'it writes each command in one spelling only',
  'echo.txt': 'it knows its own messages',
  'leaving-anyhow.txt': 'it sends nothing with exit',
};

const barriers: { readonly [protocol: string]: Barrier } = {
  c2: { ask: () => 'c2/PING', isAnswer: (_, line) => line === `c2/PING ${defaultFacts.id}` },
  tagged: taggedBarrier,
};

type Played = Pick<TranscriptTarget, 'connect'> & { readonly app: TestApp };

async function inMemory(framing: 'stream' | 'message', facts: Partial<ServerFacts> = {}): Promise<Played> {
  const app = await openTestApp({ facts });
  return {
    app,
    async connect(_, by) {
      const { peer } = app.connect(by ?? 'codechat', { framing });
      const barrier = barriers[by ?? ''];
      return { ...memoryConnection(peer, framing, () => app.settle()), ...(barrier && { barrier }) };
    },
  };
}

/** On real sockets, without deadlines and without roster updates. */
async function onSockets(
  t: TestContext,
  how: 'tcp' | 'websocket' | 'client',
  facts: Partial<ServerFacts> = {},
): Promise<Played & { url: string }> {
  const fake = new FakeClock();
  const clock: Clock = { ...systemClock, now: () => fake.now(), after: (ms, run) => fake.after(ms, run) };
  const app = await openTestApp({ clock, facts });
  t.after(() => app.stop());
  const { port } = await openTestPort(t, { clock: systemClock, limits: PROMPT, protocols, accept: app.accept });
  const url = `ws://127.0.0.1:${port}/codechat`;
  return {
    url,
    app,
    async connect(_, by) {
      const barrier = barriers[by ?? ''];
      if (barrier !== undefined) return { ...(await tcpConnection(port)), barrier };
      if (how === 'tcp') return tcpConnection(port);
      return how === 'websocket' ? webSocketConnection(url) : codechatLibraryConnection(url);
    },
  };
}

function stageOf({ connect: connected, app }: Played): TranscriptTarget {
  return {
    connect: connected,
    values: { server: defaultFacts.name },
    barrier: codechatBarrier,
    async operate(action) {
      const [, verb, name = '', rest = ''] = /^(bans|registers) (\w+): (.*)$/.exec(action) ?? assert.fail(action);
      const { moderation, accounts } = app.world;
      if (verb === 'bans') {
        moderation.ban({ type: 'operator' }, name, rest, null, (result) => assert.ok(result.ok));
        return app.settle();
      }
      const wanted = { name, displayName: null, password: { type: 'plain', value: rest }, role: 'user' } as const;
      void accounts.register({ type: 'operator' }, wanted, (result) => assert.ok(result.ok));
      await app.settle();
    },
  };
}

for (const file of readdirSync(folder)) {
  const title = `${rules[file] ?? assert.fail(file)} ${file}`;
  const more = otherFacts[file];
  const play = async (played: Played) => playTranscript(readFileSync(new URL(file, folder), 'utf8'), stageOf(played));
  test(`${title} on a stream in memory`, async () => play(await inMemory('stream', more)));
  test(`${title} on messages in memory`, async () => play(await inMemory('message', more)));
  test(`${title} over TCP`, async (t) => play(await onSockets(t, 'tcp', more)));
  test(`${title} over a WebSocket`, async (t) => play(await onSockets(t, 'websocket', more)));
  if (notByClient[file] !== undefined) continue;
  test(`${title} CODE-71 by the client library`, async (t) => play(await onSockets(t, 'client', more)));
}

test('CODE-70 CODE-71 CODE-79 CODE-80 CODE-81 CODE-83 the client library on the WebSocket of the platform', async (t) => {
  const { url } = await onSockets(t, 'client');
  const alice = await connect(url, { name: 'alice' });
  await assert.rejects(connect(url, { name: 'Alice' }), /^CodechatError: this name is taken$/);
  const bob = await connect(url, { name: 'bob' });
  await alice.rename('Alice');
  await Promise.all([alice.send('/one'), alice.send('two'), alice.direct('bob', '/three')]);
  assert.deepEqual([alice.name, await alice.users()], ['Alice', ['Alice', 'bob']]);
  await alice.close();
  const heard: string[] = [];
  for await (const event of bob) {
    heard.push(`${event.cmd} ${'user' in event ? event.user : ''} ${'msg' in event ? event.msg : ''}`);
    if (heard.length === 6) break;
  }
  assert.deepEqual(heard, [
    'client-exit alice ',
    'client-enter Alice ',
    'message Alice /one',
    'message Alice two',
    'message Alice (private) /three',
    'client-exit Alice ',
  ]);
  await bob.close();
});
