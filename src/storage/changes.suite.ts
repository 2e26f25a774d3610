import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { type SeededRandom, seededRandom } from '../../testing/random.ts';
import { itemOf, markerItem, message, onceAt, posted, resultTypes } from '../../testing/storage/samples.ts';
import { type RoomId, roomStream, type StreamId } from '../core/model/ids.ts';
import type { Storage, StreamPosition } from '../core/ports.ts';

/** An empty store of several nodes, for one test. */
export type OpenedCluster = {
  /** Opens the store of one more node. */
  join(): Promise<Storage>;
  /** Closes all of them. */
  close(): Promise<void>;
};

const ROOM = 1;
const OTHER = 2 ** 53 - 1;
const THIRD = 3;
const ROOMS = [ROOM, OTHER, THIRD];
const STEPS = 150;
const WRITERS = 3;

/** The tests that every storage of several nodes must pass, beside `storageSuite`. */
export function changesSuite(name: string, open: (clock: FakeClock) => Promise<OpenedCluster>): void {
  type Body = (nodes: readonly [Storage, Storage, Storage], clock: FakeClock, join: () => Promise<Storage>) => unknown;
  const rule = (title: string, body: Body): void =>
    void test(title, async () => {
      const clock = new FakeClock();
      const cluster = await open(clock);
      try {
        const nodes = [await cluster.join(), await cluster.join(), await cluster.join()] as const;
        await body(nodes, clock, () => cluster.join());
      } finally {
        await cluster.close();
      }
    });

  describe(name, () => {
    rule('STORE-172 what one node writes the others are told once, and can read', async ([first, second, third]) => {
      await first.append([itemOf([posted(ROOM, 1), posted(ROOM, 2)]), itemOf([posted(OTHER, 1)])]);
      await first.append([itemOf([posted(ROOM, 3)])]);
      assert.deepEqual(await toldTo(second), { [ROOM]: 3, [OTHER]: 1 });
      assert.deepEqual(await second.positions([ROOM, OTHER].map(roomStream)), [3, 1]);
      assert.deepEqual((await second.page(ROOM, null, 1)).messages, [message(ROOM, 3, 3, 'message 3')]);
      assert.deepEqual(await toldTo(second), {});
      await first.append([itemOf([posted(OTHER, 2)])]);
      assert.deepEqual(await toldTo(second), { [OTHER]: 2 });
      assert.deepEqual(await toldTo(third), { [ROOM]: 3, [OTHER]: 2 }, 'each node is told on its own');
    });

    rule('STORE-172 a node is told nothing of what was written before it was opened', async ([first], _clock, join) => {
      await first.append([itemOf([posted(ROOM, 1)])]);
      const late = await join();
      assert.deepEqual(await toldTo(late), {});
      await first.append([itemOf([posted(ROOM, 2)])]);
      await late.append([itemOf([posted(OTHER, 1)])]);
      assert.deepEqual(await toldTo(late), { [ROOM]: 2 });
      assert.deepEqual(await toldTo(first), { [OTHER]: 1 });
    });

    rule('STORE-173 a node is not told of its own batches', async ([first, second]) => {
      await first.append([itemOf([posted(ROOM, 1)])]);
      assert.deepEqual(await toldTo(first), {});
      await second.append([itemOf([posted(ROOM, 2)])]);
      await first.append([itemOf([posted(ROOM, 3)])]);
      assert.deepEqual(await toldTo(first), { [ROOM]: 2 });
      assert.deepEqual(await toldTo(second), { [ROOM]: 3 });
    });

    rule('STORE-174 nobody is told of what has no entries, or was not committed', async ([first, second], clock) => {
      const once = onceAt(clock, 1_000);
      await first.append([itemOf([posted(ROOM, 1)], once)]);
      assert.deepEqual(await toldTo(second), { [ROOM]: 1 });
      const check = { writes: [{ stream: roomStream(ROOM), expected: 1, entries: [] }], rows: [] };
      const results = await first.append([
        markerItem(7, [[ROOM, 1]]),
        check,
        itemOf([posted(ROOM, 2)], once),
        itemOf([posted(OTHER, 2)]),
      ]);
      assert.deepEqual(resultTypes(results), ['committed', 'committed', 'repeated', 'conflict']);
      assert.deepEqual(await first.append([]), []);
      assert.deepEqual(await toldTo(second), {});
      await first.append([itemOf([posted(OTHER, 1)])]);
      assert.deepEqual(await toldTo(second), { [OTHER]: 1 });
    });

    rule('STORE-177 a conflict brings what another node wrote', async ([first, second]) => {
      await first.append([itemOf([posted(ROOM, 1)])]);
      assert.deepEqual(resultTypes(await second.append([itemOf([posted(ROOM, 2)])])), ['committed']);
      const late = [itemOf([posted(ROOM, 2, 'late')]), itemOf([posted(ROOM, 3, 'on top')]), itemOf([posted(OTHER, 1)])];
      assert.deepEqual(await first.append(late), [
        { type: 'conflict', newer: [posted(ROOM, 2)] },
        { type: 'conflict', newer: [] },
        { type: 'committed' },
      ]);
      assert.deepEqual(resultTypes(await first.append([itemOf([posted(ROOM, 3)])])), ['committed']);
      assert.deepEqual(await first.positions([ROOM, OTHER].map(roomStream)), [3, 1]);
      assert.deepEqual(await toldTo(second), { [ROOM]: 3, [OTHER]: 1 });
    });

    rule(
      'STORE-178 a command is done once, whichever nodes it is sent to, and keeps its first result',
      async ([first, second, third], clock) => {
        const once = onceAt(clock, 1_000);
        const tries = [first, second, third].map((node, index) =>
          node.append([itemOf([posted(ROOMS[index] ?? 0, 1)], { ...once, result: `result ${index}` })]),
        );
        const results = (await Promise.all(tries)).flat();
        const winner = results.findIndex(({ type }) => type === 'committed');
        const repeated = { type: 'repeated', digest: once.digest, result: `result ${winner}` };
        assert.deepEqual(
          results,
          results.map((_, index) => (index === winner ? { type: 'committed' } : repeated)),
        );
        const heads = await first.positions(ROOMS.map(roomStream));
        assert.deepEqual(
          heads,
          ROOMS.map((_, index) => (index === winner ? 1 : 0)),
        );
        clock.jump(1_000);
        const again = await second.append([itemOf([posted(ROOMS[winner] ?? 0, 2)], onceAt(clock, 1_000))]);
        assert.deepEqual(resultTypes(again), ['committed']);
      },
    );

    for (const seed of [1, 2, 3])
      rule(
        `STORE-172 STORE-173 STORE-174 after any writes each node is told what others wrote, seed ${seed}`,
        (nodes) => toldInTurn(seededRandom(seed), nodes),
      );

    rule('STORE-172 STORE-177 several nodes write to the same streams at once', (nodes) => writeAtOnce(nodes));
  });
}

/** What a node is told: each stream at most once. */
async function toldTo(node: Storage): Promise<Record<string, number>> {
  const changes = (await node.changes()) ?? assert.fail('it is not known what changed');
  assert.equal(new Set(changes.map(([stream]) => stream)).size, changes.length, 'a stream is told twice');
  return byRoom(changes);
}

function byRoom(changes: Iterable<StreamPosition>): Record<string, number> {
  return Object.fromEntries([...changes].map(([stream, position]) => [stream.replace('room/', ''), position]));
}

/** Random nodes write to random rooms, some of it late, and are told; all of it one after the other. */
async function toldInTurn(random: SeededRandom, nodes: readonly Storage[]): Promise<void> {
  const heads = new Map<RoomId, number>();
  const unseen = new Map(nodes.map((node) => [node, new Map<StreamId, number>()]));
  let told = 0;
  for (let step = 0; step < STEPS; step++) {
    const node = random.pick(nodes);
    if (random.next() < 0.3) {
      const expected = unseen.get(node) ?? assert.fail();
      assert.deepEqual(await toldTo(node), byRoom(expected), `step ${step}`);
      told += expected.size;
      expected.clear();
      continue;
    }
    const room = random.pick(ROOMS);
    const before = heads.get(room) ?? 0;
    const isLate = before > 0 && random.next() < 0.2;
    const first = isLate ? before : before + 1;
    const entries = Array.from({ length: 1 + random.below(3) }, (_, index) => posted(room, first + index));
    const results = await node.append([markerItem(7, [[room, before]]), itemOf(entries)]);
    assert.deepEqual(resultTypes(results), ['committed', isLate ? 'conflict' : 'committed']);
    if (isLate) continue;
    heads.set(room, before + entries.length);
    for (const [other, streams] of unseen) if (other !== node) streams.set(roomStream(room), before + entries.length);
  }
  assert.ok(told > 20, `told only ${told} times`);
}

/** Each node posts to two rooms until all of its texts are committed, and asks for changes meanwhile. */
async function writeAtOnce(nodes: readonly Storage[]): Promise<void> {
  const texts = STEPS / WRITERS;
  const told = new Map(nodes.map((node) => [node, [] as StreamPosition[]]));
  let conflicts = 0;

  async function write(node: Storage, writer: number): Promise<void> {
    const heads = new Map([ROOM, OTHER].map((room) => [roomStream(room), 0]));
    for (let text = 0; text < texts; ) {
      // Rooms in another order for each writer: no storage may let two writers wait for each other.
      const rooms = writer % 2 === 0 ? [ROOM, OTHER] : [OTHER, ROOM];
      const batch = [text, text + 1].map((one, index) =>
        itemOf(rooms.map((room) => posted(room, (heads.get(roomStream(room)) ?? 0) + 1 + index, `${writer}.${one}`))),
      );
      for (const result of await node.append(batch)) {
        assert.ok(result.type === 'committed' || result.type === 'conflict', result.type);
        if (result.type === 'conflict') {
          conflicts += 1;
          for (const { stream, position } of result.newer) heads.set(stream, position);
          continue;
        }
        text += 1;
        for (const [stream, head] of heads) heads.set(stream, head + 1);
      }
      if (text % 4 === 0) told.get(node)?.push(...((await node.changes()) ?? assert.fail()));
    }
  }

  await Promise.all(nodes.map(write));
  for (const node of nodes) told.get(node)?.push(...((await node.changes()) ?? assert.fail()));
  assert.ok(conflicts > 0, 'no conflict');
  const authored = new Map<StreamId, string[]>();
  for (const room of [ROOM, OTHER]) {
    const entries = await (nodes[0] ?? assert.fail()).entries(roomStream(room), 0, 10_000);
    assert.deepEqual(
      entries.map(({ position, body }) => [position, body.type === 'message-posted' && body.message.number]),
      entries.map((_, index) => [index + 1, index + 1]),
      'positions and numbers without gaps',
    );
    const own = entries.map(({ body }) => (body.type === 'message-posted' ? body.message.text : ''));
    const expected = nodes.flatMap((_, writer) => Array.from({ length: texts }, (_, text) => `${writer}.${text}`));
    assert.deepEqual(own.toSorted(), expected.toSorted(), 'each text once');
    authored.set(roomStream(room), own);
  }
  assert.deepEqual(authored.get(roomStream(ROOM)), authored.get(roomStream(OTHER)), 'items are whole');
  for (const [writer, node] of nodes.entries())
    for (const [stream, own] of authored) {
      const positions = (told.get(node) ?? []).filter(([one]) => one === stream).map(([, position]) => position);
      assert.deepEqual(
        positions,
        [...new Set(positions)].sort((a, b) => a - b),
        'each position once, in order',
      );
      for (const position of positions)
        assert.ok(own[position - 1]?.startsWith(`${writer}.`) === false, 'another node wrote it');
      const last = own.findLastIndex((text) => !text.startsWith(`${writer}.`)) + 1;
      assert.equal(positions.at(-1), last, 'what others wrote last');
    }
}
