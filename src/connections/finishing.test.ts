import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { TestHub } from '../../testing/hub.ts';
import { lineWire } from '../../testing/line-wire.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';

test('CONN-70 CONN-14 whoever sends no more is answered and shown what that caused, and is lost then', async () => {
  const house = await TestHub.open();
  await house.accounts('alice');
  const watcher = house.client(lineWire({ history: 0 }));
  await watcher.ask('enter watcher');
  const later = new Map<string, (answer: string) => void>();
  const client = house.client(lineWire({ history: 0, later }));
  client.send('login alice', 'say one', 'later x', 'who', 'say two');
  client.peer.finish();
  await house.settle();
  assert.deepEqual(client.lines(), ['ok', 'ok']);
  assert.equal(client.endedAs(), null);
  assert.deepEqual(watcher.lines(), ['new 1 alice one', 'new 2 alice two']);
  later.get('x')?.('at last');
  await house.settle();
  assert.deepEqual(client.lines(), ['at last', 'watcher alice', 'ok', 'new 1 alice one', 'new 2 alice two']);
  assert.equal(client.endedAs(), 'done');
  assert.deepEqual(watcher.lines(), ['left alice lost']);
  assert.equal(house.hub.size, 1);
});

test('CONN-70 a stranger who sends no more is answered, and so is one who is refused or said nothing', async () => {
  const house = await TestHub.open();
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
    const client = house.client(lineWire({ history: 0 }));
    client.send(...lines);
    client.peer.finish();
    await house.settle();
    assert.deepEqual(client.lines(), answers);
    assert.equal(client.endedAs(), 'done');
  }
  const broken = house.client(lineWire());
  broken.send('who', '!fatal', 'who');
  broken.peer.finish();
  await house.settle();
  assert.deepEqual([broken.lines(), broken.endedAs()], [['', 'bad fatal'], 'broken']);
  assert.deepEqual(house.world.people.visible, []);
});

test('CONN-70 CONN-06 more requests than are taken at once are all answered before a link ends that sends no more', async () => {
  const house = await TestHub.open();
  const client = house.client(lineWire({ history: 0 }));
  const texts = Array.from({ length: 300 }, (_, index) => `${index}`);
  client.send('enter eve', ...texts.map((text) => `say ${text}`));
  client.peer.finish();
  await house.settle();
  const lines = client.lines();
  assert.equal(lines.filter((line) => line === 'ok').length, 301);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('new')),
    texts.map((text, index) => `new ${index + 1} eve ${text}`),
  );
  assert.equal(client.endedAs(), 'done');
});

test('CONN-70 a link that is lost after its peer sent no more is over at once', async () => {
  const house = await TestHub.open();
  const later = new Map<string, (answer: string) => void>();
  const client = house.client(lineWire({ later }));
  client.send('enter eve', 'later x');
  client.peer.finish();
  await house.settle();
  await client.lose();
  later.get('x')?.('too late');
  await house.settle();
  assert.deepEqual(house.world.people.visible, []);
  assert.equal(house.hub.size, 0);
});

test('CONN-70 CONN-45 what waits, the history and what is said meanwhile are shown before the link ends, however late they can be read', async () => {
  const { house, storage } = await openedSlow();
  await house.accounts('alice', 'bob');
  const bob = house.client(lineWire({ history: 0 }));
  await bob.ask('login bob', ...Array.from({ length: 5 }, (_, index) => `say ${index + 1}`), 'direct alice waits');
  for (const [who, waits] of [
    ['login alice', ['old @bob 1 bob waits']],
    ['enter eve', []],
  ] as const) {
    storage.gate = Promise.withResolvers();
    const client = house.client(lineWire({ history: 2 }));
    client.send(who, 'say mine');
    client.peer.finish();
    await house.settle();
    assert.deepEqual([client.lines(), client.endedAs()], [['ok', 'ok'], null]);
    storage.gate.resolve();
    await house.settle();
    const lines = client.lines();
    for (const line of waits) assert.ok(lines.includes(line), lines.join());
    assert.match(lines.at(-1) ?? '', / mine$/);
    assert.equal(client.endedAs(), 'done');
  }
});

test('CONN-70 whoever sends no more and reads slowly is not cut off, and whoever reads nothing is after 60 s', async () => {
  const house = await TestHub.open();
  for (const reads of [true, false]) {
    const client = house.client(lineWire({ history: 0 }));
    client.peer.stall();
    client.send('enter eve', 'say hello');
    client.peer.finish();
    await house.settle();
    await house.advance(59_999);
    assert.equal(client.endedAs(), null);
    if (reads) client.peer.flow();
    else house.clock.advance(1);
    await house.settle();
    assert.equal(client.endedAs(), reads ? 'done' : 'timeout');
    if (reads) assert.equal(client.lines().length, 3);
    await house.advance(2_000);
    assert.deepEqual([house.hub.size, house.world.people.visible], [0, []]);
  }
});

test('CONN-70 CONN-11 what a slow reader is given bit by bit is all given before the link ends', async () => {
  const house = await TestHub.open();
  const later = new Map<string, (answer: string) => void>();
  const client = house.client(lineWire({ history: 0, later }));
  const texts = Array.from({ length: 60 }, (_, index) => `${index}${'x'.repeat(16_000)}`);
  client.send('enter eve', 'later x', ...texts.map((text) => `say ${text}`));
  client.peer.finish();
  await house.settle();
  client.peer.stall();
  later.get('x')?.('at last');
  await house.settle();
  assert.equal(client.endedAs(), null);
  client.peer.flow();
  await house.settle();
  const shown = client.lines().filter((line) => line.startsWith('new'));
  assert.deepEqual(
    shown,
    texts.map((text, index) => `new ${index + 1} eve ${text}`),
  );
  assert.equal(client.endedAs(), 'done');
});

test('CONN-70 CONN-10 more than is remembered of a room is read from storage before the link ends', async () => {
  const { house, storage } = await openedSlow();
  await house.accounts('alice');
  const bob = house.client(lineWire({ history: 0 }));
  await bob.ask('enter bob', 'say old');
  storage.gate = Promise.withResolvers();
  const client = house.client(lineWire({ history: 1 }));
  client.send('login alice', 'say mine');
  client.peer.finish();
  await house.settle();
  for (let index = 0; index < 300; index++) await bob.ask(`say ${index}`);
  storage.entriesGate = Promise.withResolvers();
  storage.gate.resolve();
  await house.settle();
  assert.equal(client.endedAs(), null);
  storage.entriesGate.resolve();
  await house.settle();
  assert.deepEqual(client.lines().slice(2), [
    'old 1 bob old',
    'new 2 alice mine',
    ...Array.from({ length: 300 }, (_, index) => `new ${index + 3} bob ${index}`),
  ]);
  assert.equal(client.endedAs(), 'done');
});

test('CONN-70 T27 whoever is lost while the rest is taken is shown and told nothing that happens after that', async () => {
  const house = await TestHub.open();
  await house.accounts('bob', 'eve');
  const [bob, second] = [house.client(lineWire({ history: 0 })), house.client(lineWire({ rooms: 'all' }))];
  await bob.ask('login bob', 'create den');
  await second.ask('login eve');
  const client = house.client(lineWire({ rooms: 'all', history: 0, notices: true }));
  client.peer.stall();
  client.send('login eve', 'say hello');
  client.peer.finish();
  await house.settle();
  await bob.ask('say secret', 'status Away', 'direct eve secret');
  second.lines();
  assert.deepEqual(await second.ask('join den', 'group den secret'), ['ok', 'ok', 'new #den 1 eve secret']);
  await house.advance(2_000);
  client.peer.flow();
  await house.settle();
  assert.deepEqual([client.lines(), client.endedAs()], [['ok', 'ok', 'new 1 eve hello'], 'done']);
});

test('CONN-70 CONN-10 a gap that shows while the person goes is read before the link ends', async () => {
  const house = await TestHub.open();
  const { world, hub } = house;
  const bob = house.client(lineWire({ history: 0 }));
  await bob.ask('enter bob');
  const client = house.client(lineWire({ history: 0 }));
  const leave = world.leave.bind(world);
  world.leave = (...asked) => {
    world.leave = leave;
    hub.moved(world.lobby, world.head(world.lobby) + 1);
    leave(...asked);
  };
  client.send('enter eve', 'say one');
  client.peer.finish();
  await house.settle();
  assert.equal(client.endedAs(), null);
  await bob.ask('say two');
  await house.advance(1_000);
  assert.deepEqual(client.lines(), ['ok', 'ok', 'new 1 eve one', 'new 2 bob two']);
  assert.equal(client.endedAs(), 'done');
});

test('CONN-70 CONN-15 whoever ends a raw connection while what waits cannot be read is gone at once', async () => {
  const { house, storage } = await openedSlow();
  await house.accounts('alice', 'bob');
  await house.client(lineWire({ history: 0 })).ask('login bob', 'say waits');
  storage.gate = Promise.withResolvers();
  storage.gate.reject(new Error('the test says so'));
  storage.gate.promise.catch(() => {});
  const client = house.client(lineWire({ history: 0 }));
  client.send('login alice');
  client.peer.finish();
  await house.settle();
  assert.deepEqual([client.lines(), client.endedAs()], [['ok'], 'done']);
  assert.deepEqual(
    house.world.people.visible.map(({ name }) => name),
    ['bob'],
  );
});

test('CONN-72 a link is asked for a sign of life when what waits has left, not when something before it has', async () => {
  const { house, storage } = await openedSlow();
  await house.accounts('alice', 'bob');
  await house.client(lineWire({ history: 0 })).ask('login bob', 'say waits');
  storage.gate = Promise.withResolvers();
  const client = house.client(lineWire({ history: 0 }));
  client.peer.stall();
  assert.deepEqual(await client.ask('login alice'), []);
  storage.gate.resolve();
  for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate); // What waits is put in; the turn has not ended.
  client.peer.flow();
  assert.deepEqual([client.lines(), client.link.probes], [['ok'], 0]);
  await house.settle();
  assert.deepEqual([client.lines(), client.link.probes], [['old 1 bob waits'], 1]);
});

/** A house whose pages come at once until its storage is given another gate. */
async function openedSlow() {
  const clock = new FakeClock();
  const storage = new SlowPages(clock);
  storage.gate.resolve();
  return { storage, house: await TestHub.open({ clock, storage }) };
}

/** Memory storage whose pages of messages wait, and whose entries may. */
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
