import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../../testing/clock.ts';
import { openEngine } from '../../../testing/engine.ts';
import { entriesOfPerson } from '../../../testing/storage/entries.ts';
import { itemOf, ofPerson } from '../../../testing/storage/samples.ts';
import { settle } from '../../../testing/world.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { Entry, PersonEntry } from '../model/entries.ts';
import { personStream } from '../model/ids.ts';
import type { AppendItem, AppendResult } from '../ports.ts';
import { openPerson, type PersonState } from '../state/person.ts';
import { write } from './decide.ts';

const PERSON = 1;
const stream = personStream(PERSON);

/** Memory storage that writes or fails when the test says so. Another node writes to it too. */
class HeldStorage extends MemoryStorage {
  #held: ((works: boolean) => void)[] = [];

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    const works = await new Promise<boolean>((resolve) => this.#held.push(resolve));
    return works ? super.append(batch) : batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }));
  }

  release(works: boolean): void {
    for (const resolve of this.#held.splice(0)) resolve(works);
  }

  async appendElsewhere(body: PersonEntry): Promise<void> {
    const [position = 0] = await this.positions([stream]);
    await super.append([itemOf([ofPerson(PERSON, position + 1, body)])]);
  }
}

/** A person whose stream has exactly these entries, as loaded from the tables. */
async function personOf(entries: readonly Entry[]): Promise<PersonState> {
  const storage = new MemoryStorage(new FakeClock());
  if (entries.length > 0) await storage.append([itemOf(entries)]);
  return openPerson(PERSON, await storage.load(stream));
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('decide' as const), body: entriesOfPerson(PERSON) }) },
  fc.record({ type: fc.constant('elsewhere' as const), body: entriesOfPerson(PERSON) }),
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('release' as const), works: fc.constantFrom(true, true, false) }),
  },
);

test('WORLD-03 WORLD-07 WORLD-08 committed state has what was committed, and optimistic state what is decided on top of it', async () => {
  const seen = { committed: 0, refused: 0, overtaken: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40, size: 'max' }), async (steps) => {
      const clock = new FakeClock();
      const storage = new HeldStorage(clock);
      const { cache, processor } = openEngine({ storage, clock });
      cache.pin(stream);
      const pending: { readonly body: PersonEntry; decisions: number }[] = [];
      for (const step of steps) {
        await cache.load([stream]);
        if (step.type === 'elsewhere') await storage.appendElsewhere(step.body);
        else if (step.type === 'release') storage.release(step.works);
        else {
          const one = { body: step.body, decisions: 0 };
          pending.push(one);
          processor.submit<null>({
            streams: [stream],
            decide: () => {
              if (one.decisions++ === 1) seen.overtaken++;
              return write(stream, one.body, null);
            },
            done: (result) => {
              assert.equal(pending.shift(), one);
              seen[result.ok ? 'committed' : 'refused']++;
            },
          });
        }
        await settle(clock);
        const written = await storage.entries(stream, 0, cache.committed.position(stream));
        assert.deepEqual(cache.committed.person(PERSON), await personOf(written));
        if (!cache.has([stream])) continue;
        const entries = pending.map(({ body }, index) => ofPerson(PERSON, written.length + 1 + index, body));
        assert.deepEqual(cache.optimistic.person(PERSON), await personOf([...written, ...entries]));
      }
    }),
  );
  assert.ok(
    Object.values(seen).every((count) => count > 20),
    JSON.stringify(seen),
  );
});
