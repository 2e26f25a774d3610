import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { memoryPair } from '../../../testing/transports/memory-link.ts';
import type { EphemeralEvent, RoomEvent } from '../../core/model/events.ts';
import { FlushScheduler } from '../output/flush-scheduler.ts';
import { Outbox } from '../output/outbox.ts';
import type { Variant } from '../variant.ts';
import type { Source } from './cursor.ts';
import { RoomBroadcast } from './room-broadcast.ts';

const ROOM = 1;
const KIB = 1_024;
const LOBBY = { type: 'group', name: 'lobby', lobby: true } as const;

/** What can happen to a room and to a connection that delivers it. `reply waits` and `reader stalls` are switched on and off. */
const ACTIONS = [
  'commit',
  'commit two',
  'commit elsewhere',
  'ephemeral',
  'storage answers',
  'reply waits',
  'reader stalls',
] as const;
type Action = (typeof ACTIONS)[number];

/** One room, one connection that begins to deliver it, and storage that answers when the test says so. */
class Scenario {
  readonly clock = new FakeClock();
  readonly #pair = memoryPair(this.clock);
  readonly #answers: (() => void)[] = [];
  readonly #broadcast: RoomBroadcast;
  readonly #receiver;
  readonly #outbox: Outbox;
  readonly #committed: RoomEvent[] = [];
  /** All events after `before`, in order. */
  readonly happened: string[] = [];
  pagePosition = -1;
  #ephemeral = 0;
  #stalled = false;
  #catchUp: () => void = () => {};
  slow = 0;

  /** The room has `before` events; each later one is a line of at least `width` bytes. */
  constructor(before: number, width = 0) {
    for (let position = 1; position <= before; position++) this.#committed.push(event(position));
    const variant: Variant = {
      key: 'test',
      showsOwnMoves: true,
      showsChangesAsMessages: false,
      event: (item) => text(('position' in item ? `${item.position}` : item.person.name).padEnd(width - 1)),
      message: (message) => text(`old ${message.number}`),
    };
    const scheduler = new FlushScheduler(this.clock);
    this.#outbox = new Outbox(
      this.#pair.link,
      scheduler,
      () => this.slow++,
      () => {},
    );
    this.#receiver = {
      variant,
      outbox: this.#outbox,
      hasWaitingReply: false,
      hides: () => false,
      tooSlow: () => void this.slow++,
      caughtUp: () => {},
    };
    const source: Source = {
      events: (after, limit) => this.#answer(() => this.#committed.slice(after, after + limit)),
      later: (ms, run) => void this.clock.after(ms, run),
    };
    this.#broadcast = new RoomBroadcast(ROOM, before, source, false, () => {});
  }

  /** As `Subscriptions` does: opens a cursor, loads and sends the last two messages, then starts the cursor. */
  join(): void {
    const cursor = this.#broadcast.openCursor(this.#receiver);
    this.#catchUp = () => cursor.catchUp();
    const position = this.#committed.length;
    this.pagePosition = position;
    void this.#answer(() => [position - 1, position]).then((numbers) => {
      for (const number of numbers) this.#receiver.outbox.pushSolicited(text(`old ${number}`));
      cursor.start(position, position);
    });
  }

  async act(action: Action): Promise<void> {
    switch (action) {
      case 'commit':
        this.#broadcast.deliver([this.#commit()], new Set());
        break;
      case 'commit two':
        this.#broadcast.deliver([this.#commit(), this.#makeEphemeral(), this.#commit()], new Set());
        break;
      case 'commit elsewhere':
        this.#commit();
        this.#broadcast.resync(this.#committed.length);
        break;
      case 'ephemeral':
        this.#broadcast.deliver([this.#makeEphemeral()], new Set());
        break;
      case 'storage answers':
        this.#answers.shift()?.();
        break;
      case 'reply waits':
        this.#receiver.hasWaitingReply = !this.#receiver.hasWaitingReply;
        if (!this.#receiver.hasWaitingReply) this.#catchUp();
        break;
      case 'reader stalls':
        this.#stalled = !this.#stalled;
        if (this.#stalled) this.#pair.peer.stopReading();
        else this.#pair.peer.resumeReading();
        if (!this.#stalled) this.#outbox.drained();
        this.#catchUp();
    }
    this.clock.turn();
    await microtasks();
  }

  async repeat(times: number, action: Action): Promise<void> {
    for (let time = 0; time < times; time++) await this.act(action);
  }

  get untaken(): number {
    return this.#outbox.size;
  }

  async finish(): Promise<string[]> {
    if (this.#receiver.hasWaitingReply) await this.act('reply waits');
    if (this.#stalled) await this.act('reader stalls');
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
    this.happened.push(`${committed.position}`);
    return committed;
  }

  #makeEphemeral(): EphemeralEvent {
    const name = `ephemeral ${++this.#ephemeral}`;
    this.happened.push(name);
    return { type: 'person-entered', person: { id: 1, name } };
  }
}

function event(position: number): RoomEvent {
  return { type: 'person-unmuted', room: ROOM, position, conversation: LOBBY, skeleton: 'x' };
}

function text(line: string): Uint8Array {
  return new TextEncoder().encode(`${line}\n`);
}

async function microtasks(): Promise<void> {
  for (let tick = 0; tick < 4; tick++) await Promise.resolve();
}

/** All sequences of `length` actions. */
function* sequences(length: number): Iterable<Action[]> {
  if (length === 0) return yield [];
  for (const rest of sequences(length - 1)) for (const action of ACTIONS) yield [...rest, action];
}

async function check(actions: readonly Action[], joinAt: number): Promise<void> {
  const scenario = new Scenario(3);
  const missed: string[] = [];
  for (const [index, action] of actions.entries()) {
    if (index === joinAt) {
      missed.push(...scenario.happened.filter((item) => item.startsWith('ephemeral')));
      scenario.join();
      await microtasks();
    }
    await scenario.act(action);
  }
  const got = await scenario.finish();
  const old = got.filter((line) => line.startsWith('old'));
  const position = scenario.pagePosition;
  assert.deepEqual(old, [`old ${position - 1}`, `old ${position}`]);
  assert.deepEqual(got.slice(0, old.length), old, 'history comes first');
  const expected = scenario.happened.filter((item) =>
    item.startsWith('ephemeral') ? !missed.includes(item) : Number(item) > position,
  );
  assert.deepEqual(got.slice(old.length), expected);
  assert.equal(scenario.slow, 0);
}

test('CONN-10 joining, catching up and live events in every order: each event is delivered once, in order', async () => {
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

test('CONN-10 the same if the connection joins in the middle', async () => {
  for (const actions of sequences(4))
    for (const joinAt of [1, 2, 3])
      await check(actions, joinAt).catch((error: unknown) => {
        throw new Error(`joining at ${joinAt} of ${JSON.stringify(actions)}`, { cause: error });
      });
});

/** A connection that was live, takes nothing any more, and is behind by this many events of 4 KiB. */
async function behind(events: number): Promise<Scenario> {
  const scenario = new Scenario(3, KIB * 4);
  scenario.join();
  await scenario.act('storage answers');
  await fallBehind(scenario, events);
  return scenario;
}

async function fallBehind(scenario: Scenario, events: number): Promise<void> {
  await scenario.act('reader stalls');
  await scenario.act('reply waits');
  await scenario.repeat(events, 'commit');
  await scenario.act('reply waits');
}

test('CONN-11 catching up from the replay buffer and from storage leaves at most 256 KiB untaken', async () => {
  for (const events of [200, 300]) {
    const scenario = await behind(events);
    await scenario.act('storage answers');
    assert.ok(scenario.untaken > 252 * KIB && scenario.untaken <= 260 * KIB, `${scenario.untaken}`);
    await scenario.act('reader stalls');
    const [, , ...got] = await scenario.finish();
    assert.deepEqual(
      got.map((line) => line.trim()),
      scenario.happened,
    );
    assert.equal(scenario.slow, 0);
  }
});

test('CONN-08 a connection that is behind is closed if the client takes nothing for 60 s, not if it takes something', async () => {
  for (const takes of [true, false]) {
    const scenario = await behind(200);
    scenario.clock.advance(59_999);
    assert.equal(scenario.slow, 0);
    if (takes) {
      await scenario.act('reader stalls');
      await fallBehind(scenario, 200);
    }
    scenario.clock.advance(1);
    assert.equal(scenario.slow, takes ? 0 : 1);
    if (!takes) continue;
    scenario.clock.advance(59_998);
    assert.equal(scenario.slow, 0);
    scenario.clock.advance(1);
    assert.equal(scenario.slow, 1);
  }
});

test('CONN-08 a connection with more than 1,000 deferred events is closed', async () => {
  const scenario = new Scenario(3);
  scenario.join();
  await scenario.act('storage answers');
  await scenario.act('reply waits');
  await scenario.repeat(1_000, 'ephemeral');
  assert.equal(scenario.slow, 0);
  await scenario.act('ephemeral');
  assert.equal(scenario.slow, 1);
});
