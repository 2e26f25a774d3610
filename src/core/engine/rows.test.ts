import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { openEngine } from '../../../testing/engine.ts';
import { GatedStorage } from '../../../testing/storage/gated.ts';
import { settle, TestWorld } from '../../../testing/world.ts';
import { ok, type Result } from '../../lib/result.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import { roomStream } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { RowChange } from '../model/rows.ts';
import type { Storage } from '../ports.ts';
import { refuse, unchanged } from './decide.ts';
import type { OnceOnly } from './queue.ts';

const ADA = 7;
const ROOM = 9;
const stream = roomStream(ROOM);
const unmuted = { type: 'person-unmuted', room: ROOM, skeleton: 'x', at: 0 } as const;
const unavailable = { ok: false, error: { type: 'unavailable' } };

function marker(number: number): RowChange {
  return { op: 'put', table: 'shown', row: { person: ADA, room: ROOM, number } };
}

/** What a test's command does: how many entries it writes, unless it is refused, and what it writes beside them. */
type Asked = {
  readonly entries?: number;
  readonly refused?: boolean;
  readonly rows?: readonly RowChange[];
  readonly once?: Partial<OnceOnly<number>>;
};

/** Answers a repetition with the first result, or, of another digest, as a conflict. */
function repeatedBy(digest: string, done: (result: Result<number, Refusal>) => void): OnceOnly<number>['repeated'] {
  return (first, result, refuse) => (first === digest ? done(ok(Number(result))) : refuse());
}

/** A command processor that has one room in memory. */
async function openNode(storage: Storage) {
  const clock = new FakeClock();
  const { cache, processor } = openEngine({ storage, clock });
  cache.pin(stream);
  await cache.load([stream]);
  /** Answers with the position that the room has then, as the command was decided. */
  const ask = ({ entries = 0, refused = false, rows, once }: Asked) =>
    new Promise<Result<number, Refusal>>((done) =>
      processor.submit<number>({
        streams: [stream],
        ...(rows && { rows }),
        ...(once && {
          once: {
            scope: 's',
            key: 'k',
            digest: 'd',
            expires: 9e15,
            write: String,
            repeated: repeatedBy(once.digest ?? 'd', done),
            ...once,
          },
        }),
        decide: (states) =>
          refused
            ? refuse({ type: 'not-found' })
            : ok({
                writes: entries === 0 ? [] : [{ stream, entries: Array.from({ length: entries }, () => unmuted) }],
                value: states.position(stream) + entries,
              }),
        done,
      }),
    );
  return { processor, clock, ask, settle: () => settle(clock) };
}

async function openGated() {
  const storage = new GatedStorage(new FakeClock());
  const node = await openNode(storage);
  storage.gated = true;
  return { storage, ...node };
}

test('WORLD-201 rows are written in their place among the commands, in one batch, and answered when that is committed', async () => {
  const { storage, processor, ask, settle } = await openGated();
  const answers: unknown[] = [];
  const note = (answer: Promise<unknown>) => void answer.then((value) => answers.push(value));
  note(ask({ entries: 1 }));
  await settle();
  note(processor.writeRows([marker(1)]));
  note(ask({ entries: 1 }));
  note(processor.writeRows([marker(2), marker(3)]));
  await settle();
  storage.release();
  await settle();
  assert.deepEqual(answers, [ok(1)], 'the rows are not on disk yet');
  assert.deepEqual(await storage.deliveryMarkers(ADA), []);
  storage.release();
  await settle();
  assert.deepEqual(answers, [ok(1), true, ok(2), true]);
  const written = storage.batches.map((batch) => batch.map(({ writes, rows }) => [writes.length, rows.length]));
  assert.deepEqual(written, [
    [[1, 1]],
    [
      [0, 1],
      [1, 1],
      [0, 2],
    ],
  ]);
  assert.deepEqual(await storage.deliveryMarkers(ADA), [[ROOM, 3]]);
});

test('WORLD-201 writing no rows is answered without storage', async () => {
  const { storage, processor, settle } = await openGated();
  const answer = processor.writeRows([]);
  await settle();
  assert.equal(await answer, true);
  assert.deepEqual(storage.batches, []);
});

test('WORLD-201 WORLD-08 rows of a failed batch, and rows that were to follow it, are refused and can be written again', async () => {
  const { storage, processor, settle } = await openGated();
  storage.failing = true;
  const first = processor.writeRows([marker(1)]);
  await settle();
  const second = processor.writeRows([marker(2)]);
  await settle();
  storage.release();
  assert.deepEqual([await first, await second, storage.batches.length], [false, false, 1]);
  storage.failing = false;
  storage.gated = false;
  const again = processor.writeRows([marker(2)]);
  await settle();
  assert.deepEqual([await again, await storage.deliveryMarkers(ADA)], [true, [[ROOM, 2]]]);
});

test('WORLD-201 WORLD-08 while storage does not answer, rows that wait for 5 s are refused, later ones at once, and the batch gets its true answer', async () => {
  const { storage, processor, clock, settle } = await openGated();
  const answers: string[] = [];
  const save = (number: number) =>
    void processor.writeRows([marker(number)]).then((saved) => answers.push(`${number} ${saved}`));
  save(1);
  await settle();
  save(2);
  await settle();
  clock.advance(5_000);
  await settle();
  assert.deepEqual(answers, ['2 false']);
  save(3);
  await settle();
  assert.deepEqual(answers, ['2 false', '3 false']);
  storage.release();
  await settle();
  assert.deepEqual(answers, ['2 false', '3 false', '1 true']);
  assert.deepEqual(await storage.deliveryMarkers(ADA), [[ROOM, 1]]);
});

test('WORLD-201 a world that stops still writes rows, and waits for them', async () => {
  const app = await TestWorld.open();
  await app.settle();
  const stopped = app.world.stop();
  const saved = app.world.saveDeliveryMarkers([{ person: ADA, room: ROOM, number: 1 }]);
  await app.settle();
  await stopped;
  assert.deepEqual([await saved, await app.storage.deliveryMarkers(ADA)], [true, [[ROOM, 1]]]);
});

test('WORLD-201 rows of a command are in the append of its entries, and not written if it is refused', async () => {
  const { storage, ask, settle } = await openGated();
  storage.gated = false;
  const answers = [
    ask({ refused: true, rows: [marker(1)] }),
    ask({ entries: 1, rows: [marker(2)] }),
    ask({ rows: [marker(3)] }),
  ];
  await settle();
  assert.deepEqual(await Promise.all(answers), [{ ok: false, error: { type: 'not-found' } }, ok(1), ok(1)]);
  assert.deepEqual(
    storage.batches.map((batch) => batch.map(({ rows }) => rows.filter(({ op }) => op === 'put'))),
    [[[marker(2)], [marker(3)]]],
  );
  storage.failing = true;
  const failed = ask({ rows: [marker(4)] });
  await settle();
  assert.deepEqual([await failed, await storage.deliveryMarkers(ADA)], [unavailable, [[ROOM, 3]]]);
});

test('WORLD-202 WORLD-210 a command without entries keeps its result, and its repetition is answered by it', async () => {
  const storage = new MemoryStorage(new FakeClock());
  const { ask, settle } = await openNode(storage);
  const first = ask({ once: {} });
  await settle();
  const later = [
    ask({ entries: 1 }),
    ask({ once: {} }),
    ask({ once: { digest: 'other' } }),
    ask({ once: { key: 'l' } }),
  ];
  await settle();
  assert.deepEqual(await first, ok(0));
  assert.deepEqual(await Promise.all(later), [ok(1), ok(0), { ok: false, error: { type: 'conflict' } }, ok(1)]);
  assert.equal((await storage.keptResult('s', 'k'))?.result, '0');
  assert.equal((await storage.keptResult('s', 'l'))?.result, '1');
  assert.deepEqual(await storage.positions([stream]), [1]);
});

test('WORLD-202 a command about no stream keeps its result, too', async () => {
  const storage = new MemoryStorage(new FakeClock());
  const { processor, settle } = await openNode(storage);
  const ask = (value: number) =>
    new Promise<Result<number, Refusal>>((done) =>
      processor.submit<number>({
        streams: [],
        once: { scope: 's', key: 'k', digest: 'd', expires: 9e15, write: String, repeated: repeatedBy('d', done) },
        decide: () => unchanged(value),
        done,
      }),
    );
  const answers = [ask(1), ask(2)];
  await settle();
  assert.deepEqual(await Promise.all(answers), [ok(1), ok(1)]);
});

test('WORLD-202 WORLD-07 a command without entries is decided again when another node wrote first, and keeps that result', async () => {
  for (const what of [{ once: {} }, { rows: [marker(5)], once: {} }]) {
    const storage = new MemoryStorage(new FakeClock());
    const [first, second] = [await openNode(storage), await openNode(storage)];
    const mine = first.ask(what);
    const theirs = second.ask({ entries: 2 });
    await second.settle();
    await first.settle();
    assert.deepEqual([await theirs, await mine], [ok(2), ok(2)]);
    assert.equal((await storage.keptResult('s', 'k'))?.result, '2');
    assert.deepEqual(await storage.deliveryMarkers(ADA), 'rows' in what ? [[ROOM, 5]] : []);
  }
});

test('WORLD-202 WORLD-08 a command without entries keeps nothing when the one before it, on which it rests, was not committed', async () => {
  const [read, written] = [new MemoryStorage(new FakeClock()), new MemoryStorage(new FakeClock())];
  const other = await openNode(read);
  const theirs = other.ask({ entries: 1 });
  await other.settle();
  assert.deepEqual(await theirs, ok(1));
  read.append = (batch) => written.append(batch); // This storage knows less than the node.
  const { ask, settle } = await openNode(read);
  const answers = [ask({ entries: 1 }), ask({ once: {} })];
  await settle();
  assert.deepEqual(await Promise.all(answers), [unavailable, unavailable]);
  assert.equal(await written.keptResult('s', 'k'), null);
});
