import type { PersonId } from '../src/core/model/ids.ts';
import type { Version } from '../src/views/answer.ts';
import { Budget } from '../src/views/lists/budget.ts';
import { seededRandom } from './random.ts';
import { TestViews } from './views.ts';

/** How large a storm is; `limit` is the budget of the views, in bytes. */
type Storm = {
  readonly watchers: number;
  readonly changes: number;
  readonly limit: number;
  /** Is called with the number of changes so far. */
  readonly progress?: (done: number) => void;
};

/** What a storm came to. */
type StormResult = { readonly mostBytes: number; readonly answers: ReadonlyMap<string, number>; readonly told: number };

/**
 * People who all have 20 of each other as contacts, and watch them, change their presence. After each change one of them asks for
 * the own contacts, with the last version.
 */
export async function presenceStorm({ watchers, changes, limit, progress }: Storm): Promise<StormResult> {
  const budget = new Budget(limit);
  const { app, views } = await TestViews.open({}, budget);
  const random = seededRandom(8);
  const people: PersonId[] = [];
  for (let index = 0; index < watchers; index++) people.push(await app.member(`person${index}`));
  let told = 0;
  for (const person of people) {
    for (let contact = 1; contact <= 20; contact++) {
      const name = `person${(people.indexOf(person) + contact) % watchers}`;
      await app.must((world, done) => world.relationships.set('contact', person, name, true, done));
    }
    views.watch(0, { type: 'contacts', id: person }, () => told++);
  }
  const versions = new Map<PersonId, Version>();
  const answers = new Map<string, number>();
  let mostBytes = 0;
  for (let change = 0; change < changes; change++) {
    app.world.setStatus(random.pick(people), random.pick(['Busy', 'Away', 'Available']), () => {});
    if (change % 100 === 0) app.clock.advance(50);
    else app.clock.turn();
    const viewer = random.pick(people);
    const version = versions.get(viewer) ?? null;
    const request = { order: 'asc_pres_first', size: 20, index: 1, version } as const;
    views.page(viewer, { type: 'contacts', id: viewer }, request, (result) => {
      if (!result.ok) throw new Error(result.error.type);
      versions.set(viewer, result.value.version);
      answers.set(result.value.type, (answers.get(result.value.type) ?? 0) + 1);
    });
    mostBytes = Math.max(mostBytes, budget.bytes);
    progress?.(change + 1);
  }
  return { mostBytes, answers, told };
}
