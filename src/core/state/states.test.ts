import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../../testing/clock.ts';
import {
  entriesOfDirectory,
  entriesOfPerson,
  entriesOfRoom,
  membershipEntries,
} from '../../../testing/storage/entries.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { EntryBody } from '../model/entries.ts';
import { directoryStream, personStream, roomStream, type StreamId } from '../model/ids.ts';
import { loadState, States } from './states.ts';

const PERSON = 1;
const ROOM = 2;
const STREAMS: readonly StreamId[] = [personStream(PERSON), roomStream(ROOM), directoryStream];

type Change = { readonly stream: StreamId; readonly body: EntryBody };

/** One of two sets of states changes, or copies the other. */
const step = fc.record({
  side: fc.constantFrom<(0 | 1)[]>(0, 1),
  change: fc.option(
    fc.oneof(
      fc.record({ stream: fc.constant(personStream(PERSON)), body: entriesOfPerson(PERSON) }),
      fc.record({ stream: fc.constant(personStream(PERSON)), body: membershipEntries(PERSON) }),
      fc.record({ stream: fc.constant(roomStream(ROOM)), body: entriesOfRoom(ROOM) }),
      fc.record({ stream: fc.constant(directoryStream), body: entriesOfDirectory }),
    ),
    { freq: 6 },
  ),
});

async function opened(): Promise<States> {
  const storage = new MemoryStorage(new FakeClock());
  const states = new States();
  for (const stream of STREAMS) states.put(stream, await loadState(storage, stream));
  return states;
}

function apply(states: States, { stream, body }: Change): void {
  assert.ok(states.apply({ stream, position: states.position(stream) + 1, body }));
}

/** A deep copy of a set of states, of arrays, maps and plain objects. */
function contents(states: States) {
  return [states.person(PERSON), states.room(ROOM), states.directory].map(plain);
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>, plain);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

test('WORLD-03 a change in one set of states never shows in a copy of it, nor in the set that it was copied from', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const sides = [await opened(), await opened()] as const;
      const histories: [Change[], Change[]] = [[], []];
      for (const { side, change } of steps) {
        const other = side === 0 ? 1 : 0;
        const before = contents(sides[other]);
        if (change === null) {
          sides[side].copy(sides[other], STREAMS);
          histories[side] = [...histories[other]];
        } else {
          apply(sides[side], change);
          histories[side].push(change);
        }
        assert.deepEqual(contents(sides[other]), before);
      }
      for (const side of [0, 1] as const) {
        const alone = await opened();
        for (const change of histories[side]) apply(alone, change);
        assert.deepEqual(contents(sides[side]), contents(alone));
      }
    }),
  );
});
