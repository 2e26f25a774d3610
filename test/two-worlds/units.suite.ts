import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directoryStream, type PersonId } from '../../src/core/model/ids.ts';
import { EVERYONE, type Unit } from '../../src/core/model/unit.ts';
import type { Refusal } from '../../src/core/model/refusals.ts';
import type { Deletion } from '../../src/core/services/deletions.ts';
import type { Units } from '../../src/core/services/units.ts';
import type { Result } from '../../src/lib/result.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { TestWorld } from '../../testing/world.ts';
import type { Stage } from './stage.ts';
import { forSeeds } from './two-worlds.ts';

const SEEDS = 100;
const ROUNDS = 15;
const UNITS = ['Sales', 'SALES', 'North', 'South', 'East', 'West'];
const PEOPLE = ['ada', 'bob', 'cyd'];
const LEVELS = 16;

const operator = { type: 'operator' } as const;

/** One random command of the operator, decided by what this world knows. */
function act(random: SeededRandom, app: TestWorld, people: readonly PersonId[]): Promise<Result<unknown, Refusal>> {
  const { units, deletions } = app.world;
  const { id: unit } = random.pick([...units.units]);
  const { id: parent } = random.pick([...units.units]);
  const person = random.pick(people);
  if (random.next() < 0.02)
    return new Promise(
      (done: (result: Result<Deletion, Refusal>) => void) => void deletions.delete(random.pick(PEOPLE), false, done),
    );
  const place = random.pick([null, parent]);
  const asks: readonly ((done: (result: Result<Unit, Refusal>) => void) => void)[] = [
    (done) => units.create(operator, random.pick(UNITS), place, done),
    (done) => units.create(operator, random.pick(UNITS), place, done),
    (done) => units.rename(operator, unit, random.pick(UNITS), done),
    (done) => units.move(operator, unit, place, done),
    (done) => units.remove(operator, unit, done),
    (done) => units.setMembers(operator, unit, [person], true, done),
    (done) => units.setMembers(operator, unit, people, random.next() < 0.5, done),
    (done) => units.setHome(operator, unit, done),
  ];
  return new Promise(random.pick(asks));
}

/** Everything about units, in an order that does not depend on when they were made. */
function contents(units: Units) {
  const all = [...units.units].toSorted((one, other) => one.id - other.id);
  return all.map((unit) => ({ ...unit, people: [...units.people(unit.id)].toSorted((one, other) => one - other) }));
}

/** The rules about units hold for what a world knows. */
function check({ world: { units, people } }: TestWorld, at: string): void {
  const all = [...units.units];
  assert.equal(new Set(all.map(({ skeleton }) => skeleton)).size, all.length, `${at}: names`);
  const homes = all.filter(({ home }) => home === true).map(({ id }) => id);
  assert.deepEqual([homes.length > 1, units.home], [false, homes[0] ?? EVERYONE], `${at}: home`);
  for (const unit of all) {
    let levels = 1;
    for (let above = unit.parent; above !== null; above = units.unit(above)?.parent ?? null) {
      assert.ok(++levels <= LEVELS, `${at}: ${unit.name} is too deep`);
      assert.ok(above !== EVERYONE && units.unit(above) !== undefined, `${at}: ${unit.name} is in what is no unit`);
    }
    for (const person of units.people(unit.id))
      assert.notEqual(people.account(person), undefined, `${at}: ${person} has no account`);
  }
}

/** Units that both nodes change. */
export function unitsSuite(stage: Stage): void {
  test('WORLD-144 WORLD-146 WORLD-147 WORLD-148 WORLD-149 WORLD-150 WORLD-151 units of two worlds over one storage and an unreliable bus', async (t) => {
    const answers = new Map<string, number>();
    const seeds = await forSeeds(
      stage,
      SEEDS,
      async ({ random, storage, worlds, passTime, converge, settled }, seed) => {
        const people: PersonId[] = [];
        for (const name of PEOPLE) people.push(await random.pick(worlds).register(name));
        for (let round = 0; round < ROUNDS; round++) {
          const count = 1 + random.below(5);
          const asked = Array.from({ length: count }, () => act(random, random.pick(worlds), people));
          for (const result of await settled(Promise.all(asked))) {
            const answer = result.ok ? 'ok' : result.error.type;
            answers.set(answer, (answers.get(answer) ?? 0) + 1);
          }
          passTime();
          for (const app of worlds) check(app, `seed ${seed}, round ${round}`);
        }
        await converge();
        const [first, second] = worlds.map(({ world }) => contents(world.units));
        assert.deepEqual(first, second, `seed ${seed}: the worlds differ`);
        const { units, unitMembers } = await settled(storage.load(directoryStream));
        const known = first?.filter(({ id }) => id !== EVERYONE) ?? [];
        assert.deepEqual(
          units.toSorted((one, other) => one.id - other.id),
          known.map(({ people: _people, ...unit }) => unit),
          `seed ${seed}: storage has other units`,
        );
        assert.equal(unitMembers.length, known.flatMap((unit) => unit.people).length, `seed ${seed}: people in units`);
      },
    );
    t.diagnostic([...answers].map(([answer, count]) => `${answer}: ${count}`).join(', '));
    if (seeds === SEEDS)
      assert.deepEqual(new Set(answers.keys()), new Set(['ok', 'name-taken', 'not-allowed', 'not-found']));
  });
}
