import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Heard, kick, saying } from '../../testing/bus-members.ts';
import type { Cleanup } from '../../testing/temporary.ts';
import type { BusMessage } from '../core/model/bus-message.ts';
import { roomStream } from '../core/model/ids.ts';
import type { Bus, Log } from '../core/ports.ts';

/** A member of the bus under test. `settled` resolves when what it published and subscribed to before holds. */
export type Member = { readonly bus: Bus; settled(): Promise<void>; close(): Promise<void> };

/** Joins a bus that nobody else is on; each call is another member. */
export type JoinBus = (node: string, log: Log) => Promise<Member>;

const TEXTS = [
  '',
  'a b',
  '\u0000',
  '"\\/\b\f\n\r\t',
  '😀 e\u0301 \u202e',
  '\ufeff',
  '\u2028',
  '\uffff',
  '-ERR',
  '\r\nPING\r\n',
];
const MANY = 1_000;

/** A kick that is this long on its way. */
function kickOfSize(node: string, bytes: number): BusMessage {
  return kick(node, 'x'.repeat(bytes - JSON.stringify(kick(node, '')).length));
}

/** The tests that every implementation of the port `Bus` must pass. `open` is called once, and may register what is to be ended. */
export function busSuite(
  name: string,
  options: { skip: string | false },
  open: (cleanup: Cleanup) => Promise<() => JoinBus>,
): void {
  describe(name, options, () => {
    const ends: (() => Promise<void>)[] = [];
    let newBus: () => JoinBus;
    before(async () => {
      newBus = await open({ after: (end) => void ends.push(end) });
    });
    after(async () => {
      for (const end of ends.toReversed()) await end();
    });

    /** Runs a test with three members of a new bus and all that they log. */
    const rule = (
      title: string,
      body: (one: Member, two: Member, three: Member, log: string[]) => Promise<void>,
    ): void =>
      void test(title, async () => {
        const events: string[] = [];
        const warn: Log['warn'] = (event) => void events.push(event);
        const join = newBus();
        const members = await Promise.all(
          ['one', 'two', 'three'].map((node) => join(node, { info: () => {}, warn, error: warn })),
        );
        const [one, two, three] = members as [Member, Member, Member];
        try {
          await body(one, two, three, events);
        } finally {
          for (const { close } of members) await close();
        }
      });

    rule('BUS-01 a message reaches all others that are subscribed, and nobody else', async (one, two, three) => {
      const subject = roomStream(1);
      const [own, second, third] = [new Heard(one, subject), new Heard(two, subject), new Heard(three, subject)];
      const subjects = ['nodes', 'node/two', 'directory', 'person/1', 'room/11', 'room/2'] as const;
      const others = subjects.map((other) => new Heard(two, other));
      for (const { settled } of [one, two, three]) await settled();
      one.bus.publish(subject, saying(subject, 'one', '1'));
      two.bus.publish(subject, saying(subject, 'two', '2'));
      await Promise.all([second.until('1'), third.until('1'), third.until('2'), own.until('2')]);
      assert.deepEqual([own.marks, second.marks, third.marks.toSorted()], [['2'], ['1'], ['1', '2']]);
      assert.ok(others.every(({ messages }) => messages.length === 0));
    });

    rule('BUS-01 every kind of subject carries messages', async (one, two) => {
      for (const subject of ['nodes', 'node/two', 'directory', 'person/9007199254740991', 'room/1'] as const) {
        const heard = new Heard(two, subject);
        await two.settled();
        one.bus.publish(subject, saying(subject, 'one', '1'));
        await heard.until('1');
      }
    });

    rule('BUS-02 messages of one member arrive in order, over subjects too', async (one, two) => {
      const all: BusMessage[] = [];
      const subjects = ['nodes', 'room/1', 'person/1'] as const;
      for (const subject of subjects) two.bus.subscribe(subject, (message) => all.push(message));
      const last = new Heard(two, 'directory');
      await two.settled();
      const wanted = Array.from({ length: MANY }, (_, index) => {
        const subject = subjects[index % 3] ?? 'nodes';
        const message = saying(subject, 'one', String(index + 1));
        one.bus.publish(subject, message);
        return message;
      });
      one.bus.publish('directory', saying('directory', 'one', '1'));
      await last.until('1');
      assert.deepEqual(all, wanted);
    });

    rule('BUS-03 any text arrives as it was', async (one, two) => {
      const heard = new Heard(two, 'nodes');
      await two.settled();
      for (const text of [...TEXTS, 'last']) one.bus.publish('nodes', kick('one', text));
      await heard.until('last');
      assert.deepEqual(heard.marks, [...TEXTS, 'last']);
    });

    rule(
      'BUS-04 a message of maxBytes arrives, a larger one is dropped and logged',
      async (one, two, _three, events) => {
        const heard = new Heard(two, 'nodes');
        await two.settled();
        const largest = kickOfSize('one', one.bus.maxBytes);
        one.bus.publish('nodes', kickOfSize('one', one.bus.maxBytes + 1));
        assert.deepEqual(events, ['bus-message-too-large']);
        one.bus.publish('nodes', largest);
        one.bus.publish('nodes', kick('one', 'last'));
        await heard.until('last');
        assert.deepEqual(heard.messages, [largest, kick('one', 'last')]);
      },
    );

    rule('BUS-05 each subscription is told, and ends alone', async (one, two) => {
      const [first, second, last] = [new Heard(two, 'nodes'), new Heard(two, 'nodes'), new Heard(two, 'node/last')];
      await two.settled();
      const send = async (text: string) => {
        one.bus.publish('nodes', kick('one', text));
        one.bus.publish('node/last', kick('one', text));
        await last.until(text);
      };
      await send('both');
      first.end();
      first.end();
      await two.settled();
      await send('one');
      second.end();
      await two.settled();
      await send('none');
      assert.deepEqual(first.marks, ['both']);
      assert.deepEqual(second.marks, ['both', 'one']);
      const again = new Heard(two, 'nodes');
      await two.settled();
      await send('again');
      assert.deepEqual(again.marks, ['again']);
    });

    rule('BUS-05 a receiver may end its subscription, or begin one, while it is told', async (one, two) => {
      let times = 0;
      const inner: string[] = [];
      const end = two.bus.subscribe('nodes', () => {
        times++;
        end();
        two.bus.subscribe('nodes', () => inner.push('inner'));
      });
      const last = new Heard(two, 'nodes');
      await two.settled();
      one.bus.publish('nodes', kick('one', 'first'));
      await last.until('first');
      await two.settled();
      one.bus.publish('nodes', kick('one', 'second'));
      await last.until('second');
      assert.deepEqual([times, inner], [1, ['inner']]);
    });

    rule('BUS-06 a member hears on each of many subjects', async (one, two) => {
      const rooms = Array.from({ length: MANY }, (_, index) => ({
        room: index + 1,
        heard: new Heard(two, roomStream(index + 1)),
      }));
      await two.settled();
      for (const { room } of rooms) {
        const subject = roomStream(room);
        one.bus.publish(subject, saying(subject, 'one', String(room)));
      }
      await Promise.all(rooms.map(({ room, heard }) => heard.until(String(room))));
      assert.ok(rooms.every(({ heard }) => heard.messages.length === 1));
    });
  });
}
