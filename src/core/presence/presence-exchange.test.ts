import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MemoryBus } from '../../bus/memory/bus.ts';
import { FakeClock } from '../../../testing/clock.ts';
import type { BusMessage, PresenceRecord } from '../model/bus-message.ts';
import type { Bus } from '../ports.ts';
import { AVAILABLE } from '../text/status.ts';
import { Presence } from './presence.ts';
import { PresenceReceiver } from './presence-receiver.ts';
import { PresenceSender } from './presence-sender.ts';

const LEFT = { type: 'left' } as const;

function record(person: number, name = `p${person}`): PresenceRecord {
  const rest = { since: 1, account: false, status: AVAILABLE, statusAt: 0, acceptsDirect: true };
  return { person, name, skeleton: name, ...rest };
}

/** One node that sends and one that receives, over a bus on which `lose` decides which messages are lost. */
function exchange(lose: (message: BusMessage) => boolean = () => false, maxBytes = 1_000_000) {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  const sent: BusMessage[] = [];
  const member = (): Bus => {
    const joined = bus.join();
    return {
      ...joined,
      maxBytes,
      publish: (subject, message) => {
        sent.push(message);
        if (!lose(message)) joined.publish(subject, structuredClone(message));
      },
    };
  };
  const [own, other] = [member(), member()];
  let isAlone = false;
  const sender = new PresenceSender('a', { bus: own, clock }, () => isAlone);
  own.subscribe('node/a', (message) => message.type === 'ask' && sender.answer(message.node, message.version));
  const presence = new Presence();
  const receiver = new PresenceReceiver('b', { bus: other, clock }, presence);
  const events: string[] = [];
  for (const subject of ['nodes', 'node/b'] as const)
    other.subscribe(subject, (message) => {
      if (message.type !== 'heartbeat' && message.type !== 'presence' && message.type !== 'people') return;
      for (const event of receiver.receive(message, subject === 'node/b').events)
        events.push(event.type === 'person-left' ? `${event.departure.type} ${event.person.name}` : event.type);
    });
  return {
    clock,
    sender,
    sent,
    receiver,
    events,
    setAlone: (alone: boolean) => (isAlone = alone),
    /** The people at the receiver. */
    people: () => [...presence.all].map(({ person }) => person).sort((a, b) => a - b),
    version: () => presence.versionOf('a'),
    enter: (person: number) => sender.add(person, record(person), null),
    leave: (person: number) => sender.add(person, null, LEFT),
    /** A heartbeat, and all that follows from it. */
    beat() {
      sender.heartbeat();
      clock.turn();
    },
    types: () => sent.splice(0).map(({ type }) => type),
  };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('WORLD-280 the changes of one turn go out in one message, in their order', () => {
  const { clock, enter, leave, types, people, events, version } = exchange();
  for (const person of [1, 2, 3]) enter(person);
  leave(2);
  assert.deepEqual(types(), []);
  clock.turn();
  assert.deepEqual([types(), people(), version()], [['presence'], [1, 3], 4]);
  assert.deepEqual(events, ['person-entered', 'person-entered', 'person-entered', 'left p2']);
  enter(4);
  clock.turn();
  assert.deepEqual([types(), people(), version()], [['presence'], [1, 3, 4], 5]);
});

test('WORLD-280 WORLD-281 a node that is alone sends no changes; who comes gets them by asking', () => {
  const { clock, enter, types, setAlone, people, beat, receiver } = exchange();
  setAlone(true);
  enter(1);
  clock.turn();
  assert.deepEqual(types(), []);
  setAlone(false);
  receiver.ask('a');
  clock.turn();
  assert.deepEqual([types(), people()], [['ask', 'presence'], [1]]);
  beat();
  assert.deepEqual(types(), ['heartbeat']);
});

test('WORLD-280 changes that are made while it turns out that the node is not alone are all sent', () => {
  const { clock, enter, setAlone, people, beat, version } = exchange();
  for (const [person, alone] of [
    [1, true],
    [2, false],
    [3, true],
    [4, false],
  ] as const) {
    setAlone(alone);
    enter(person);
  }
  clock.turn();
  assert.deepEqual([people(), version()], [[2, 3, 4], 0]);
  beat();
  assert.deepEqual([people(), version()], [[1, 2, 3, 4], 4]);
});

test('WORLD-281 who missed changes asks at the next heartbeat, and is told how people left', () => {
  let isLost = false;
  const { clock, enter, leave, types, people, events, beat, version } = exchange(() => isLost);
  enter(1);
  enter(2);
  clock.turn();
  isLost = true;
  leave(1);
  enter(3);
  enter(4);
  leave(4);
  clock.turn();
  isLost = false;
  enter(5);
  clock.turn();
  assert.deepEqual([people(), version()], [[1, 2, 5], 2]);
  types();
  beat();
  assert.deepEqual(types(), ['heartbeat', 'ask', 'presence']);
  assert.deepEqual([people(), version()], [[2, 3, 5], 7]);
  assert.deepEqual(events.slice(-2), ['left p1', 'person-entered']);
  beat();
  assert.deepEqual(types(), ['heartbeat'], 'nothing is missing');
});

test('WORLD-282 who lacks a departure that is remembered no more gets all people', () => {
  let isLost = false;
  const { clock, enter, leave, types, people, events, beat, version } = exchange(() => isLost);
  for (const person of [1, 2]) enter(person);
  clock.turn();
  isLost = true;
  leave(1);
  for (const person of range(11, 10_009)) {
    enter(person);
    leave(person);
  }
  clock.turn();
  isLost = false;
  types();
  beat();
  assert.deepEqual(new Set(types()), new Set(['heartbeat', 'ask', 'presence']), '10,000 departures are remembered');
  assert.deepEqual([people(), events.at(-1)], [[2], 'left p1']);
  isLost = true;
  for (const person of range(20_001, 30_001)) {
    enter(person);
    leave(person);
  }
  leave(2);
  enter(3);
  clock.turn();
  isLost = false;
  types();
  beat();
  assert.deepEqual(types(), ['heartbeat', 'ask', 'people']);
  assert.deepEqual([people(), version()], [[3], 40_005]);
});

/** A sender with many people, of whom the receiver lacks a departure. */
function withParts(
  lose: (message: BusMessage) => boolean,
  names: (person: number) => string = (person) => `p${person}`,
) {
  let isLost = false;
  const made = exchange((message) => isLost || lose(message), 4_096);
  isLost = true;
  for (const person of range(1, 100)) made.sender.add(person, record(person, names(person)), null);
  for (const person of range(20_001, 30_001)) {
    made.enter(person);
    made.leave(person);
  }
  made.clock.turn();
  isLost = false;
  made.sent.length = 0;
  return made;
}

test('WORLD-283 all people come in parts that fit the bus and take effect when the last one is here', () => {
  const shown: number[] = [];
  const names = (person: number) => `${'\u{1f600}"\u0001é'.repeat(10)}${person}`;
  const made = withParts(({ type }) => type === 'people' && shown.push(made.people().length) < 0, names);
  made.beat();
  assert.ok(shown.length > 5, `${shown.length} parts`);
  assert.deepEqual(new Set(shown), new Set([0]));
  assert.deepEqual(made.people(), range(1, 100));
  const sizes = made.sent.map((message) => Buffer.byteLength(JSON.stringify(message)));
  assert.ok(
    sizes.every((size) => size <= 4_096),
    `${Math.max(...sizes)}`,
  );
  assert.ok(
    sizes.slice(2, -1).every((size) => size > 2_500),
    'no part is much smaller than it may be',
  );
});

test('WORLD-283 the changes of a turn are divided, too, so that no message is too large', () => {
  const { clock, enter, sent, people, version } = exchange(() => false, 2_048);
  for (const person of range(1, 200)) enter(person);
  clock.turn();
  assert.ok(sent.length > 20);
  for (const message of sent) assert.ok(Buffer.byteLength(JSON.stringify(message)) <= 2_048);
  assert.deepEqual([people(), version()], [range(1, 200), 200]);
});

test('WORLD-283 when a part is lost nobody enters or leaves, and everything is asked for again', () => {
  let losses = 1;
  const made = withParts((message) => message.type === 'people' && message.part === 2 && losses-- > 0);
  made.beat();
  assert.deepEqual(made.people(), []);
  made.types();
  made.beat();
  assert.deepEqual(made.types(), ['heartbeat'], 'the rest may be on its way');
  made.beat();
  assert.deepEqual(made.people(), range(1, 100));
});

test('WORLD-284 a part goes out at a time, to the nodes in turn, and nobody is answered twice at once', () => {
  const soon: (() => void)[] = [];
  const sent: string[] = [];
  const bus: Bus = {
    maxBytes: 4_096,
    publish: (subject, message) => void (message.type === 'presence' && sent.push(`${subject} ${message.version}`)),
    subscribe: () => () => {},
    onReconnect: () => () => {},
  };
  const clock = { ...new FakeClock(), endOfTurn: () => {}, soon: (run: () => void) => void soon.push(run) };
  const sender = new PresenceSender('a', { bus, clock: clock as never }, () => true);
  for (const person of range(1, 40)) sender.add(person, record(person), null);
  for (const node of ['b', 'c', 'b', 'c', 'b']) sender.answer(node, 0);
  let turns = 0;
  for (let run = soon.shift(); run !== undefined; run = soon.shift()) {
    const before = sent.length;
    run();
    assert.ok(sent.length - before <= 1, 'one part a turn');
    turns += 1;
  }
  const parts = sent.filter((one) => one.startsWith('node/b'));
  assert.ok(parts.length > 2 && turns > parts.length);
  const others = sent.filter((one) => one.startsWith('node/c'));
  assert.deepEqual(
    others,
    parts.map((part) => part.replace('node/b', 'node/c')),
  );
  assert.ok(sent.indexOf(others[0] ?? '') < sent.indexOf(parts[2] ?? ''), 'in turn');
  sender.answer('b', 0);
  assert.equal(sent.length, 2 * parts.length + 1, 'when it has all, it may ask again');
});

test('WORLD-41 WORLD-281 WORLD-283 whatever is lost, in the end the receiver has what the sender has', () => {
  const step = fc.record({
    person: fc.integer({ min: 1, max: 6 }),
    enters: fc.boolean(),
    turn: fc.boolean(),
    beat: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.infiniteStream(fc.boolean()), (steps, losses) => {
      let isReliable = false;
      const made = exchange(() => !isReliable && losses.next().value, 1_024);
      const truth = new Set<number>();
      for (const { person, enters, turn, beat } of steps) {
        if (enters) made.enter(person);
        else made.leave(person);
        if (enters) truth.add(person);
        else truth.delete(person);
        if (turn) made.clock.turn();
        if (beat) made.beat();
      }
      isReliable = true;
      for (let beat = 0; beat < 3; beat++) made.beat();
      assert.deepEqual(made.people(), [...truth].sort());
      assert.equal(made.version(), steps.length);
    }),
  );
});
