import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { defaultFacts, openTestApp, type TestApp } from '../../../testing/app.ts';
import { FakeClock } from '../../../testing/clock.ts';
import { memoryConnection, tcpConnection, webSocketConnection } from '../../../testing/transcripts/connections.ts';
import { documentsLibraryConnection } from '../../../testing/transcripts/documents-library.ts';
import { documentsBarrier } from '../../../testing/transcripts/documents-lines.ts';
import { type Barrier, playTranscript, type TranscriptTarget } from '../../../testing/transcripts/transcript.ts';
import { openTestPort, PROMPT } from '../../../testing/transports/port.ts';
import type { Clock } from '../../core/ports.ts';
import { systemClock } from '../../server/clock.ts';
import { protocols } from '../index.ts';

const folder = new URL('vectors/transcripts/', import.meta.url);

/** The rules that each transcript proves. A transcript that is missing here fails. */
const rules: { readonly [file: string]: string } = {
  'account.txt': 'DOC-31 DOC-36 DOC-41 DOC-87 DOC-88 DOC-89 DOC-95 T17',
  'bad-input.txt': 'DOC-11 DOC-12 DOC-13 DOC-16 DOC-17 DOC-19 DOC-22 DOC-23 DOC-25 DOC-27 DOC-44 DOC-84 DOC-85 T4 T9',
  'ban.txt': 'DOC-34 DOC-40 DOC-110',
  'before-login.txt': 'DOC-36 DOC-41 DOC-43 DOC-81 DOC-83 T17 T24',
  'broken.txt': 'DOC-06 DOC-07 DOC-09 DOC-10 T2 T3',
  'chat.txt': 'DOC-30 DOC-32 DOC-36 DOC-64 DOC-80 DOC-83 DOC-92 DOC-94 DOC-110 DOC-112 DOC-115 DOC-120 DOC-126',
  'edits.txt': 'DOC-31 DOC-80 DOC-96 DOC-115 DOC-116 DOC-121 DOC-125 T25',
  'forbidden.txt': 'DOC-54 DOC-82 DOC-90 DOC-123 T25',
  'invitations.txt': 'DOC-12 DOC-150 DOC-151 DOC-152 DOC-153 DOC-154 T25',
  'leaving.txt': 'DOC-15 DOC-83',
  'moderation.txt': 'DOC-97 DOC-98 DOC-112 DOC-118 DOC-127 T25 T27',
  'patches.txt': 'DOC-50 DOC-51 DOC-52 DOC-53 DOC-54 DOC-56 DOC-120 DOC-121 DOC-122 DOC-123 T5',
  'rooms.txt': 'DOC-82 DOC-91 DOC-93 DOC-96 DOC-111 DOC-114 DOC-121 DOC-124 T25 T27',
  'search.txt': 'DOC-12 DOC-140 DOC-141 DOC-142 DOC-143 DOC-144 DOC-145 T25',
  'token-ended.txt': 'DOC-171 DOC-172 DOC-173 T22',
  'tokens.txt': 'DOC-170 DOC-171 T17 T22',
  'typing.txt': 'DOC-12 DOC-16 DOC-19 DOC-160 DOC-161 DOC-162 T25',
  'with-c2.txt': 'DOC-94 DOC-96 DOC-114 DOC-115 DOC-116 DOC-125',
};

/** The transcripts that the client library cannot play, and why. */
const notByClient: { readonly [file: string]: string } = {
  'account.txt': 'it does not log in twice',
  'bad-input.txt': 'it sends nothing that cannot be read',
  'ban.txt': 'it does not show the last words by themselves',
  'before-login.txt': 'it asks nothing before it has logged in',
  'broken.txt': 'it sends nothing that cannot be read',
  'chat.txt': 'it asks nothing after it has logged out',
  'leaving.txt': 'it asks nothing after it has logged out',
  'patches.txt': 'it sends no patches that cannot be read',
  'search.txt': 'it sends nothing that cannot be read',
  'token-ended.txt': 'it asks nothing after it has logged out',
  'typing.txt': 'it subscribes by asking',
};

const c2Barrier: Barrier = { ask: () => 'c2/PING', isAnswer: (_, line) => line === `c2/PING ${defaultFacts.id}` };

type Played = Pick<TranscriptTarget, 'connect'> & { readonly app: TestApp };

async function inMemory(framing: 'stream' | 'message'): Promise<Played> {
  const app = await openTestApp();
  return {
    app,
    async connect(_, by) {
      const { peer } = app.connect(by ?? 'documents', { framing });
      const connection = memoryConnection(peer, framing, () => app.settle());
      return by === null ? connection : { ...connection, barrier: c2Barrier };
    },
  };
}

/** On real sockets, without deadlines. */
async function onSockets(t: TestContext, how: 'tcp' | 'websocket' | 'client'): Promise<Played> {
  const fake = new FakeClock();
  const clock: Clock = { ...systemClock, now: () => fake.now(), after: (ms, run) => fake.after(ms, run) };
  const app = await openTestApp({ clock });
  t.after(() => app.stop());
  const { port } = await openTestPort(t, { clock: systemClock, limits: PROMPT, protocols, accept: app.accept });
  return {
    app,
    async connect(_, by) {
      if (by !== null) return { ...(await tcpConnection(port)), barrier: c2Barrier };
      const url = `ws://127.0.0.1:${port}/documents`;
      if (how === 'tcp') return tcpConnection(port);
      return how === 'websocket' ? webSocketConnection(url) : documentsLibraryConnection(url);
    },
  };
}

function stageOf({ connect, app }: Played): TranscriptTarget {
  return {
    connect,
    values: { server: defaultFacts.name, media: defaultFacts.media.address },
    barrier: documentsBarrier,
    async operate(action) {
      const [, name = '', reason = ''] = /^bans (\w+): (.*)$/.exec(action) ?? assert.fail(action);
      app.world.moderation.ban({ type: 'operator' }, name, reason, null, (result) => assert.ok(result.ok));
      await app.settle();
    },
  };
}

for (const file of readdirSync(folder)) {
  const title = `${rules[file] ?? assert.fail(file)} ${file}`;
  const play = async (played: Played) => playTranscript(readFileSync(new URL(file, folder), 'utf8'), stageOf(played));
  test(`${title} on a stream in memory`, async () => play(await inMemory('stream')));
  test(`${title} on messages in memory`, async () => play(await inMemory('message')));
  test(`${title} over TCP`, async (t) => play(await onSockets(t, 'tcp')));
  test(`${title} over a WebSocket`, async (t) => play(await onSockets(t, 'websocket')));
  if (notByClient[file] !== undefined) continue;
  test(`${title} DOC-191 DOC-203 by the client library`, async (t) => play(await onSockets(t, 'client')));
}
