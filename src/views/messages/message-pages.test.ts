import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Entry, RoomEntry } from '../../core/model/entries.ts';
import { roomStream } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { Page, Version, ViewAnswer } from '../answer.ts';
import type { MessagePageRequest } from './message-numbers.ts';
import { messagePage, type PageMessage } from './message-pages.ts';
import { MOST_ENTRIES } from './passed.ts';

const ROOM = 9;
const VIEWER = 1;
const OTHER = 2;

/** The log of a room, and how it stood after each entry. */
class RoomLog {
  readonly #entries: Entry[] = [];
  readonly #states: (readonly Message[])[] = [[]];
  reads = 0;

  get position(): number {
    return this.#entries.length;
  }

  /** The messages as they were at a position. */
  at(position: number): readonly Message[] {
    return this.#states[position] ?? [];
  }

  post(author: number, withheld: boolean): void {
    const number = this.at(this.position).length + 1;
    const message: Message = {
      id: `${number}`,
      room: ROOM,
      number,
      position: this.position + 1,
      author: { id: author, name: `${author}` },
      text: `${number} as posted`,
      ...(withheld && { withheld: true }),
      clientTime: null,
      serverTime: 1_000,
      editedAt: null,
      deletedAt: null,
      edits: [],
    };
    this.#add({ type: 'message-posted', message, at: 0 }, [...this.at(this.position), message]);
  }

  /** Edits or deletes the message, if it is there and not deleted. */
  change(number: number, type: 'message-edited' | 'message-deleted'): void {
    const message = this.at(this.position)[number - 1];
    if (message === undefined || message.deletedAt !== null) return;
    const edits = [...message.edits, this.position + 1];
    const after =
      type === 'message-edited'
        ? { ...message, edits, editedAt: 1, text: `${number} edited at ${this.position}` }
        : { ...message, text: '', deletedAt: 1 };
    this.#add({ type, message: after, at: 0 }, this.at(this.position).with(number - 1, after));
  }

  join(): void {
    const member = { room: ROOM, person: 5, name: 'm', role: 'member', other: null, since: 0 } as const;
    this.#add({ type: 'member-joined', member, at: 0 }, this.at(this.position));
  }

  /** What a view knows of the room at a position. */
  head(position: number) {
    const messages = this.at(position);
    const hidden = this.at(this.position).filter(isHidden);
    return { position, lastNumber: messages.length, hidden: hidden.map(({ number }) => number) };
  }

  /** Reads as of a position that storage has reached. */
  readerAt(position: number) {
    return {
      messages: (_room: number, before: number | null, limit: number) => {
        this.reads++;
        const found = this.at(position).filter(({ number }) => before === null || number < before);
        return Promise.resolve({ position, messages: found.slice(-limit) });
      },
      entries: (_room: number, after: number, limit: number) =>
        Promise.resolve(this.#entries.slice(after, Math.min(after + limit, position))),
    };
  }

  /** The page as it is at a position. */
  page(position: number, { order, size, index, before }: MessagePageRequest): readonly Message[] {
    const seen = this.at(position).filter((message) => !isHidden(message) && message.number < (before ?? Infinity));
    return (order === 'asc' ? seen : seen.toReversed()).slice((index - 1) * size, index * size);
  }

  #add(body: RoomEntry, messages: readonly Message[]): void {
    this.#entries.push({ stream: roomStream(ROOM), position: this.position + 1, body });
    this.#states.push(messages);
  }
}

const isHidden = ({ withheld, author }: Message) => withheld === true && author.id !== VIEWER;

/** What an asker has: a page, and its version. An answer changes it as a patch does. */
class Asker {
  page: readonly Message[] = [];
  total = 0;
  version: Version | null = null;
  last = '';

  take(answer: ViewAnswer<Page<PageMessage>>): void {
    this.version = answer.version;
    this.last = answer.type;
    if (answer.type === 'same') return;
    const { entries, total } = answer.type === 'whole' ? answer.value : answer.after;
    const before = answer.type === 'whole' ? [] : answer.before.entries;
    if (answer.type === 'changed') {
      assert.deepEqual(
        before.map(({ number }) => number),
        this.page.map(({ number }) => number),
        'the old page has the messages that the asker has',
      );
      assert.equal(answer.before.total, this.total);
    }
    this.page = entries.map((entry) => {
      const place = before.indexOf(entry);
      const message = place === -1 ? entry.message : this.page[place];
      assert.ok(message);
      return message;
    });
    this.total = total;
  }
}

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('post' as const),
      author: fc.constantFrom(VIEWER, OTHER),
      withheld: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('message-edited' as const, 'message-deleted' as const),
      number: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('join' as const) }) },
);
const request = fc.record({
  order: fc.constantFrom('asc' as const, 'desc' as const),
  size: fc.integer({ min: 1, max: 6 }),
  index: fc.integer({ min: 1, max: 3 }),
  before: fc.option(fc.integer({ min: 1, max: 15 })),
});

test('VIEW-30 VIEW-31 VIEW-32 VIEW-33 VIEW-34 VIEW-35 what an asker has, and the answer, make the new page', async () => {
  const property = fc.asyncProperty(
    fc.array(action, { maxLength: 40 }),
    request,
    fc.array(fc.record({ head: fc.nat(40), ahead: fc.nat(5) }), { maxLength: 8 }),
    async (actions, asked, asks) => {
      const log = new RoomLog();
      for (const each of actions) {
        if (each.type === 'post') log.post(each.author, each.withheld);
        else if (each.type === 'join') log.join();
        else log.change(each.number, each.type);
      }
      const asker = new Asker();
      const heads = asks.map(({ head, ahead }) => ({ head: Math.min(head, log.position), ahead }));
      const last = { head: log.position, ahead: 0 };
      for (const { head, ahead } of [...heads.toSorted((a, b) => a.head - b.head), last]) {
        const stored = Math.min(log.position, head + ahead);
        const answer = await messagePage(log.readerAt(stored), ROOM, log.head(head), asked, asker.version, 'room');
        asker.take(answer);
        assert.deepEqual(asker.version, { identity: 'room', number: head });
        const numbers = log.page(head, asked).map(({ number }) => number);
        assert.deepEqual(
          asker.page.map(({ number }) => number),
          numbers,
        );
      }
      assert.deepEqual(asker.page, log.page(log.position, asked));
    },
  );
  await fc.assert(property, { numRuns: 400 });
});

const newest: MessagePageRequest = { order: 'desc', size: 50, index: 1, before: null };

function logOf(messages: number): RoomLog {
  const log = new RoomLog();
  for (let number = 1; number <= messages; number++) log.post(OTHER, false);
  return log;
}

const ask = (log: RoomLog, number: number | null, identity = 'room') =>
  messagePage(
    log.readerAt(log.position),
    ROOM,
    log.head(log.position),
    newest,
    number === null ? null : { identity, number },
    'room',
  );

test('VIEW-30 the version of a page is the position of the room', async () => {
  const log = logOf(3);
  log.join();
  assert.deepEqual((await ask(log, null)).version, { identity: 'room', number: 4 });
  const same = await ask(log, 4);
  assert.equal(same.type, 'same');
  assert.equal(log.reads, 1, 'the same page is not read');
  assert.equal((await ask(log, 4, 'other')).type, 'whole');
  assert.equal((await ask(log, 5)).type, 'whole', 'a position that this node has not reached');
  assert.equal((await ask(log, 3.5)).type, 'whole');
  assert.equal((await ask(log, -1)).type, 'whole');
});

test('VIEW-36 an old page is worked out from at most 1,000 entries', async () => {
  const log = logOf(MOST_ENTRIES + 10);
  assert.equal((await ask(log, 10)).type, 'changed');
  assert.equal((await ask(log, 9)).type, 'whole');
});

test('VIEW-31 VIEW-33 messages withheld in between are not read where they are many', async () => {
  const log = new RoomLog();
  log.post(OTHER, false);
  for (let number = 0; number < 3_000; number++) log.post(OTHER, true);
  log.post(OTHER, false);
  const read: number[] = [];
  const { messages, entries } = log.readerAt(log.position);
  const reader = {
    entries,
    messages: (room: number, before: number | null, limit: number) => {
      read.push(limit);
      return messages(room, before, limit);
    },
  };
  const answer = await messagePage(reader, ROOM, log.head(log.position), newest, null, 'room');
  assert.deepEqual(answer.type === 'whole' && answer.value.entries.map(({ number }) => number), [3_002, 1]);
  assert.deepEqual(read, [1, 1]);
});
