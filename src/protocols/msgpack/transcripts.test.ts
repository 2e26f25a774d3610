import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { memoryConnection, tcpConnection } from '../../../testing/transcripts/connections.ts';
import { openTestApp, type TestApp, defaultFacts } from '../../../testing/app.ts';
import { msgpackLibraryConnection } from '../../../testing/transcripts/msgpack-library.ts';
import {
  msgpackInMemory,
  msgpackOverTcp,
  msgpackOverWebSocket,
  msgpackOverZeromq,
} from '../../../testing/transcripts/msgpack-connections.ts';
import { msgpackBarrier } from '../../../testing/transcripts/msgpack-lines.ts';
import { PROMPT, openTestPort } from '../../../testing/transports/port.ts';
import { taggedBarrier, normalizeTagged } from '../../../testing/transcripts/tagged-lines.ts';
import { type Barrier, playTranscript, type TranscriptTarget } from '../../../testing/transcripts/transcript.ts';
import type { Clock } from '../../core/ports.ts';
import { systemClock } from '../../server/clock.ts';
import { protocols } from '../index.ts';
import { connect, register } from './client.ts';

const folder = new URL('vectors/transcripts/', import.meta.url);

/** The rules that each transcript proves. A transcript that is missing here fails. */
const rules: { readonly [file: string]: string } = {
  'accounts.txt': 'MSGP-20 MSGP-21 MSGP-22 MSGP-61 T17',
  'arrays.txt': 'MSGP-81 MSGP-02 MSGP-09 MSGP-10 MSGP-50 MSGP-51',
  'bad-frames.txt': 'MSGP-02 MSGP-03 MSGP-09 MSGP-10 MSGP-12 MSGP-14 MSGP-16 MSGP-65 T1 T2 T4',
  'bad-input.txt': 'MSGP-05 MSGP-07 MSGP-08 MSGP-16 MSGP-65 T10',
  'bad-streams.txt': 'MSGP-04 MSGP-09 MSGP-11 MSGP-12 MSGP-14 MSGP-65 T1 T2',
  'ban.txt': 'MSGP-54 MSGP-61 MSGP-62',
  'before-login.txt': 'MSGP-25 MSGP-30 MSGP-61 T24',
  'chat.txt': 'MSGP-33 MSGP-34 MSGP-35 MSGP-36 MSGP-37 MSGP-39 MSGP-50 MSGP-51 MSGP-60 MSGP-63',
  'reconnecting.txt': 'MSGP-26 MSGP-30 MSGP-31 MSGP-55',
  'token-ended.txt': 'MSGP-26 CONN-73 T21',
  'tokens.txt': 'MSGP-21 MSGP-23 MSGP-25 MSGP-26 MSGP-30 MSGP-31 MSGP-32 MSGP-38 T12 T20 T21 T22 T23',
  'waiting.txt': 'MSGP-34 MSGP-53 MSGP-55',
  'with-others.txt': 'MSGP-50 MSGP-51 MSGP-52 MSGP-53 MSGP-54',
};

type Way = 'a stream in memory' | 'messages in memory' | 'TCP' | 'a WebSocket' | 'ZeroMQ' | 'the client library';

const ways: readonly Way[] = [
  'a stream in memory',
  'messages in memory',
  'TCP',
  'a WebSocket',
  'ZeroMQ',
  'the client library',
];

/** The ways in which some transcripts cannot be played, and why. */
const notBy: { readonly [file: string]: { readonly [W in Way]?: string } } = {
  'arrays.txt': { 'the client library': 'it speaks in one form' },
  'bad-frames.txt': {
    'a stream in memory': 'a stream has no frames',
    TCP: 'a stream has no frames',
    'the client library': 'it sends nothing that cannot be read',
  },
  'bad-input.txt': { 'the client library': 'it sends nothing that cannot be read' },
  'bad-streams.txt': {
    'messages in memory': 'a frame can be skipped',
    'a WebSocket': 'a frame can be skipped',
    ZeroMQ: 'a frame can be skipped',
    'the client library': 'it sends nothing that cannot be read',
  },
  'ban.txt': {
    ZeroMQ: 'libzmq connects again and says nothing of it',
    'the client library': 'it shows no token of an earlier login',
  },
  'before-login.txt': { 'the client library': 'it asks nothing before it has logged in' },
  'reconnecting.txt': {
    ZeroMQ: 'libzmq ends its connections in order, after which nothing that was sent waits',
    'the client library': 'it shows no token of an earlier login',
  },
  'token-ended.txt': {
    ZeroMQ: 'libzmq connects anew, and tells nobody',
    'the client library': 'it shows no token of an earlier login',
  },
  'tokens.txt': { 'the client library': 'it shows no token of an earlier login' },
};

const barriers: { readonly [protocol: string]: Barrier } = {
  c2: { ask: () => 'c2/PING', isAnswer: (_, line) => line === `c2/PING ${defaultFacts.id}` },
  tagged: taggedBarrier,
};

type Played = Pick<TranscriptTarget, 'connect'> & { readonly app: TestApp };

async function inMemory(framing: 'stream' | 'message'): Promise<Played> {
  const app = await openTestApp();
  const settle = () => app.settle();
  return {
    app,
    async connect(_, by) {
      const { peer } = app.connect(by ?? 'msgpack', { framing });
      const barrier = barriers[by ?? ''];
      return barrier === undefined
        ? msgpackInMemory(peer, framing, settle)
        : { ...memoryConnection(peer, framing, settle), barrier };
    },
  };
}

/** On real sockets, without deadlines and without roster updates. */
async function onSockets(t: TestContext, way: Way): Promise<Played & { url: string }> {
  const fake = new FakeClock();
  const clock: Clock = { ...systemClock, now: () => fake.now(), after: (ms, run) => fake.after(ms, run) };
  const app = await openTestApp({ clock });
  t.after(() => app.stop());
  const { port } = await openTestPort(t, { clock: systemClock, limits: PROMPT, protocols, accept: app.accept });
  const url = `ws://127.0.0.1:${port}/msgpack`;
  return {
    url,
    app,
    async connect(_, by) {
      const barrier = barriers[by ?? ''];
      if (barrier !== undefined) return { ...(await tcpConnection(port)), barrier };
      if (way === 'TCP') return msgpackOverTcp(port);
      if (way === 'ZeroMQ') return msgpackOverZeromq(port);
      return way === 'a WebSocket' ? msgpackOverWebSocket(url) : msgpackLibraryConnection(url);
    },
  };
}

function stageOf({ connect: connected, app }: Played): TranscriptTarget {
  return {
    connect: connected,
    values: { server: defaultFacts.name },
    barrier: msgpackBarrier,
    normalize: normalizeTagged,
    async operate(action) {
      const [, verb, name = '', rest = ''] =
        /^(bans|makes a closed group of) (\w+): (.*)$/.exec(action) ?? assert.fail(action);
      const { moderation, people, rooms } = app.world;
      const done = ({ ok }: { readonly ok: boolean }) => assert.ok(ok);
      if (verb === 'bans') moderation.ban({ type: 'operator' }, name, rest, null, done);
      else rooms.create(people.find(name)?.id ?? 0, rest, null, true, done);
      await app.settle();
    },
  };
}

for (const file of readdirSync(folder)) {
  for (const way of ways) {
    if (notBy[file]?.[way] !== undefined) continue;
    test(`${rules[file] ?? assert.fail(file)} ${file} by ${way}`, async (t) => {
      const framing = way === 'a stream in memory' ? 'stream' : way === 'messages in memory' ? 'message' : null;
      const played = framing === null ? await onSockets(t, way) : await inMemory(framing);
      await playTranscript(readFileSync(new URL(file, folder), 'utf8'), stageOf(played));
    });
  }
}

test('MSGP-70 MSGP-71 MSGP-72 MSGP-73 MSGP-79 the client library on the WebSocket of the platform', async (t) => {
  const { url } = await onSockets(t, 'the client library');
  await register(url, { name: 'Alice', password: 'secret' });
  await register(url, { name: 'bob', password: 'another' });
  const wrong = connect(url, { name: 'bob', password: 'secret' });
  await assert.rejects(wrong, /^MsgpackError: wrong name, password or token$/);
  const alice = await connect(url, { name: 'alice', password: 'secret' });
  const bob = await connect(url, { name: 'bob', password: 'another' });
  await alice.createGroup('chess');
  await bob.joinGroup('chess');
  await bob.addContact('alice');
  await Promise.all([alice.sendToGroup('chess', 'one'), alice.whisper('bob', 'two')]);
  await assert.rejects(alice.joinGroup('nothing'), /^MsgpackError: there is nothing of that name$/);
  assert.equal(alice.name, 'Alice');
  const closed = bob.close();
  const heard: string[] = [];
  for await (const event of bob)
    heard.push('content' in event ? `${event.type} ${event.sender} ${event.content}` : event.type);
  await Promise.all([closed, alice.close()]);
  assert.deepEqual(heard, ['update msg_group Alice one', 'update whisper Alice two']);
});
