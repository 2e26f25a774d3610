import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { seededRandom } from '../../testing/random.ts';
import type { Entry } from '../core/entries.ts';
import { directoryStream, roomStream } from '../core/ids.ts';
import type { AppendItem, AppendResult, Once, Snapshot, Storage } from '../core/ports.ts';
import { rowsOf } from '../core/rows.ts';
import { NEWER_LIMIT } from './answer.ts';
import {
  deleted,
  edited,
  everything,
  history,
  inDirectory,
  inRoom,
  itemOf,
  message,
  posted,
  sorted,
  STREAMS,
} from '../../testing/storage-samples.ts';

/** A fresh store for one test; `again` closes and reopens it, where what it holds outlives it. */
export type Opened = {
  readonly storage: Storage;
  readonly again?: () => Promise<Storage>;
  readonly close: () => Promise<void>;
};

const ROOM = 1;
const OTHER = 2 ** 53 - 1;

/** What every implementation of the port `Storage` must pass. */
export function storageSuite(name: string, open: (clock: FakeClock) => Promise<Opened>): void {
  const rule = (title: string, body: (storage: Storage, clock: FakeClock) => Promise<void>): void =>
    void test(title, async () => {
      const clock = new FakeClock();
      const { storage, close } = await open(clock);
      try {
        await body(storage, clock);
      } finally {
        await close();
      }
    });

  describe(name, () => {
    rule('STORE-01 positions are counted without gaps, also within one batch', async (storage) => {
      const first = await storage.append([itemOf([posted(ROOM, 1), posted(ROOM, 2)]), itemOf([posted(ROOM, 3)])]);
      assert.deepEqual(types(first), ['committed', 'committed']);
      assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 4)])])), ['committed']);
      const entries = await storage.entries(roomStream(ROOM), 0, 10);
      assert.deepEqual(
        entries,
        [1, 2, 3, 4].map((number) => posted(ROOM, number)),
      );
    });

    rule('STORE-01 an item that expects another position is not written', async (storage) => {
      await storage.append([itemOf([posted(ROOM, 1)])]);
      assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 1, 'late')])])), ['conflict']);
      assert.deepEqual(await storage.entries(roomStream(ROOM), 0, 10), [posted(ROOM, 1)]);
    });

    rule('STORE-02 an item for two streams is written to both or to neither', async (storage) => {
      await storage.append([itemOf([posted(OTHER, 1)])]);
      assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 1), posted(OTHER, 1)])])), ['conflict']);
      assert.deepEqual(await storage.heads([roomStream(ROOM), roomStream(OTHER)]), [0, 1]);
      assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 1), posted(OTHER, 2)])])), ['committed']);
      assert.deepEqual(await storage.heads([roomStream(ROOM), roomStream(OTHER)]), [1, 2]);
    });

    rule('STORE-03 a refused item leaves nothing behind and hinders no other stream', async (storage, clock) => {
      await storage.append([itemOf([posted(ROOM, 1)])]);
      const once = onceAt(clock, 1_000);
      const results = await storage.append([
        itemOf([posted(OTHER, 1)]),
        itemOf([posted(ROOM, 1, 'late')], once),
        itemOf([posted(OTHER, 2)]),
      ]);
      assert.deepEqual(types(results), ['committed', 'conflict', 'committed']);
      assert.equal((await storage.message(`${ROOM}-1`))?.text, 'message 1');
      assert.equal((await storage.page(OTHER, null, 10)).messages.length, 2);
      assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 2)], once)])), ['committed']);
    });

    rule(
      'STORE-04 a conflict brings what its stale streams have gained, with what the batch wrote',
      async (storage) => {
        await storage.append([itemOf([posted(ROOM, 1), posted(ROOM, 2)])]);
        const results = await storage.append([
          itemOf([posted(ROOM, 3)]),
          itemOf([posted(ROOM, 2, 'late'), posted(OTHER, 1)]),
        ]);
        assert.deepEqual(results[1], { type: 'conflict', newer: [posted(ROOM, 2), posted(ROOM, 3)] });
      },
    );

    rule('STORE-04 a conflict on two streams brings the entries of both', async (storage) => {
      await storage.append([itemOf([posted(ROOM, 1)]), itemOf([posted(OTHER, 1)])]);
      const [result] = await storage.append([itemOf([posted(ROOM, 1, 'late'), posted(OTHER, 1, 'late')])]);
      assert.deepEqual(result, { type: 'conflict', newer: [posted(ROOM, 1), posted(OTHER, 1)] });
    });

    rule('STORE-04 a conflict brings no more than a thousand entries of a stream', async (storage) => {
      const entries = Array.from({ length: NEWER_LIMIT + 2 }, (_, index) => posted(ROOM, index + 1));
      await storage.append([itemOf(entries)]);
      const [result] = await storage.append([itemOf([posted(ROOM, 2, 'late')])]);
      assert.deepEqual(result, { type: 'conflict', newer: entries.slice(1, 1 + NEWER_LIMIT) });
    });

    rule('STORE-05 an expectation ahead of the stream is a conflict with nothing newer', async (storage) => {
      await storage.append([itemOf([posted(ROOM, 1)])]);
      assert.deepEqual(await storage.append([itemOf([posted(ROOM, 3)])]), [{ type: 'conflict', newer: [] }]);
    });

    rule(
      'STORE-06 what follows a refused item on its stream is refused, even where positions match',
      async (storage) => {
        await storage.append([itemOf([posted(ROOM, 1)])]);
        const results = await storage.append([
          itemOf([posted(ROOM, 1, 'late'), posted(OTHER, 1)]),
          itemOf([posted(ROOM, 2, 'on top of what is not there')]),
          itemOf([posted(OTHER, 1, 'likewise')]),
        ]);
        assert.deepEqual(results, [
          { type: 'conflict', newer: [posted(ROOM, 1)] },
          { type: 'conflict', newer: [] },
          { type: 'conflict', newer: [] },
        ]);
        assert.deepEqual(await storage.heads([roomStream(ROOM), roomStream(OTHER)]), [1, 0]);
      },
    );

    rule('STORE-06 what follows a repeated item on its stream is refused', async (storage, clock) => {
      const once = onceAt(clock, 1_000);
      await storage.append([itemOf([posted(ROOM, 1)], once)]);
      const results = await storage.append([itemOf([posted(ROOM, 1)], once), itemOf([posted(ROOM, 2)])]);
      assert.deepEqual(types(results), ['repeated', 'conflict']);
      assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 2)])])), ['committed']);
    });

    rule('STORE-07 a command that is known is not done again; its first result comes back', async (storage, clock) => {
      const once = onceAt(clock, 1_000);
      assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 1)], once)])), ['committed']);
      const again = { ...once, digest: 'other digest', result: 'other result' };
      assert.deepEqual(await storage.append([itemOf([posted(ROOM, 2)], again)]), [
        { type: 'repeated', digest: once.digest, result: once.result },
      ]);
      assert.deepEqual(await storage.heads([roomStream(ROOM)]), [1]);
      assert.equal(await storage.message(`${ROOM}-2`), null);
    });

    rule(
      'STORE-07 a command is known within its own batch, and before positions are compared',
      async (storage, clock) => {
        const once = onceAt(clock, 1_000);
        const results = await storage.append([itemOf([posted(ROOM, 1)], once), itemOf([posted(ROOM, 1)], once)]);
        assert.deepEqual(types(results), ['committed', 'repeated']);
      },
    );

    rule('STORE-07 scope and key are told apart, and each pair is its own', async (storage, clock) => {
      const once = onceAt(clock, 1_000);
      const keys = [
        ['a', 'bc'],
        ['ab', 'c'],
        ['__proto__', 'toString'],
        ['["a"', '"b"]'],
        ['', ''],
      ] as const;
      const items = keys.map(([scope, key], index) => itemOf([posted(ROOM, index + 1)], { ...once, scope, key }));
      assert.deepEqual(new Set(types(await storage.append(items))), new Set(['committed']));
      assert.deepEqual(new Set(types(await storage.append(items))), new Set(['repeated']));
    });

    rule('STORE-08 a result is kept until it expires, and then the command is new', async (storage, clock) => {
      await storage.append([itemOf([posted(ROOM, 1)], onceAt(clock, 1_000))]);
      clock.jump(999);
      assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 2)], onceAt(clock, 1_000))])), ['repeated']);
      clock.jump(1);
      const fresh = { ...onceAt(clock, 1_000), result: 'second result' };
      assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 2)], fresh)])), ['committed']);
      const [last] = await storage.append([itemOf([posted(ROOM, 3)], fresh)]);
      assert.deepEqual(last, { type: 'repeated', digest: fresh.digest, result: 'second result' });
    });

    rule('STORE-09 batches are handled and answered in the order they were given', async (storage) => {
      const answered: number[] = [];
      const batches = Array.from({ length: 20 }, (_, index) =>
        storage.append([itemOf([posted(ROOM, index + 1)])]).then((results) => {
          assert.deepEqual(types(results), ['committed']);
          answered.push(index);
        }),
      );
      await Promise.all(batches);
      assert.deepEqual(answered, [...answered.keys()]);
      assert.deepEqual(await storage.append([]), []);
    });

    rule('STORE-10 redaction takes the text out of the entries it names, and nothing else', async (storage) => {
      const original = message(ROOM, 1, 1, 'first words');
      const change = edited(original, 2, 'second words');
      assert(change.body.type === 'message-edited');
      const gone = deleted(change.body.message, 4);
      await storage.append([itemOf([inRoom(ROOM, 1, { type: 'message-posted', message: original, at: 1 }), change])]);
      await storage.append([
        itemOf([
          { ...posted(ROOM, 3), body: { type: 'message-posted', message: message(ROOM, 2, 3, 'stays'), at: 1 } },
        ]),
      ]);
      await storage.append([itemOf([gone])]);
      const texts = (await storage.entries(roomStream(ROOM), 0, 10)).map(
        ({ body }) => 'message' in body && body.message.text,
      );
      assert.deepEqual(texts, ['', '', 'stays', '']);
      const [first, second] = await storage.entries(roomStream(ROOM), 0, 2);
      assert.deepEqual(first?.body, { type: 'message-posted', message: { ...original, text: '' }, at: 1 });
      assert.deepEqual(second?.body, { ...change.body, message: { ...change.body.message, text: '' } });
    });

    rule('STORE-10 redaction reaches entries of the same item, and passes over what has no text', async (storage) => {
      const room: Entry = inRoom(ROOM, 1, { type: 'room-created', room: ROOM, identity: 'x', name: 'y', at: 1 });
      const one = inRoom(ROOM, 2, { type: 'message-posted', message: message(ROOM, 1, 2, 'words'), at: 1 });
      const item = itemOf([room, one]);
      const stream = roomStream(ROOM);
      await storage.append([{ ...item, rows: [...item.rows, { op: 'redact', stream, positions: [1, 2, 3] }] }]);
      const [unchanged, blank] = await storage.entries(stream, 0, 10);
      assert.deepEqual(unchanged, room);
      assert(blank?.body.type === 'message-posted');
      assert.equal(blank.body.message.text, '');
    });

    rule('STORE-11 a read sees all that was answered before it was asked', async (storage) => {
      for (let number = 1; number <= 50; number++) {
        await storage.append([itemOf([posted(ROOM, number)])]);
        const [page, heads] = await Promise.all([storage.page(ROOM, null, 1), storage.heads([roomStream(ROOM)])]);
        assert.equal(page.messages[0]?.number, number);
        assert.deepEqual([page.position, ...heads], [number, number]);
      }
    });

    rule('STORE-12 a page is the last messages below a number, in ascending order', async (storage) => {
      const entries = Array.from({ length: 10 }, (_, index) => posted(ROOM, index + 1));
      await storage.append([itemOf(entries), itemOf([posted(OTHER, 1)])]);
      const numbers = async (before: number | null, limit: number) =>
        (await storage.page(ROOM, before, limit)).messages.map(({ number }) => number);
      assert.deepEqual(await numbers(null, 3), [8, 9, 10]);
      assert.deepEqual(await numbers(8, 3), [5, 6, 7]);
      assert.deepEqual(await numbers(3, 3), [1, 2]);
      assert.deepEqual(await numbers(3, 2), [1, 2]);
      assert.deepEqual(await numbers(1, 3), []);
      assert.deepEqual(await numbers(11, 1), [10]);
      assert.deepEqual(await numbers(OTHER, 1), [10]);
      assert.deepEqual(await numbers(null, 0), []);
      assert.deepEqual(await numbers(null, 100), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      assert.deepEqual(await storage.page(99, null, 5), { position: 0, messages: [] });
    });

    rule('STORE-12 a page shows messages as they stand, with the position at which they stood so', async (storage) => {
      const original = message(ROOM, 1, 1, 'first words');
      await storage.append([itemOf([inRoom(ROOM, 1, { type: 'message-posted', message: original, at: 1 })])]);
      const change = edited(original, 2, 'second words');
      await storage.append([itemOf([change])]);
      assert(change.body.type === 'message-edited');
      assert.deepEqual(await storage.page(ROOM, null, 5), { position: 2, messages: [change.body.message] });
    });

    rule('STORE-13 entries are read after a position, up to a limit; unknown streams are empty', async (storage) => {
      const entries = Array.from({ length: 5 }, (_, index) => posted(ROOM, index + 1));
      await storage.append([itemOf(entries)]);
      const stream = roomStream(ROOM);
      assert.deepEqual(await storage.entries(stream, 0, 2), entries.slice(0, 2));
      assert.deepEqual(await storage.entries(stream, 3, 2), entries.slice(3));
      assert.deepEqual(await storage.entries(stream, 3, 100), entries.slice(3));
      assert.deepEqual(await storage.entries(stream, 5, 2), []);
      assert.deepEqual(await storage.entries(stream, 9, 2), []);
      assert.deepEqual(await storage.entries(stream, 0, 0), []);
      assert.deepEqual(await storage.entries('person/1', 0, 2), []);
      assert.deepEqual(await storage.heads(['person/1', stream, stream]), [0, 5, 5]);
      assert.deepEqual(await storage.heads([]), []);
    });

    rule('STORE-14 loading a room gives its row, its mutes and its last number', async (storage) => {
      const mute = (room: number, skeleton: string) => ({ room, person: null, skeleton, until: 5 });
      await storage.append([
        itemOf([
          inRoom(ROOM, 1, { type: 'room-created', room: ROOM, identity: 'x', name: 'Lobby', at: 1 }),
          inRoom(ROOM, 2, { type: 'message-posted', message: message(ROOM, 1, 2, 'words'), at: 1 }),
          inRoom(ROOM, 3, { type: 'person-muted', mute: mute(ROOM, 'a'), at: 1 }),
          inRoom(ROOM, 4, { type: 'person-muted', mute: mute(ROOM, '__proto__'), at: 1 }),
          inRoom(ROOM, 5, { type: 'person-muted', mute: { ...mute(ROOM, 'a'), until: null }, at: 1 }),
          inRoom(ROOM, 6, { type: 'person-unmuted', room: ROOM, skeleton: 'nobody', at: 1 }),
        ]),
        itemOf([inRoom(OTHER, 1, { type: 'person-muted', mute: mute(OTHER, 'c'), at: 1 })]),
        itemOf([banned(1, 'x')]),
      ]);
      assert.deepEqual(sorted(await storage.load(roomStream(ROOM))), {
        position: 6,
        lastNumber: 1,
        room: { id: ROOM, identity: 'x', name: 'Lobby' },
        mutes: [mute(ROOM, '__proto__'), { ...mute(ROOM, 'a'), until: null }],
        bans: [],
        names: [],
      });
      await storage.append([itemOf([inRoom(ROOM, 7, { type: 'person-unmuted', room: ROOM, skeleton: 'a', at: 1 })])]);
      assert.deepEqual((await storage.load(roomStream(ROOM))).mutes, [mute(ROOM, '__proto__')]);
    });

    rule('STORE-14 loading the directory gives bans and names; an unknown stream is empty', async (storage) => {
      const empty: Snapshot = { position: 0, lastNumber: 0, room: null, mutes: [], bans: [], names: [] };
      for (const stream of ['directory', 'room/5', 'person/5'] as const)
        assert.deepEqual(await storage.load(stream), empty);
      const name = { skeleton: 'lobby', name: 'Lobby', room: ROOM };
      const lifted = inDirectory(4, { type: 'ban-lifted', skeleton: 'x', at: 1 });
      await storage.append([
        itemOf([banned(1, 'x'), inDirectory(2, { type: 'name-taken', name, at: 1 }), banned(3, '__proto__'), lifted]),
      ]);
      const ban = { skeleton: '__proto__', name: 'Somebody', reason: 'why', until: null };
      assert.deepEqual(await storage.load(directoryStream), { ...empty, position: 4, bans: [ban], names: [name] });
    });

    rule('STORE-15 a message is found by its id as it stands', async (storage) => {
      const original = message(OTHER, 1, 1, 'words');
      await storage.append([itemOf([inRoom(OTHER, 1, { type: 'message-posted', message: original, at: 1 })])]);
      assert.deepEqual(await storage.message(original.id), original);
      await storage.append([itemOf([deleted(original, 2)])]);
      assert.deepEqual(await storage.message(original.id), { ...original, text: '', deletedAt: 9 });
      assert.equal(await storage.message('another'), null);
    });

    test('STORE-16 the tables can be made again from the streams', async () => {
      const [written, rebuilt] = await Promise.all([open(new FakeClock()), open(new FakeClock())]);
      try {
        for (const item of history(seededRandom(16), 400)) {
          assert.deepEqual(types(await written.storage.append([item])), ['committed']);
        }
        for (const stream of STREAMS) {
          for (const entry of await written.storage.entries(stream, 0, 1_000)) {
            const { position, body } = entry;
            const item: AppendItem = {
              writes: [{ stream, expected: position - 1, entries: [body] }],
              rows: rowsOf(entry),
            };
            assert.deepEqual(types(await rebuilt.storage.append([item])), ['committed']);
          }
        }
        assert.deepEqual(await everything(rebuilt.storage), await everything(written.storage));
      } finally {
        await Promise.all([written.close(), rebuilt.close()]);
      }
    });

    rule('STORE-17 texts come back as they were given', async (storage) => {
      const texts = [
        '',
        '👩‍👩‍👧‍👦 שלום',
        '\ufffd',
        'e\u0301',
        '\u2028\u2029',
        '"\\\n\t\u0001',
        '\u{10ffff}',
        'x'.repeat(16 * 1024),
        '__proto__',
      ];
      await storage.append([itemOf(texts.map((text, index) => posted(ROOM, index + 1, text)))]);
      const { messages } = await storage.page(ROOM, null, 100);
      assert.deepEqual(
        messages.map(({ text }) => text),
        texts,
      );
      const entries = await storage.entries(roomStream(ROOM), 0, 100);
      assert.deepEqual(
        entries,
        texts.map((text, index) => posted(ROOM, index + 1, text)),
      );
    });

    rule('STORE-18 nobody shares an object with the store', async (storage) => {
      const item = itemOf([posted(ROOM, 1)]);
      const entries = [...(item.writes[0]?.entries ?? [])];
      const writes = [{ ...item.writes[0], stream: roomStream(ROOM), expected: 0, entries }];
      const answered = storage.append([{ ...item, writes }]);
      entries.pop();
      writes.pop();
      await answered;
      const [first, second] = await Promise.all([storage.message(`${ROOM}-1`), storage.message(`${ROOM}-1`)]);
      assert.deepEqual(first, second);
      assert.notEqual(first, second);
      Object.assign(first ?? {}, { text: 'changed outside' });
      assert.equal((await storage.message(`${ROOM}-1`))?.text, 'message 1');
      assert.deepEqual(await storage.entries(roomStream(ROOM), 0, 5), [posted(ROOM, 1)]);
    });

    rule('STORE-19 closing waits for what was asked before; then all is unavailable', async (storage) => {
      const running = storage.append([itemOf([posted(ROOM, 1)])]);
      const read = storage.heads([]);
      const [results, heads] = await Promise.all([running, read, storage.close(), storage.close()]);
      assert.deepEqual([types(results), heads], [['committed'], []]);
      assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 2)]), itemOf([posted(OTHER, 1)])])), [
        'unavailable',
        'unavailable',
      ]);
      const reads = [
        storage.heads([]),
        storage.entries(directoryStream, 0, 1),
        storage.load(directoryStream),
        storage.page(ROOM, null, 1),
        storage.message('x'),
      ];
      for (const read of reads) await assert.rejects(read, { name: 'StorageUnavailable' });
      await storage.close();
    });

    rule('STORE-01 STORE-09 a thousand items in one batch are committed in order', async (storage) => {
      const items = Array.from({ length: 1_000 }, (_, index) => itemOf([posted(ROOM, index + 1)]));
      assert.deepEqual(new Set(types(await storage.append(items))), new Set(['committed']));
      const { position, messages } = await storage.page(ROOM, null, 2_000);
      assert.equal(position, 1_000);
      assert.deepEqual(
        messages.map(({ number }) => number),
        Array.from({ length: 1_000 }, (_, index) => index + 1),
      );
    });

    test('STORE-45 everything is there again after reopening', async (context) => {
      const clock = new FakeClock();
      const opened = await open(clock);
      try {
        if (opened.again === undefined) return context.skip('this store lasts as long as the process');
        await opened.storage.append(history(seededRandom(45), 200));
        await opened.storage.append([itemOf([posted(OTHER, 1)], onceAt(clock, 1_000))]);
        const before = await everything(opened.storage);
        const storage = await opened.again();
        assert.deepEqual(await everything(storage), before);
        assert.deepEqual(types(await storage.append([itemOf([posted(OTHER, 2)], onceAt(clock, 1_000))])), ['repeated']);
        assert.deepEqual(types(await storage.append([itemOf([posted(OTHER, 2)])])), ['committed']);
      } finally {
        await opened.close();
      }
    });
  });
}

function types(results: readonly AppendResult[]): string[] {
  return results.map(({ type }) => type);
}

function onceAt(clock: FakeClock, ms: number): Once {
  return { scope: 'person/7', key: 'key', digest: 'digest', result: 'result', expires: clock.now() + ms };
}

function banned(position: number, skeleton: string): Entry {
  const ban = { skeleton, name: 'Somebody', reason: 'why', until: null };
  return inDirectory(position, { type: 'ban-set', ban, at: 1 });
}
