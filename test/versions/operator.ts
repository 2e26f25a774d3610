import type { Refusal } from '../../src/core/model/refusals.ts';
import type { World } from '../../src/core/world.ts';
import type { Result } from '../../src/lib/result.ts';
import type { SeededRandom } from '../../testing/random.ts';

type Done = (result: Result<unknown, Refusal>) => void;

/** What the operator does to units, people and their accounts. */
export const OPERATIONS = [
  'unit made',
  'unit renamed',
  'unit moved',
  'unit removed',
  'unit joined',
  'home',
  'kick',
  'deletion',
] as const;

export type Operation = (typeof OPERATIONS)[number];

const operator = { type: 'operator' } as const;

/** Does one of these, with random units and `person`; resolves to whether it was accepted. */
export async function operate(
  world: World,
  random: SeededRandom,
  what: Operation,
  person: { readonly id: number; readonly name: string },
  word: string,
): Promise<boolean> {
  const { units, moderation, deletions } = world;
  const all = [...units.units].map(({ id }) => id);
  const [unit, other] = [random.pick(all), random.pick(all)];
  const parent = random.pick([null, other]);
  const operations: { readonly [O in Operation]: (done: Done) => void } = {
    'unit made': (done) => units.create(operator, `Unit ${word}`, parent, done),
    'unit renamed': (done) => units.rename(operator, unit, `Unit ${random.pick(['one', 'two', word])}`, done),
    'unit moved': (done) => units.move(operator, unit, parent, done),
    'unit removed': (done) => units.remove(operator, unit, done),
    'unit joined': (done) => units.setMembers(operator, unit, [person.id], random.next() < 0.7, done),
    home: (done) => units.setHome(operator, unit, done),
    kick: (done) => moderation.kick(person.name, 'go', done),
    deletion: (done) => void deletions.delete(person.name, random.next() < 0.5, done),
  };
  const result = await new Promise<Result<unknown, Refusal>>((done) => operations[what](done));
  return result.ok;
}
