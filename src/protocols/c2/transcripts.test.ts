import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { c2LibraryConnection } from '../../../testing/transcripts/c2-library.ts';
import { memoryConnection, tcpConnection, webSocketConnection } from '../../../testing/transcripts/connections.ts';
import { openTestApp, type TestApp, defaultFacts } from '../../../testing/app.ts';
import { FakeClock } from '../../../testing/clock.ts';
import { PROMPT, openTestPort } from '../../../testing/transports/port.ts';
import { playTranscript, type TranscriptTarget } from '../../../testing/transcripts/transcript.ts';
import type { Clock } from '../../core/ports.ts';
import { systemClock } from '../../server/clock.ts';
import type { ServerFacts } from '../protocol.ts';
import { connect, ping } from './client.ts';
import { sniff } from './sniff.ts';

const facts: ServerFacts = { ...defaultFacts, name: 'Test Server', id: 4_503_599_627_370_497 };
const folder = new URL('vectors/transcripts/', import.meta.url);

/** The rules that each transcript proves. A transcript that is missing here fails. */
const rules: { readonly [file: string]: string } = {
  'accounts.txt': 'C2-22',
  'ban.txt': 'C2-56 C2-61',
  'bad-input.txt': 'C2-02 C2-05 C2-11 C2-13 C2-14 C2-32 C2-34 T4 T9 T12',
  'before-connect.txt': 'C2-24 T24',
  'chat.txt': 'C2-20 C2-25 C2-30 C2-50',
  'direct.txt': 'C2-29 C2-63',
  'edit.txt': 'C2-35 C2-51',
  'history.txt': 'C2-21',
  'kindness.txt': 'C2-86 C2-87',
  'leaving.txt': 'C2-36 C2-54 C2-55 C2-57',
  'name-taken.txt': 'C2-20 C2-23',
  'ping.txt': 'C2-14 C2-37',
  'private-lines-off.txt': 'C2-65',
  'rename.txt': 'C2-33 C2-53',
  'slash.txt': 'C2-27 C2-28 C2-29',
  'two-connections.txt': 'C2-66',
  'waiting.txt': 'C2-64',
};

/** Settings of the server for some transcripts. */
const otherFacts: { readonly [file: string]: Partial<ServerFacts> } = {
  'private-lines-off.txt': { privateLines: false },
};

/** The transcripts that the client library cannot play, and why. */
const notByClient: { readonly [file: string]: string } = {
  'bad-input.txt': 'it sends nothing that cannot be read',
  'before-connect.txt': 'it sends nothing before it has connected',
  'kindness.txt': 'it sends nothing that is not needed',
  'ping.txt': 'before it has connected it pings without a timestamp',
};

type Played = Pick<TranscriptTarget, 'connect'> & { readonly app: TestApp };

async function inMemory(framing: 'stream' | 'message', more: Partial<ServerFacts> = {}): Promise<Played> {
  const app = await openTestApp({ facts: { ...facts, ...more } });
  return {
    app,
    connect: async () => memoryConnection(app.connect('c2', { framing }).peer, framing, () => app.settle()),
  };
}

async function onSockets(
  t: TestContext,
  how: 'tcp' | 'websocket' | 'client',
  more: Partial<ServerFacts> = {},
): Promise<Played & { url: string }> {
  const fake = new FakeClock();
  const clock: Clock = { ...systemClock, now: () => fake.now(), after: (ms, run) => fake.after(ms, run) };
  const app = await openTestApp({ clock, facts: { ...facts, ...more } });
  t.after(() => app.stop());
  const { port } = await openTestPort(t, {
    clock: systemClock,
    limits: PROMPT,
    protocols: [{ name: 'c2', sniff, frames: 'text', zeromq: false }],
    accept: (link) => app.accept(link, 'c2'),
  });
  const url = `ws://127.0.0.1:${port}/`;
  return {
    url,
    app,
    async connect() {
      if (how === 'tcp') return tcpConnection(port);
      return how === 'websocket' ? webSocketConnection(url) : c2LibraryConnection(url);
    },
  };
}

function stageOf({ connect: connected, app }: Played): TranscriptTarget {
  return {
    connect: connected,
    values: { server: facts.name, server_id: `${facts.id}` },
    barrier: { ask: () => 'c2/PING', isAnswer: (_count, line) => line === `c2/PING ${facts.id}` },
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
  test(`${title} C2-71 by the client library`, async (t) => play(await onSockets(t, 'client', more)));
}

test('C2-70 C2-71 C2-80 C2-81 C2-82 the client library on the WebSocket of the platform', async (t) => {
  const { url } = await onSockets(t, 'client');
  assert.equal((await ping(url)).server, facts.id);
  const alice = await connect(url, { name: 'alice' });
  await assert.rejects(connect(url, { name: 'Alice' }), /^C2Error: this name is taken$/);
  await alice.rename('Alice');
  await Promise.all([alice.send('/one', { timestamp: 1 }), alice.send('two', { timestamp: 2 })]);
  assert.deepEqual([alice.server, alice.name, await alice.users()], ['Test Server', 'Alice', ['Alice']]);
  const closed = alice.close();
  const heard: string[] = [];
  for await (const event of alice) heard.push('text' in event ? `${event.timestamp} ${event.text}` : event.type);
  await closed;
  assert.deepEqual(heard, ['UPDATE', '1 /one', '2 two', 'DISCONNECT disconnect']);
});
