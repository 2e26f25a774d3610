import type { Actor } from '../../core/engine/decide.ts';
import type { PersonId, UnitId } from '../../core/model/ids.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { EVERYONE, type Unit } from '../../core/model/unit.ts';
import type { Done } from '../../core/services/context.ts';
import type { World } from '../../core/world.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { lineProblems } from '../../protocols/refusal-text.ts';
import type { AdminReply, AdminRequest } from './messages.ts';
import { operatorText } from './refusal-text.ts';
import { accountOf } from './users.ts';

/** The requests about units. */
export type UnitRequest = Extract<AdminRequest, { readonly command: `unit-${string}` }>;

type UnitWorld = Pick<World, 'people' | 'units'>;

/** A change of units, and what the operator is told when it is made. */
type Change = { readonly make: (done: Done<Unit>) => void; readonly words: (unit: Unit) => string };

const operator: Actor = { type: 'operator' };

/** Runs a command about units as the operator; resolves when its changes are on disk. */
export async function runUnit(world: UnitWorld, request: UnitRequest): Promise<AdminReply> {
  if (request.command === 'unit-list') return { ok: true, lines: tree(world, null, '') };
  const change = changeOf(world, request);
  if (!change.ok) return { ok: false, lines: [change.error] };
  const { make, words } = change.value;
  const made: Result<Unit, Refusal> = await new Promise(make); // SERVER-160
  return { ok: made.ok, lines: [made.ok ? words(made.value) : refusalFor(request, made.error)] };
}

/** The change that is asked for, if everything that it names is there. */
function changeOf(
  world: UnitWorld,
  request: Exclude<UnitRequest, { readonly command: 'unit-list' }>,
): Result<Change, string> {
  const { units } = world;
  const parent = 'parent' in request && request.parent !== null ? changeable(world, request.parent) : ok(null);
  if (!parent.ok) return parent;
  const place = parent.value?.id ?? null;
  if (request.command === 'unit-create')
    return ok({
      make: (done) => units.create(operator, request.name, place, done),
      words: ({ name }) => `${name} is a unit${parent.value === null ? '' : ` in ${parent.value.name}`}`,
    });
  const unit = (request.command === 'unit-home' ? unitNamed : changeable)(world, request.name);
  if (!unit.ok) return unit;
  const { id, name: before } = unit.value;
  switch (request.command) {
    case 'unit-rename':
      return ok({
        make: (done) => units.rename(operator, id, request.to, done),
        words: ({ name }) => `${before} is called ${name} now`,
      });
    case 'unit-move':
      return ok({
        make: (done) => units.move(operator, id, place, done),
        words: () => `${before} is ${parent.value === null ? 'at the top' : `in ${parent.value.name}`} now`,
      });
    case 'unit-delete':
      return ok({ make: (done) => units.remove(operator, id, done), words: () => `${before} is no unit any more` });
    case 'unit-home':
      return ok({ make: (done) => units.setHome(operator, id, done), words: () => `${before} is home now` });
    case 'unit-add':
    case 'unit-remove': {
      const people = peopleNamed(world, request.people);
      if (!people.ok) return people;
      const isIn = request.command === 'unit-add';
      return ok({
        make: (done) => units.setMembers(operator, id, people.value, isIn, done),
        words: () => `${before}: ${countOf(world, id)}`,
      });
    }
  }
}

function unitNamed({ units }: UnitWorld, name: string): Result<Unit, string> {
  const unit = units.named(name);
  return unit === undefined ? err(`there is no unit ${name} (see \`admin unit list\`)`) : ok(unit); // SERVER-161
}

function changeable(world: UnitWorld, name: string): Result<Unit, string> {
  const unit = unitNamed(world, name);
  if (!unit.ok || unit.value.id !== EVERYONE) return unit;
  return err('everyone is the unit of all accounts: it has no units in it, and cannot be changed'); // SERVER-161
}

/** The accounts of these names; the error names the first that is none. */
function peopleNamed(world: UnitWorld, names: readonly string[]): Result<readonly PersonId[], string> {
  const accounts = names.map((name) => accountOf(world, name));
  const unknown = accounts.indexOf(undefined);
  if (unknown !== -1) return err(`${names[unknown]} has no account`); // SERVER-162
  return ok(accounts.flatMap((account) => account?.person ?? []));
}

/** Why a change was refused, and what to do. */
function refusalFor({ command }: UnitRequest, refusal: Refusal): string {
  switch (refusal.type) {
    case 'name-taken':
      return 'another unit has this name or one that looks like it (see `admin unit list`); choose another name'; // SERVER-161
    case 'bad-display-name':
      return `the name of a unit ${lineProblems[refusal.problem]}`; // SERVER-161
    case 'too-many':
      return refusal.what === 'units'
        ? 'there are too many units; delete one first'
        : 'units can be in 16 levels, and this would be one more; put it further up'; // SERVER-161
    case 'not-allowed':
      return command === 'unit-delete'
        ? 'there are units in this one: move or delete them first'
        : 'a unit cannot be moved into itself, nor into one that is in it'; // SERVER-161
    default:
      return operatorText(refusal);
  }
}

/** The units in this one in the order of their names, each followed by those in it. */
function tree(world: UnitWorld, parent: UnitId | null, indent: string): string[] {
  const { units } = world;
  const here = [...units.units].filter((unit) => unit.parent === parent);
  return here
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .flatMap(({ id, name }) => [
      `${indent}${name}: ${countOf(world, id)}${id === units.home ? ', home' : ''}`, // SERVER-163
      ...tree(world, id, `${indent}  `),
    ]);
}

function countOf({ units }: UnitWorld, unit: UnitId): string {
  const count = [...units.people(unit)].length;
  return count === 1 ? '1 person' : `${count} people`;
}
