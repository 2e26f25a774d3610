import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { seededRandom } from '../../testing/random.ts';
import type { Entry } from '../core/model/entries.ts';
import { directoryStream, roomStream } from '../core/model/ids.ts';
import type { AppendItem, Storage } from '../core/ports.ts';
import { project } from '../core/state/projection.ts';
import { readEverything, randomHistory, STREAMS } from '../../testing/storage/history.ts';
import {
  deleted,
  edited,
  inRoom,
  itemOf,
  message,
  onceAt,
  posted,
  resultTypes,
  searchFor,
} from '../../testing/storage/samples.ts';
import { appendSuite } from './append.suite.ts';
import { filesSuite } from './files.suite.ts';
import { credentialsSuite } from './credentials.suite.ts';
import { peopleSuite } from './people.suite.ts';
import { roomsSuite } from './rooms.suite.ts';
import { sessionsSuite } from './sessions.suite.ts';
import { searchSuite } from './search.suite.ts';

/** A fresh store for one test. A persistent one has `again`, which closes and reopens it. */
export type Opened = {
  readonly storage: Storage;
  readonly again?: () => Promise<Storage>;
  readonly close: () => Promise<void>;
};

const ROOM = 1;
const OTHER = 2 ** 53 - 1;

/** The tests that every implementation of the port `Storage` must pass. */
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
    appendSuite(rule);
    peopleSuite(rule);
    credentialsSuite(rule);
    sessionsSuite(rule);
    filesSuite(rule);
    searchSuite(rule);

    rule('STORE-10 redaction removes the text from the entries it names, and nothing else', async (storage) => {
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

    rule('STORE-10 redaction reaches entries of the same item, and skips entries without text', async (storage) => {
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

    rule('STORE-11 a read sees everything that was committed before it was asked', async (storage) => {
      for (let number = 1; number <= 50; number++) {
        await storage.append([itemOf([posted(ROOM, number)])]);
        const [page, positions] = await Promise.all([
          storage.page(ROOM, null, 1),
          storage.positions([roomStream(ROOM)]),
        ]);
        assert.equal(page.messages[0]?.number, number);
        assert.deepEqual([page.position, ...positions], [number, number]);
      }
    });

    roomsSuite(rule);

    test('STORE-16 the tables can be rebuilt from the streams', async () => {
      const [written, rebuilt] = await Promise.all([open(new FakeClock()), open(new FakeClock())]);
      try {
        for (const item of randomHistory(seededRandom(16), 400)) {
          assert.deepEqual(resultTypes(await written.storage.append([item])), ['committed']);
        }
        for (const stream of STREAMS) {
          for (const entry of await written.storage.entries(stream, 0, 1_000)) {
            const { position, body } = entry;
            const item: AppendItem = {
              writes: [{ stream, expected: position - 1, entries: [body] }],
              rows: project(entry),
            };
            assert.deepEqual(resultTypes(await rebuilt.storage.append([item])), ['committed']);
          }
        }
        const { markers, sessions, ...tables } = await readEverything(written.storage);
        const { markers: lost, sessions: ended, ...again } = await readEverything(rebuilt.storage);
        assert.deepEqual(again, tables);
        assert.deepEqual([lost.flat(), ended], [[], []]);
        assert.ok(markers.flat().length > 0 && sessions.some(({ documents }) => documents.length > 0));
      } finally {
        await Promise.all([written.close(), rebuilt.close()]);
      }
    });

    rule('STORE-17 texts come back exactly as they were given', async (storage) => {
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

    rule('STORE-18 a store and its callers share no object', async (storage) => {
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

    rule('STORE-19 closing waits for earlier calls; later ones are unavailable', async (storage) => {
      const running = storage.append([itemOf([posted(ROOM, 1)])]);
      const read = storage.positions([]);
      const [results, positions] = await Promise.all([running, read, storage.close(), storage.close()]);
      assert.deepEqual([resultTypes(results), positions], [['committed'], []]);
      assert.deepEqual(resultTypes(await storage.append([itemOf([posted(ROOM, 2)]), itemOf([posted(OTHER, 1)])])), [
        'unavailable',
        'unavailable',
      ]);
      const reads = [
        storage.positions([]),
        storage.entries(directoryStream, 0, 1),
        storage.load(directoryStream),
        storage.page(ROOM, null, 1),
        storage.message('x'),
        storage.credential(1),
        storage.token('x'),
        storage.session('x'),
        storage.keptResult('x', 'x'),
        storage.deliveryMarkers(1),
        storage.file('x'),
        storage.fileBytes(1),
        storage.uploadsBefore(1, 1),
        storage.namedDigests(['x']),
        storage.search(searchFor('x', { rooms: [ROOM] })),
      ];
      for (const read of reads) await assert.rejects(read, { name: 'StorageUnavailable' });
      await storage.close();
    });

    test('STORE-45 everything is there after reopening', async (context) => {
      const clock = new FakeClock();
      const opened = await open(clock);
      try {
        if (opened.again === undefined) return context.skip('this store is not persistent');
        await opened.storage.append(randomHistory(seededRandom(45), 200));
        await opened.storage.append([itemOf([posted(OTHER, 1)], onceAt(clock, 1_000))]);
        const before = await readEverything(opened.storage);
        const storage = await opened.again();
        assert.deepEqual(await readEverything(storage), before);
        assert.deepEqual(resultTypes(await storage.append([itemOf([posted(OTHER, 2)], onceAt(clock, 1_000))])), [
          'repeated',
        ]);
        assert.deepEqual(resultTypes(await storage.append([itemOf([posted(OTHER, 2)])])), ['committed']);
      } finally {
        await opened.close();
      }
    });
  });
}
