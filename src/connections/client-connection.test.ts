import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { type LineClient, TestHub } from '../../testing/hub.ts';
import { lineProtocol, type ManualReplies } from '../../testing/line-protocol.ts';
import { memoryPair } from '../../testing/transports/memory-link.ts';
import type { AppendItem, AppendResult } from '../core/ports.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';

async function withClients(
  count: number,
  options: Parameters<typeof TestHub.open>[0] = {},
  replies: ManualReplies = new Map(),
) {
  const app = await TestHub.open(options);
  const adapter = lineProtocol({ replies });
  const clients: LineClient[] = [];
  for (let index = 0; index < count; index++) {
    const client = app.client(adapter, `192.0.2.${index + 1}`);
    await client.ask(`enter p${index}`);
    clients.push(client);
  }
  const [first, second, third] = clients;
  return {
    app,
    adapter,
    clients,
    first: first as LineClient,
    second: second as LineClient,
    third: third as LineClient,
  };
}

test('CONN-01 answers leave in the order of their requests, even if a later one is ready first', async () => {
  const replies: ManualReplies = new Map();
  const { app, first } = await withClients(1, {}, replies);
  assert.deepEqual(await first.ask('later a', 'later b', 'who'), []);
  replies.get('b')?.('second');
  await app.settle();
  assert.deepEqual(first.lines(), []);
  replies.get('a')?.('first');
  await app.settle();
  assert.deepEqual(first.lines(), ['first', 'second', 'p0']);
});

test('CONN-02 events that a request caused come after its answer, also while that waits for an earlier one', async () => {
  const replies: ManualReplies = new Map();
  const { app, first, second } = await withClients(2, {}, replies);
  first.send('later a', 'say hello', 'rename eve');
  await app.settle();
  assert.deepEqual(second.lines(), ['new 1 p0 hello', 'renamed p0 eve']);
  assert.deepEqual(first.lines(), []);
  replies.get('a')?.('first');
  await app.settle();
  assert.deepEqual(first.lines(), ['first', 'ok', 'ok', 'new 1 p0 hello', 'renamed p0 eve']);
});

test('CONN-03 a connection is written to once per turn, with everything that is for it', async () => {
  const { app, first, second } = await withClients(2);
  first.link.writes.length = 0;
  second.link.writes.length = 0;
  first.send('say a', 'say b', 'say c');
  await app.settle();
  assert.equal(second.link.writes.length, 1);
  assert.equal(first.link.writes.length, 1);
  assert.deepEqual(first.lines(), ['ok', 'ok', 'ok', 'new 1 p0 a', 'new 2 p0 b', 'new 3 p0 c']);
});

test('CONN-04 CONN-05 a batch is encoded once: all connections of a variant are written the same bytes', async () => {
  const { app, clients, first } = await withClients(4);
  for (const client of clients) client.link.writes.length = 0;
  first.send('say a', 'say b');
  await app.settle();
  const chunks = clients.slice(1).map((client) => client.link.writes.at(-1));
  assert.ok(chunks[0] !== undefined && chunks[0].length > 0);
  for (const chunk of chunks) assert.equal(chunk, chunks[0], 'the same object, not an equal one');
  assert.deepEqual(clients[1]?.lines().slice(-2), ['new 1 p0 a', 'new 2 p0 b']);
});

test('CONN-06 with 64 requests open, nothing more is read until one is answered', async () => {
  const replies: ManualReplies = new Map();
  const { app, first } = await withClients(1, {}, replies);
  first.send(...Array.from({ length: 70 }, (_, index) => `later ${index}`));
  await app.settle();
  assert.equal(replies.size, 64);
  assert.equal(first.link.isPaused, true);
  first.send('later more');
  await app.settle();
  assert.equal(replies.size, 64);
  for (let index = 0; index < 8; index++) replies.get(`${index}`)?.('ok');
  await app.settle();
  assert.equal(replies.size, 71);
  assert.equal(first.link.isPaused, false);
});

test('CONN-06 while a request holds back the others, the link is paused', async () => {
  const app = await TestHub.open();
  const client = app.client(lineProtocol());
  client.send('enter alice');
  client.send('who');
  assert.equal(client.link.isPaused, true);
  client.send('who');
  await app.settle();
  assert.deepEqual(client.lines(), ['ok', 'alice', 'alice']);
  assert.equal(client.link.isPaused, false);
});

test('CONN-06 a hundred thousand requests in one packet that are answered at once do not overflow the stack', async () => {
  const replies: ManualReplies = new Map();
  const { app, first } = await withClients(1, {}, replies);
  await first.ask(`later a\n${'x\n'.repeat(99_999)}x`);
  assert.deepEqual(first.lines(), []);
  replies.get('a')?.('late');
  await app.settle();
  assert.equal(first.lines().length, 100_001);
});

test('CONN-07 T31 a client that takes nothing is closed over 1 MiB, and no other notices', async () => {
  const { app, first, second, third } = await withClients(3);
  second.peer.stopReading();
  const text = 'x'.repeat(16_000);
  for (let index = 0; index < 64; index++) {
    await first.ask(`say ${text}`);
    third.lines();
  }
  assert.equal(second.closeKind(), null, 'still within its limit');
  for (let index = 0; index < 3; index++) await first.ask(`say ${text}`);
  assert.equal(second.closeKind(), 'too-slow');
  assert.equal(third.lines().length, 3);
  app.clock.advance(2_000);
  await app.settle();
  assert.deepEqual(
    app.world.people.visible.map(({ name }) => name),
    ['p0', 'p2'],
  );
});

test('CONN-07 T31 a client that takes nothing is closed over 1,000 writes, however short they are', async () => {
  const { first, second } = await withClients(2);
  second.peer.stopReading();
  for (let index = 0; index < 1_000; index++) await first.ask('say x');
  assert.equal(second.closeKind(), null);
  await first.ask('say x');
  assert.equal(second.closeKind(), 'too-slow');
});

test('CONN-08 T31 a client that does not take its history is closed after a minute', async () => {
  const { app, adapter, first } = await withClients(1);
  for (let index = 0; index < 50; index++) await first.ask(`say ${'x'.repeat(16_000)}`);
  const stalled = app.client(adapter);
  stalled.peer.stopReading();
  await stalled.ask('enter newcomer');
  await first.ask('say one more');
  app.clock.advance(59_000);
  assert.equal(stalled.closeKind(), null);
  app.clock.advance(2_000);
  assert.equal(stalled.closeKind(), 'too-slow');
});

test('CONN-11 a client that reads slowly gets its history and then every event, once', async () => {
  const { app, adapter, first } = await withClients(1);
  for (let index = 0; index < 50; index++) await first.ask(`say ${'x'.repeat(16_000)}`);
  const slow = app.client(adapter);
  slow.peer.stopReading();
  await slow.ask('enter slow');
  for (let index = 0; index < 300; index++) await first.ask(`say ${index}`);
  slow.peer.resumeReading();
  await app.settle();
  const numbers = slow.lines().flatMap(
    (line) =>
      line
        .match(/^(?:old|new) (\d+)/)
        ?.slice(1)
        .map(Number) ?? [],
  );
  assert.deepEqual(
    numbers,
    Array.from({ length: 350 }, (_, index) => index + 1),
  );
});

test('CONN-12 a new client gets the last messages as they are, then what is new', async () => {
  const { app, adapter, first } = await withClients(1);
  for (let index = 1; index <= 60; index++) await first.ask(`say m${index}`);
  const newcomer = app.client(adapter);
  const lines = await newcomer.ask('enter newcomer');
  assert.equal(lines[0], 'ok');
  assert.deepEqual([lines.length, lines[1], lines.at(-1)], [51, 'old 11 p0 m11', 'old 60 p0 m60']);
  await first.ask('say fresh');
  assert.deepEqual(newcomer.lines(), ['new 61 p0 fresh']);
});

test('CONN-13 entering and renaming hold back later requests', async () => {
  const app = await TestHub.open();
  const client = app.client(lineProtocol());
  assert.deepEqual(await client.ask('enter alice', 'say one', 'rename eve', 'say two', 'who'), [
    'ok',
    'ok',
    'new 1 alice one',
    'ok',
    'ok',
    'eve',
    'renamed alice eve',
    'new 2 eve two',
  ]);
});

test('CONN-14 leaving on purpose is shown to all, the leaver too, and then the link ends', async () => {
  const { app, first, second } = await withClients(2);
  await first.ask('leave', 'say too late');
  assert.deepEqual(first.lines(), []);
  assert.deepEqual(second.lines(), ['left p0 left']);
  assert.equal(first.closeKind(), 'done');
  assert.equal(app.hub.size, 1);
});

test('CONN-14 WORLD-28 a message in a room that is still being loaded is answered and delivered before its author leaves', async () => {
  const app = await TestHub.open();
  await app.accounts('ann');
  const adapter = lineProtocol({ rooms: 'all', history: 0 });
  const [before, ann, gus] = [app.client(adapter), app.client(adapter), app.client(adapter)];
  await before.ask('login ann', 'create den');
  await before.drop();
  await gus.ask('enter gus');
  assert.deepEqual(await ann.ask('login ann', 'group den hello', 'groups', 'leave', 'who'), [
    'ok',
    'ok',
    'lobby den',
    'new #den 1 ann hello',
    'left ann left',
  ]);
  assert.deepEqual([ann.closeKind(), gus.lines()], ['done', ['left ann left']]);
});

test('CONN-14 leaving waits for all answers, and counts as on purpose even if the link is lost meanwhile', async () => {
  const replies: ManualReplies = new Map();
  const { app, first, second, third } = await withClients(3, {}, replies);
  await first.ask('later a', 'later b', 'leave');
  await second.ask('later c', 'leave');
  replies.get('b')?.('two');
  await app.settle();
  assert.deepEqual(third.lines(), []);
  replies.get('a')?.('one');
  await app.settle();
  assert.deepEqual([first.lines(), first.closeKind()], [['one', 'two', 'left p0 left'], 'done']);
  await second.drop();
  replies.get('c')?.('late');
  await app.settle();
  assert.deepEqual(third.lines(), ['left p0 left', 'left p1 left']);
});

test('CONN-14 CONN-25 a client that is leaving at a stop is answered first, and nobody is shown that it left', async () => {
  const replies: ManualReplies = new Map();
  const { app, first, second } = await withClients(2, {}, replies);
  second.send('later b');
  await first.ask('later a', 'leave');
  void app.hub.stop();
  replies.get('a')?.('one');
  await app.settle();
  assert.deepEqual([first.lines(), first.closeKind(), second.lines()], [['one'], 'stopping', []]);
});

test('CONN-15 a link that was lost meanwhile subscribes to nothing', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('enter bob');
  await app.client(lineProtocol({ history: 0 })).ask('login alice');
  const login = { acceptsDirect: true, status: null, lobby: true };
  const options = { rooms: 'lobby', history: 0, ownMessages: 'all', direct: 'all', rosterUpdates: true } as const;
  for (const isLost of [true, false]) {
    let begin = () => {};
    const client = app.client({
      ...lineProtocol(),
      openSession: (api) => ({
        receive: (_, answer) =>
          api.login('alice', { type: 'plain', value: 'alice' }, login, () => {
            begin = () => {
              answer('ok');
              api.subscribe(options);
            };
          }),
      }),
    });
    await client.ask('log in');
    if (isLost) await client.drop();
    begin();
    await app.settle();
    const before = app.hub.deliveries;
    await bob.ask('say hello');
    assert.equal(app.hub.deliveries - before, isLost ? 2 : 3);
  }
});

test('CONN-15 when a link is lost, its person leaves after the messages that were sent on it', async () => {
  const { app, first, second } = await withClients(2);
  first.send('say last words');
  first.peer.close();
  await app.settle();
  assert.deepEqual(second.lines(), ['new 1 p0 last words', 'left p0 lost']);
});

test('CONN-15 a link that is lost while its person enters leaves no person behind', async () => {
  const app = await TestHub.open();
  const client = app.client(lineProtocol());
  client.send('enter ghost');
  client.peer.close();
  await app.settle();
  assert.deepEqual(app.world.people.visible, []);
  assert.deepEqual(await app.client(lineProtocol()).ask('enter ghost'), ['ok']);
});

test('CONN-16 a person who is removed gets the farewell, and the link ends as removed', async () => {
  const { app, first, second } = await withClients(2);
  app.world.moderation.ban({ type: 'operator' }, 'p0', 'spam', null, () => {});
  await app.settle();
  assert.deepEqual(first.lines(), ['left p0 removed']);
  assert.deepEqual(second.lines(), ['left p0 removed']);
  assert.deepEqual(first.link.ended, { kind: 'removed', reason: 'banned: spam' });
});

test('CONN-16 WORLD-63 a login while the previous connection is still ending is valid, and its person stays', async () => {
  const { app, first } = await withClients(1);
  await app.accounts('ann');
  const [ending, replies] = [app.client(lineProtocol()), app.client(lineProtocol())];
  await ending.ask('login ann');
  ending.link.end = () => {};
  await ending.ask('!fatal');
  app.world.moderation.kick('ann', 'bye', () => {});
  await app.settle();
  assert.deepEqual(await replies.ask('login ann'), ['ok']);
  await ending.drop();
  assert.deepEqual(await first.ask('who'), ['left ann removed', 'p0 ann']);
  assert.deepEqual([(await replies.ask('say hi'))[0], replies.closeKind()], ['ok', null]);
});

test('CONN-16 a person who logs in between the removal and its publication stays, until that connection closes', async () => {
  const { app, first } = await withClients(1);
  await app.accounts('ann');
  const [removed, replies] = [app.client(lineProtocol()), app.client(lineProtocol())];
  await removed.ask('login ann');
  app.world.moderation.kick('ann', 'bye', () => {});
  app.clock.turn(); // The tokens are revoked; the removal waits for the next turn, and the login comes after it.
  for (let ticks = 0; ticks < 2; ticks++) await setImmediate();
  replies.send('login ann');
  for (let ticks = 0; ticks < 2; ticks++) await setImmediate();
  assert.deepEqual([removed.closeKind(), replies.lines()], [null, []]);
  app.clock.turn();
  assert.deepEqual([removed.closeKind(), replies.closeKind()], ['removed', null]);
  await app.settle();
  assert.equal(replies.lines()[0], 'ok');
  await replies.drop();
  assert.deepEqual(await first.ask('who'), ['left ann removed', 'left ann lost', 'p0']);
});

test('CONN-23 the time counts from when the connection was opened, also if its protocol was found late', async () => {
  const app = await TestHub.open();
  const { link, peer } = memoryPair(app.clock);
  app.clock.advance(60_000);
  app.hub.connect(lineProtocol(), link);
  app.clock.advance(0);
  assert.equal(new TextDecoder().decode(peer.take()), 'bad no login came in time\n');
  assert.equal(link.ended?.kind, 'timeout');
});

test('CONN-18 bytes that cannot be decoded get an answer in their turn; if nothing after them can be decoded, the link ends', async () => {
  const { first } = await withClients(1);
  assert.deepEqual(await first.ask('!small', 'who'), ['bad small', 'p0']);
  assert.deepEqual(await first.ask('who', '!fatal', 'who'), ['p0', 'bad fatal']);
  assert.equal(first.closeKind(), 'broken');
});

test('CONN-20 CONN-24 T32 requests over the rate are refused and the connection stays; loopback is exempt', async () => {
  const rates = { requests: { perSecond: 10, burst: 3 } };
  const app = await TestHub.open({ rates });
  const far = app.client(lineProtocol(), '203.0.113.9');
  const near = app.client(lineProtocol(), '127.0.0.1');
  const asked = ['x', 'x', 'x', 'x'];
  assert.deepEqual(await far.ask(...asked), ['what is x', 'what is x', 'what is x', 'no too-fast']);
  assert.equal((await near.ask(...asked)).at(-1), 'what is x');
  app.clock.advance(100);
  assert.deepEqual(await far.ask('x'), ['what is x']);
});

test('CONN-21 T32 messages and renames of a person have separate budgets', async () => {
  const rates = { messages: { perSecond: 10, burst: 2 }, renames: { perSecond: 0.5, burst: 1 } };
  const { app, first } = await withClients(1, { rates });
  const lines = await first.ask('say 1', 'say 2', 'say 3', 'rename a', 'rename b');
  const answers = lines.filter((line) => /^(ok|no)/.test(line));
  assert.deepEqual(answers, ['ok', 'ok', 'no too-fast', 'ok', 'no too-fast']);
  app.clock.advance(2_000);
  assert.equal((await first.ask('rename b'))[0], 'ok');
});

test('CONN-22 pings have a budget per address', async () => {
  const app = await TestHub.open({ rates: { pings: { perSecond: 10, burst: 2 } } });
  const adapter = lineProtocol();
  const [a, b, c] = [app.client(adapter), app.client(adapter), app.client(adapter, '192.0.2.99')];
  assert.deepEqual(await a.ask('ping'), ['pong']);
  assert.deepEqual(await b.ask('ping', 'ping'), ['pong', 'no pong']);
  assert.deepEqual(await c.ask('ping'), ['pong']);
});

test('CONN-23 T29 a connection without a login is told so and closed after 60 s; a ping starts the time anew', async () => {
  const app = await TestHub.open();
  const [idle, pinging] = [app.client(lineProtocol()), app.client(lineProtocol())];
  app.clock.advance(59_000);
  await pinging.ask('ping');
  app.clock.advance(1_000);
  assert.deepEqual(idle.link.ended, { kind: 'timeout', reason: 'no login came in time' });
  assert.deepEqual(idle.lines(), ['bad no login came in time']);
  assert.equal(pinging.closeKind(), null);
  app.clock.advance(59_000);
  assert.equal(pinging.closeKind(), 'timeout');
});

test('CONN-25 at a stop open requests are answered, later ones refused, all links closed, and nobody is shown leaving', async () => {
  const replies: ManualReplies = new Map();
  const { app, first, second } = await withClients(2, {}, replies);
  await first.ask('later slow');
  let stopped = false;
  void app.hub.stop().then(() => {
    stopped = true;
  });
  await app.settle();
  assert.equal(second.closeKind(), 'stopping');
  first.send('say no more');
  await app.settle();
  assert.equal(stopped, false);
  replies.get('slow')?.('done');
  await app.settle();
  assert.deepEqual(first.lines(), ['done', 'no stopping']);
  assert.equal(stopped, true);
  assert.deepEqual(second.lines(), []);
});

test('CONN-25 requests that wait behind an open one are refused at a stop', async () => {
  const app = await TestHub.open();
  const client = app.client(lineProtocol());
  client.send('enter alice', 'say too late', 'who');
  const stopped = app.hub.stop();
  await app.settle();
  await stopped;
  assert.deepEqual(client.lines(), ['ok', 'no stopping', 'no stopping']);
  assert.equal(client.closeKind(), 'stopping');
});

test('CONN-25 a link that comes during a stop is closed as stopping', async () => {
  const { app, adapter } = await withClients(1);
  void app.hub.stop();
  const newcomer = app.client(adapter);
  await app.settle();
  assert.equal(newcomer.closeKind(), 'stopping');
});

/** Memory storage that fails while the test says so. */
class FlakyStorage extends MemoryStorage {
  failing = false;

  override page(...args: Parameters<MemoryStorage['page']>) {
    return this.failing ? Promise.reject(new Error('the test says so')) : super.page(...args);
  }

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    return this.failing ? batch.map(() => ({ type: 'unavailable', reason: 'the test says so' })) : super.append(batch);
  }
}

test('CONN-19 history that cannot be loaded is loaded again, and nothing is missing then', async () => {
  const clock = new FakeClock();
  const storage = new FlakyStorage(clock);
  const { app, adapter, first } = await withClients(1, { storage, clock });
  await first.ask('say one');
  storage.failing = true;
  const newcomer = app.client(adapter);
  assert.deepEqual(await newcomer.ask('enter newcomer'), ['ok']);
  storage.failing = false;
  await first.ask('say two');
  app.clock.advance(1_000);
  await app.settle();
  assert.deepEqual(newcomer.lines(), ['old 1 p0 one', 'new 2 p0 two']);
});
