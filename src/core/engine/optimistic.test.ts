import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../../testing/clock.ts';
import { openEngine } from '../../../testing/engine.ts';
import { entriesOfPerson } from '../../../testing/storage/entries.ts';
import { HeldStorage } from '../../../testing/storage/held.ts';
import { itemOf, ofPerson } from '../../../testing/storage/samples.ts';
import { settle } from '../../../testing/world.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { Entry, PersonEntry } from '../model/entries.ts';
import { type PersonId, personStream } from '../model/ids.ts';
import { openPerson, type PersonState } from '../state/person.ts';

const PEOPLE = [1, 2, 3];

/** A person whose stream has exactly these entries, as loaded from the tables. */
async function personOf(person: PersonId, entries: readonly Entry[]): Promise<PersonState> {
  const storage = new MemoryStorage(new FakeClock());
  if (entries.length > 0) await storage.append([itemOf(entries)]);
  return openPerson(person, await storage.load(personStream(person)));
}

type Written = { readonly person: PersonId; readonly body: PersonEntry };

const written = fc
  .constantFrom(...PEOPLE)
  .chain((person) => entriesOfPerson(person).map((body): Written => ({ person, body })));

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('decide' as const),
      writes: fc.uniqueArray(written, { minLength: 1, maxLength: 2, selector: ({ person }) => person }),
      reads: fc.subarray(PEOPLE, { maxLength: 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('elsewhere' as const), write: written, isTold: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('release' as const), works: fc.constantFrom(true, true, true, false) }),
  },
);

/** A command that is not answered yet. */
type Pending = { readonly writes: readonly Written[]; readonly people: ReadonlySet<PersonId>; decisions: number };

test('WORLD-03 WORLD-07 WORLD-08 WORLD-271 WORLD-272 committed state has what was committed, and optimistic state what is decided on top of it', async () => {
  const seen = { committed: 0, refused: 0, again: 0, heard: 0, read: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40, size: 'max' }), async (steps) => {
      const clock = new FakeClock();
      const storage = new HeldStorage(clock);
      storage.held.add('append');
      let pending: Pending[] = [];
      const { cache, processor, remote } = openEngine({ storage, clock });
      for (const person of PEOPLE) cache.pin(personStream(person));

      function decide(one: Pending): void {
        processor.submit<null>({
          streams: [...one.people].map(personStream),
          decide: () => {
            if (one.decisions++ > 0) seen.again++;
            const writes = one.writes.map(({ person, body }) => ({ stream: personStream(person), entries: [body] }));
            return { ok: true, value: { writes, value: null } };
          },
          done: (result) => {
            const earlier = pending.slice(0, pending.indexOf(one));
            const own = new Set(one.writes.map(({ person }) => person));
            const isFirst = earlier.every(({ writes }) => writes.every(({ person }) => !own.has(person)));
            if (result.ok) assert.ok(isFirst, 'the commands that write to a stream are answered in their order');
            pending = pending.filter((other) => other !== one);
            seen[result.ok ? 'committed' : 'refused']++;
          },
        });
      }

      async function check(person: PersonId): Promise<void> {
        const stream = personStream(person);
        const done = await storage.entriesNow(stream, cache.committed.position(stream));
        assert.deepEqual(cache.committed.person(person), await personOf(person, done));
        if (!cache.has([stream])) return;
        const decided = pending.flatMap(({ writes }) => writes.filter((write) => write.person === person));
        const entries = decided.map(({ body }, index) => ofPerson(person, done.length + 1 + index, body));
        assert.deepEqual(cache.optimistic.person(person), await personOf(person, [...done, ...entries]));
      }

      for (const step of steps) {
        await cache.load(PEOPLE.map(personStream));
        if (step.type === 'elsewhere') {
          const { person, body } = step.write;
          const stream = personStream(person);
          const [head = 0] = await storage.positions([stream]);
          await storage.appendElsewhere([ofPerson(person, head + 1, body)]);
          if (step.isTold) remote.hear(stream, head + 1, [body]);
          if (step.isTold && cache.committed.position(stream) === head + 1) seen.heard++;
        } else if (step.type === 'decide') {
          const one = {
            ...step,
            people: new Set([...step.writes.map(({ person }) => person), ...step.reads]),
            decisions: 0,
          };
          pending.push(one);
          decide(one);
        } else if (storage.waiting.length > 0) storage.release('append', !step.works);
        await settle(clock);
        for (const person of PEOPLE) await check(person);
      }
      seen.read += storage.count('entries');
    }),
  );
  assert.ok(
    Object.values(seen).every((count) => count > 20),
    JSON.stringify(seen),
  );
});
