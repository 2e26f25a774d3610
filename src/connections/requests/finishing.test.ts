import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

test('CONN-70 CONN-14 after a half-close all requests are answered and their events delivered; then the person leaves as lost', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const watcher = app.client(lineProtocol({ history: 0 }));
  await watcher.ask('enter watcher');
  const replies = new Map<string, (answer: string) => void>();
  const client = app.client(lineProtocol({ history: 0, replies }));
  client.send('login alice', 'say one', 'later x', 'who', 'say two');
  client.peer.halfClose();
  await app.settle();
  assert.deepEqual(client.lines(), ['ok', 'ok']);
  assert.equal(client.closeKind(), null);
  assert.deepEqual(watcher.lines(), ['new 1 alice one', 'new 2 alice two']);
  replies.get('x')?.('at last');
  await app.settle();
  assert.deepEqual(client.lines(), ['at last', 'watcher alice', 'ok', 'new 1 alice one', 'new 2 alice two']);
  assert.equal(client.closeKind(), 'done');
  assert.deepEqual(watcher.lines(), ['left alice lost']);
  assert.equal(app.hub.size, 1);
});

test('CONN-70 a client without a login is answered after its half-close, also if it was refused or sent nothing', async () => {
  const app = await TestHub.open();
  for (const [lines, answers] of [
    [
      ['who', 'ping'],
      ['', 'pong'],
    ],
    [['login nobody'], ['no wrong-credentials']],
    [
      ['!no sense', 'who'],
      ['bad no sense', ''],
    ],
    [
      ['enter eve', 'leave', 'who'],
      ['ok', 'left eve left'],
    ],
    [[], []],
  ] as const) {
    const client = app.client(lineProtocol({ history: 0 }));
    client.send(...lines);
    client.peer.halfClose();
    await app.settle();
    assert.deepEqual(client.lines(), answers);
    assert.equal(client.closeKind(), 'done');
  }
  const broken = app.client(lineProtocol());
  broken.send('who', '!fatal', 'who');
  broken.peer.halfClose();
  await app.settle();
  assert.deepEqual([broken.lines(), broken.closeKind()], [['', 'bad fatal'], 'broken']);
  assert.deepEqual(app.world.people.visible, []);
});

test('CONN-70 CONN-06 after a half-close more requests than are taken at once are all answered', async () => {
  const app = await TestHub.open();
  const client = app.client(lineProtocol({ history: 0 }));
  const texts = Array.from({ length: 300 }, (_, index) => `${index}`);
  client.send('enter eve', ...texts.map((text) => `say ${text}`));
  client.peer.halfClose();
  await app.settle();
  const lines = client.lines();
  assert.equal(lines.filter((line) => line === 'ok').length, 301);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('new')),
    texts.map((text, index) => `new ${index + 1} eve ${text}`),
  );
  assert.equal(client.closeKind(), 'done');
});

test('CONN-70 a link that is lost after its half-close ends at once', async () => {
  const app = await TestHub.open();
  const replies = new Map<string, (answer: string) => void>();
  const client = app.client(lineProtocol({ replies }));
  client.send('enter eve', 'later x');
  client.peer.halfClose();
  await app.settle();
  await client.drop();
  replies.get('x')?.('too late');
  await app.settle();
  assert.deepEqual(app.world.people.visible, []);
  assert.equal(app.hub.size, 0);
});

test('CONN-70 CONN-45 after a half-close backlog, history and messages of that time are delivered, however late they are loaded', async () => {
  const { app, storage } = await openSlow();
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('login bob', ...Array.from({ length: 5 }, (_, index) => `say ${index + 1}`), 'direct alice waits');
  for (const [login, backlog] of [
    ['login alice', ['old @bob 1 bob waits']],
    ['enter eve', []],
  ] as const) {
    storage.gate = Promise.withResolvers();
    const client = app.client(lineProtocol({ history: 2 }));
    client.send(login, 'say mine');
    client.peer.halfClose();
    await app.settle();
    assert.deepEqual([client.lines(), client.closeKind()], [['ok', 'ok'], null]);
    storage.gate.resolve();
    await app.settle();
    const lines = client.lines();
    for (const line of backlog) assert.ok(lines.includes(line), lines.join());
    assert.match(lines.at(-1) ?? '', / mine$/);
    assert.equal(client.closeKind(), 'done');
  }
});

test('CONN-70 after a half-close a client that reads slowly gets everything, and one that reads nothing is closed after 60 s', async () => {
  const app = await TestHub.open();
  for (const isReading of [true, false]) {
    const client = app.client(lineProtocol({ history: 0 }));
    client.peer.stopReading();
    client.send('enter eve', 'say hello');
    client.peer.halfClose();
    await app.settle();
    await app.advance(59_999);
    assert.equal(client.closeKind(), null);
    if (isReading) client.peer.resumeReading();
    else app.clock.advance(1);
    await app.settle();
    assert.equal(client.closeKind(), isReading ? 'done' : 'timeout');
    if (isReading) assert.equal(client.lines().length, 3);
    await app.advance(2_000);
    assert.deepEqual([app.hub.size, app.world.people.visible], [0, []]);
  }
});

test('CONN-70 CONN-11 after a half-close a client that reads slowly gets all events before the link ends', async () => {
  const app = await TestHub.open();
  const replies = new Map<string, (answer: string) => void>();
  const client = app.client(lineProtocol({ history: 0, replies }));
  const texts = Array.from({ length: 60 }, (_, index) => `${index}${'x'.repeat(16_000)}`);
  client.send('enter eve', 'later x', ...texts.map((text) => `say ${text}`));
  client.peer.halfClose();
  await app.settle();
  client.peer.stopReading();
  replies.get('x')?.('at last');
  await app.settle();
  assert.equal(client.closeKind(), null);
  client.peer.resumeReading();
  await app.settle();
  const events = client.lines().filter((line) => line.startsWith('new'));
  assert.deepEqual(
    events,
    texts.map((text, index) => `new ${index + 1} eve ${text}`),
  );
  assert.equal(client.closeKind(), 'done');
});

test('CONN-70 CONN-10 after a half-close events that left the replay buffer are read from storage before the link ends', async () => {
  const { app, storage } = await openSlow();
  await app.accounts('alice');
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('enter bob', 'say old');
  storage.gate = Promise.withResolvers();
  const client = app.client(lineProtocol({ history: 1 }));
  client.send('login alice', 'say mine');
  client.peer.halfClose();
  await app.settle();
  for (let index = 0; index < 300; index++) await bob.ask(`say ${index}`);
  storage.entriesGate = Promise.withResolvers();
  storage.gate.resolve();
  await app.settle();
  assert.equal(client.closeKind(), null);
  storage.entriesGate.resolve();
  await app.settle();
  assert.deepEqual(client.lines().slice(2), [
    'old 1 bob old',
    'new 2 alice mine',
    ...Array.from({ length: 300 }, (_, index) => `new ${index + 3} bob ${index}`),
  ]);
  assert.equal(client.closeKind(), 'done');
});

test('CONN-70 T27 while the client takes the rest after a half-close, nothing that happens later is delivered', async () => {
  const app = await TestHub.open();
  await app.accounts('bob', 'eve');
  const [bob, second] = [app.client(lineProtocol({ history: 0 })), app.client(lineProtocol({ rooms: 'all' }))];
  await bob.ask('login bob', 'create den');
  await second.ask('login eve');
  const client = app.client(lineProtocol({ rooms: 'all', history: 0, rosterUpdates: true }));
  client.peer.stopReading();
  client.send('login eve', 'say hello');
  client.peer.halfClose();
  await app.settle();
  await bob.ask('say secret', 'status Away', 'direct eve secret');
  second.lines();
  assert.deepEqual(await second.ask('join den', 'group den secret'), ['ok', 'ok', 'new #den 1 eve secret']);
  await app.advance(2_000);
  client.peer.resumeReading();
  await app.settle();
  assert.deepEqual([client.lines(), client.closeKind()], [['ok', 'ok', 'new 1 eve hello'], 'done']);
});

test('CONN-70 CONN-10 a gap that appears while the person leaves is filled before the link ends', async () => {
  const app = await TestHub.open();
  const { world, hub } = app;
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('enter bob');
  const client = app.client(lineProtocol({ history: 0 }));
  const leave = world.leave.bind(world);
  world.leave = (...asked) => {
    world.leave = leave;
    hub.resync(world.lobby, world.position(world.lobby) + 1);
    leave(...asked);
  };
  client.send('enter eve', 'say one');
  client.peer.halfClose();
  await app.settle();
  assert.equal(client.closeKind(), null);
  await bob.ask('say two');
  await app.advance(1_000);
  assert.deepEqual(client.lines(), ['ok', 'ok', 'new 1 eve one', 'new 2 bob two']);
  assert.equal(client.closeKind(), 'done');
});

test('CONN-70 CONN-15 after a half-close a person whose backlog cannot be loaded leaves at once', async () => {
  const { app, storage } = await openSlow();
  await app.accounts('alice', 'bob');
  await app.client(lineProtocol({ history: 0 })).ask('login bob', 'say waits');
  storage.gate = Promise.withResolvers();
  storage.gate.reject(new Error('the test says so'));
  storage.gate.promise.catch(() => {});
  const client = app.client(lineProtocol({ history: 0 }));
  client.send('login alice');
  client.peer.halfClose();
  await app.settle();
  assert.deepEqual([client.lines(), client.closeKind()], [['ok'], 'done']);
  assert.deepEqual(
    app.world.people.visible.map(({ name }) => name),
    ['bob'],
  );
});

test('CONN-72 a link is probed when its backlog has left, not when earlier bytes have', async () => {
  const { app, storage } = await openSlow();
  await app.accounts('alice', 'bob');
  await app.client(lineProtocol({ history: 0 })).ask('login bob', 'say waits');
  storage.gate = Promise.withResolvers();
  const client = app.client(lineProtocol({ history: 0 }));
  client.peer.stopReading();
  assert.deepEqual(await client.ask('login alice'), []);
  storage.gate.resolve();
  for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate); // The backlog is in the outbox; the turn has not ended.
  client.peer.resumeReading();
  assert.deepEqual([client.lines(), client.link.probes], [['ok'], 0]);
  await app.settle();
  assert.deepEqual([client.lines(), client.link.probes], [['old 1 bob waits'], 1]);
});

/** An app whose storage answers at once until the test gives it another gate. */
async function openSlow() {
  const clock = new FakeClock();
  const storage = new SlowPages(clock);
  storage.gate.resolve();
  return { storage, app: await TestHub.open({ clock, storage }) };
}

/** Memory storage whose pages of messages wait for `gate`, and entries for `entriesGate`. */
class SlowPages extends MemoryStorage {
  gate = Promise.withResolvers<void>();
  entriesGate: PromiseWithResolvers<void> | null = null;

  override async entries(...args: Parameters<MemoryStorage['entries']>) {
    await this.entriesGate?.promise;
    return super.entries(...args);
  }

  override async page(...args: Parameters<MemoryStorage['page']>) {
    await this.gate.promise;
    return super.page(...args);
  }
}
