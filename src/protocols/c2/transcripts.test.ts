import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { c2ClientConversation } from '../../../testing/c2-client.ts';
import { memoryConversation, tcpConversation, webSocketConversation } from '../../../testing/conversations.ts';
import { generousRates, TestHub } from '../../../testing/hub.ts';
import { countingIds } from '../../../testing/ids.ts';
import { openTestPort } from '../../../testing/port.ts';
import { playTranscript, type Stage } from '../../../testing/transcript.ts';
import { silentLog } from '../../../testing/world.ts';
import { MemoryBus } from '../../bus/memory/bus.ts';
import { Hub } from '../../connections/hub.ts';
import { World } from '../../core/world.ts';
import { systemClock } from '../../server/clock.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import { memoryPair } from '../../transports/memory.ts';
import { connect, ping } from './client.ts';
import { c2Wire } from './index.ts';
import { sniff } from './sniff.ts';

const facts = { name: 'Test Server', id: 4_503_599_627_370_497, history: 50 };
const folder = new URL('vectors/transcripts/', import.meta.url);

/** What each of them shows; a transcript that is not here fails. */
const rules: { readonly [file: string]: string } = {
  'ban.txt': 'C2-56 C2-61',
  'bad-input.txt': 'C2-02 C2-05 C2-11 C2-13 C2-14 C2-32 C2-34 T4 T9 T12',
  'before-connect.txt': 'C2-24 T24',
  'chat.txt': 'C2-20 C2-25 C2-30 C2-50',
  'edit.txt': 'C2-35 C2-51',
  'history.txt': 'C2-21',
  'leaving.txt': 'C2-36 C2-54 C2-55 C2-57',
  'name-taken.txt': 'C2-20 C2-22 C2-23',
  'ping.txt': 'C2-14 C2-37',
  'rename.txt': 'C2-33 C2-53',
  'slash.txt': 'C2-27 C2-28 C2-29',
};

/** What the client library cannot play, and why. */
const notByClient: { readonly [file: string]: string } = {
  'bad-input.txt': 'it sends nothing that cannot be read',
  'before-connect.txt': 'it sends nothing before it has connected',
  'ping.txt': 'before it has connected it pings without a timestamp',
};

type House = Pick<Stage, 'connect'> & { readonly world: World; readonly settle: () => Promise<void> };

async function inMemory(framing: 'stream' | 'message'): Promise<House> {
  const house = await TestHub.open();
  const wire = c2Wire(facts);
  const settle = () => house.settle();
  return {
    world: house.world,
    settle,
    async connect() {
      const { link, peer } = memoryPair(house.clock, { framing });
      house.hub.carry(wire, link);
      return memoryConversation(peer, framing, settle);
    },
  };
}

async function onSockets(t: TestContext, how: 'tcp' | 'websocket' | 'client'): Promise<House & { url: string }> {
  const clock = systemClock;
  const hub = new Hub(clock, { rates: generousRates, loginMs: 60_000 });
  const ports = { storage: new MemoryStorage(clock), names: new MemoryNames(), bus: new MemoryBus().join() };
  const world = await World.open({ ...ports, clock, ids: countingIds(), log: silentLog }, hub, 'lobby');
  hub.attach(world);
  const wire = c2Wire(facts);
  const { port } = await openTestPort(t, {
    clock,
    protocols: [{ name: 'c2', sniff, frames: 'text' }],
    accept: (link) => hub.carry(wire, link),
  });
  const url = `ws://127.0.0.1:${port}/`;
  return {
    url,
    world,
    settle: async () => {},
    async connect() {
      if (how === 'tcp') return tcpConversation(port);
      return how === 'websocket' ? webSocketConversation(url) : c2ClientConversation(url);
    },
  };
}

function stageOf(house: House): Stage {
  return {
    connect: house.connect,
    facts: { server: facts.name, server_id: `${facts.id}` },
    barrier: { ask: () => 'c2/PING', isAnswer: (_count, line) => line === `c2/PING ${facts.id}` },
    async operate(action) {
      const [, name = '', reason = ''] = /^bans (\w+): (.*)$/.exec(action) ?? assert.fail(action);
      house.world.moderation.ban({ type: 'operator' }, name, reason, null, (result) => assert.ok(result.ok));
      await house.settle();
    },
  };
}

for (const file of readdirSync(folder)) {
  const title = `${rules[file] ?? assert.fail(file)} ${file}`;
  const play = async (house: House) => playTranscript(readFileSync(new URL(file, folder), 'utf8'), stageOf(house));
  test(`${title} on a stream in memory`, async () => play(await inMemory('stream')));
  test(`${title} on messages in memory`, async () => play(await inMemory('message')));
  test(`${title} over TCP`, async (t) => play(await onSockets(t, 'tcp')));
  test(`${title} over a WebSocket`, async (t) => play(await onSockets(t, 'websocket')));
  if (notByClient[file] !== undefined) continue;
  test(`${title} C2-71 by the client library`, async (t) => play(await onSockets(t, 'client')));
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
