import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import type { EphemeralEvent, RoomEvent } from '../../core/model/events.ts';
import { memoryPair } from '../../../testing/transports/memory-link.ts';
import type { Source } from './cursor.ts';
import { RoomBroadcast } from './room-broadcast.ts';
import { Outbox } from '../output/outbox.ts';
import { FlushScheduler } from '../output/flush-scheduler.ts';
import type { Variant } from '../variant.ts';

const ROOM = 1;
const KIB = 1_024;
const PLACE = { type: 'group', name: 'lobby', lobby: true } as const;

/** What can happen to a room and to a connection that shows it. */
const ACTIONS = ['commit', 'commit two', 'commit elsewhere', 'pass', 'storage answers', 'block', 'stall'] as const;
type Action = (typeof ACTIONS)[number];

/** One room, one connection that joins it, and storage that answers when it is told to. */
class Scene {
  readonly clock = new FakeClock();
  readonly #pair = memoryPair(this.clock);
  readonly #answers: (() => void)[] = [];
  readonly #feed: RoomBroadcast;
  readonly #receiver;
  readonly #outbox: Outbox;
  readonly #committed: RoomEvent[] = [];
  /** What happened after the connection asked to join, in the one order there is. */
  readonly truth: string[] = [];
  pagePosition = -1;
  #passed = 0;
  #stalled = false;
  slow = 0;

  /** What happens takes lines of so many bytes. */
  constructor(before: number, width = 0) {
    for (let position = 1; position <= before; position++) this.#committed.push(event(position));
    const variant: Variant = {
      key: 'test',
      showsOwnMoves: true,
      showsChangesAsMessages: false,
      event: (item) => text(('position' in item ? `${item.position}` : item.person.name).padEnd(width - 1)),
      message: (message) => text(`old ${message.number}`),
    };
    const turn = new FlushScheduler(this.clock);
    this.#outbox = new Outbox(this.#pair.link, turn, () => this.slow++);
    this.#receiver = {
      variant,
      outbox: this.#outbox,
      blocked: false,
      hides: () => false,
      tooSlow: () => void this.slow++,
      caughtUp: () => {},
    };
    const source: Source = {
      events: (after, limit) => this.#answer(() => this.#committed.slice(after, after + limit)),
      later: (ms, run) => void this.clock.after(ms, run),
    };
    this.#feed = new RoomBroadcast(ROOM, before, source, false, () => {});
  }

  /** As a screen does it: the room's place is noted, its last two messages are read and shown, then the cursor starts. */
  join(): void {
    const cursor = this.#feed.join(this.#receiver);
    this.#pull = () => cursor.catchUp();
    const position = this.#committed.length;
    this.pagePosition = position;
    void this.#answer(() => [position - 1, position]).then((numbers) => {
      for (const number of numbers) this.#receiver.outbox.pushSolicited(text(`old ${number}`));
      cursor.start(position, position);
    });
  }
  #pull: () => void = () => {};

  async act(action: Action): Promise<void> {
    switch (action) {
      case 'commit':
        this.#feed.deliver([this.#commit()], new Set());
        break;
      case 'commit two':
        this.#feed.deliver([this.#commit(), this.#passing(), this.#commit()], new Set());
        break;
      case 'commit elsewhere':
        this.#commit();
        this.#feed.resync(this.#committed.length);
        break;
      case 'pass':
        this.#feed.deliver([this.#passing()], new Set());
        break;
      case 'storage answers':
        this.#answers.shift()?.();
        break;
      case 'block':
        this.#receiver.blocked = !this.#receiver.blocked;
        if (!this.#receiver.blocked) this.#pull();
        break;
      case 'stall':
        this.#stalled = !this.#stalled;
        if (this.#stalled) this.#pair.peer.stopReading();
        else this.#pair.peer.resumeReading();
        if (!this.#stalled) this.#outbox.drained();
        this.#pull();
    }
    this.clock.turn();
    await microtasks();
  }

  async repeat(times: number, action: Action): Promise<void> {
    for (let time = 0; time < times; time++) await this.act(action);
  }

  /** Bytes that the peer has not taken. */
  get untaken(): number {
    return this.#outbox.size;
  }

  async finish(): Promise<string[]> {
    if (this.#receiver.blocked) await this.act('block');
    if (this.#stalled) await this.act('stall');
    while (this.#answers.length > 0) await this.act('storage answers');
    this.clock.turn();
    return new TextDecoder().decode(this.#pair.peer.take()).split('\n').slice(0, -1);
  }

  #answer<T>(make: () => T): Promise<T> {
    return new Promise((resolve) => this.#answers.push(() => resolve(make())));
  }

  #commit(): RoomEvent {
    const committed = event(this.#committed.length + 1);
    this.#committed.push(committed);
    this.truth.push(`${committed.position}`);
    return committed;
  }

  #passing(): EphemeralEvent {
    const name = `passing ${++this.#passed}`;
    this.truth.push(name);
    return { type: 'person-entered', person: { id: 1, name } };
  }
}

function event(position: number): RoomEvent {
  return { type: 'person-unmuted', room: ROOM, position, conversation: PLACE, skeleton: 'x' };
}

function text(line: string): Uint8Array {
  return new TextEncoder().encode(`${line}\n`);
}

async function microtasks(): Promise<void> {
  for (let tick = 0; tick < 4; tick++) await Promise.resolve();
}

/** Every sequence of so many actions. */
function* sequences(length: number): Iterable<Action[]> {
  if (length === 0) return yield [];
  for (const rest of sequences(length - 1)) for (const action of ACTIONS) yield [...rest, action];
}

async function check(actions: readonly Action[], joinAt: number): Promise<void> {
  const scene = new Scene(3);
  const missed: string[] = [];
  for (const [index, action] of actions.entries()) {
    if (index === joinAt) {
      missed.push(...scene.truth.filter((item) => item.startsWith('passing')));
      scene.join();
      await microtasks();
    }
    await scene.act(action);
  }
  const got = await scene.finish();
  const old = got.filter((line) => line.startsWith('old'));
  const position = scene.pagePosition;
  assert.deepEqual(old, [`old ${position - 1}`, `old ${position}`]);
  assert.deepEqual(got.slice(0, old.length), old, 'history comes first');
  const expected = scene.truth.filter((item) =>
    item.startsWith('passing') ? !missed.includes(item) : Number(item) > position,
  );
  assert.deepEqual(got.slice(old.length), expected);
  assert.equal(scene.slow, 0);
}

test('CONN-10 joining, catching up and live traffic in every order: each event once, in the order it happened', async () => {
  let checked = 0;
  for (let length = 1; length <= 5; length++)
    for (const actions of sequences(length)) {
      await check(actions, 0).catch((error: unknown) => {
        throw new Error(`after ${JSON.stringify(actions)}`, { cause: error });
      });
      checked += 1;
    }
  assert.equal(checked, 7 + 7 ** 2 + 7 ** 3 + 7 ** 4 + 7 ** 5);
});

test('CONN-10 the same when the join comes in the middle of it', async () => {
  for (const actions of sequences(4))
    for (const joinAt of [1, 2, 3])
      await check(actions, joinAt).catch((error: unknown) => {
        throw new Error(`joining at ${joinAt} of ${JSON.stringify(actions)}`, { cause: error });
      });
});

/** A connection that was level, and is behind by so many events of 4 KiB when it takes nothing any more. */
async function behind(events: number): Promise<Scene> {
  const scene = new Scene(3, KIB * 4);
  scene.join();
  await scene.act('storage answers');
  await fallBehind(scene, events);
  return scene;
}

async function fallBehind(scene: Scene, events: number): Promise<void> {
  await scene.act('stall');
  await scene.act('block');
  await scene.repeat(events, 'commit');
  await scene.act('block');
}

test('CONN-11 a connection that is behind is given no more than 256 KiB that it has not taken, from the ring and from storage', async () => {
  for (const events of [200, 300]) {
    const scene = await behind(events);
    await scene.act('storage answers');
    assert.ok(scene.untaken > 252 * KIB && scene.untaken <= 260 * KIB, `${scene.untaken}`);
    await scene.act('stall');
    const [, , ...got] = await scene.finish();
    assert.deepEqual(
      got.map((line) => line.trim()),
      scene.truth,
    );
    assert.equal(scene.slow, 0);
  }
});

test('CONN-08 a connection that is behind and takes nothing for 60 s is closed, and one that takes something is not', async () => {
  for (const takes of [true, false]) {
    const scene = await behind(200);
    scene.clock.advance(59_999);
    assert.equal(scene.slow, 0);
    if (takes) {
      await scene.act('stall');
      await fallBehind(scene, 200);
    }
    scene.clock.advance(1);
    assert.equal(scene.slow, takes ? 0 : 1);
    if (!takes) continue;
    scene.clock.advance(59_998);
    assert.equal(scene.slow, 0);
    scene.clock.advance(1);
    assert.equal(scene.slow, 1);
  }
});

test('CONN-08 a connection for which more than 1,000 passing events wait is closed', async () => {
  const scene = new Scene(3);
  scene.join();
  await scene.act('storage answers');
  await scene.act('block');
  await scene.repeat(1_000, 'pass');
  assert.equal(scene.slow, 0);
  await scene.act('pass');
  assert.equal(scene.slow, 1);
});
