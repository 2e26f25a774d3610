import { err, ok, type Result } from '../../lib/result.ts';
import { type Actor, type Decision, type DecisionInput, refuse, unchanged, write } from '../engine/decide.ts';
import type { DirectoryEntry } from '../model/entries.ts';
import { directoryStream, type PersonId, type UnitId } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import { EVERYONE, type Unit } from '../model/unit.ts';
import { type DirectoryState, peopleOf } from '../state/directory.ts';
import type { States } from '../state/states.ts';
import { heightOf, homeOf, pathOf, unitNamed, unitOf } from '../state/units.ts';
import { lookOf } from '../text/names/look.ts';
import { parseLine } from '../text/text.ts';

const MAX_UNITS = 1_000;
const MAX_LEVELS = 16;

/** Makes a unit, at the top if `parent` is null. */
export type CreateUnit = {
  readonly type: 'create-unit';
  readonly actor: Actor;
  readonly name: string;
  readonly parent: UnitId | null;
};

/** Gives a unit another name, or another place in the tree. */
export type ChangeUnit = {
  readonly type: 'change-unit';
  readonly actor: Actor;
  readonly unit: UnitId;
  readonly changes: { readonly name?: string; readonly parent?: UnitId | null };
};

/** Removes a unit in which there is no other one. */
export type RemoveUnit = { readonly type: 'remove-unit'; readonly actor: Actor; readonly unit: UnitId };

/** Puts accounts into a unit, or takes people out of it. */
export type SetUnitMembers = {
  readonly type: 'set-unit-members';
  readonly actor: Actor;
  readonly unit: UnitId;
  readonly people: readonly PersonId[];
  readonly on: boolean;
};

/** Makes a unit the home of all. */
export type SetHome = { readonly type: 'set-home'; readonly actor: Actor; readonly unit: UnitId };

export function decideCreateUnit(states: States, command: CreateUnit, input: DecisionInput): Decision<Unit> {
  if (command.actor.type !== 'operator') return refuse({ type: 'not-allowed' }); // WORLD-144
  const { directory } = states;
  const name = readName(directory, command.name, null);
  if (!name.ok) return name;
  if (directory.units.size >= MAX_UNITS) return refuse({ type: 'too-many', what: 'units' }); // WORLD-147
  const misplaced = problemOf(directory, null, command.parent);
  if (misplaced !== null) return refuse(misplaced);
  const unit = { id: newId(directory, input), ...name.value, parent: command.parent };
  return write(directoryStream, { type: 'unit-created', unit, at: input.now }, unit);
}

export function decideChangeUnit(states: States, command: ChangeUnit, input: DecisionInput): Decision<Unit> {
  const found = unitToChange(states, command);
  if (!found.ok) return found;
  const before = found.value;
  const name = readName(states.directory, command.changes.name ?? before.name, before.id);
  if (!name.ok) return name;
  const { parent = before.parent } = command.changes;
  const misplaced = problemOf(states.directory, before.id, parent);
  if (misplaced !== null) return refuse(misplaced);
  if (name.value.name === before.name && parent === before.parent) return unchanged(before);
  const unit = { ...before, ...name.value, parent };
  return write(directoryStream, { type: 'unit-changed', unit, at: input.now }, unit);
}

/** Its people only leave this unit. If it was the home, `everyone` is again. */
export function decideRemoveUnit(states: States, command: RemoveUnit, input: DecisionInput): Decision<Unit> {
  const found = unitToChange(states, command);
  if (!found.ok) return found;
  const { id } = found.value;
  if ([...states.directory.units.values()].some(({ parent }) => parent === id)) return refuse({ type: 'not-allowed' }); // WORLD-148
  return write(directoryStream, { type: 'unit-removed', id, at: input.now }, found.value);
}

/** All people are put in or taken out, or none; repeating changes nothing. */
export function decideSetUnitMembers(states: States, command: SetUnitMembers, input: DecisionInput): Decision<Unit> {
  const found = unitToChange(states, command);
  if (!found.ok) return found;
  const { people, on } = command;
  const { id: unit } = found.value;
  if (on && people.some((person) => !states.directory.people.has(person))) return refuse({ type: 'not-found' }); // WORLD-149
  const inside = peopleOf(states.directory, unit);
  const changing = [...new Set(people)].filter((person) => inside.has(person) !== on); // WORLD-149
  const type = on ? 'unit-member-added' : 'unit-member-removed';
  const entries = changing.map((person): DirectoryEntry => ({ type, unit, person, at: input.now }));
  return entries.length === 0 ? unchanged(found.value) : writeAll(entries, found.value);
}

export function decideSetHome(states: States, command: SetHome, input: DecisionInput): Decision<Unit> {
  if (command.actor.type !== 'operator') return refuse({ type: 'not-allowed' }); // WORLD-144
  const wanted = unitOf(states.directory, command.unit);
  if (wanted === undefined) return refuse({ type: 'not-found' });
  const { home: _home, ...before } = homeOf(states.directory);
  if (before.id === wanted.id) return unchanged(wanted);
  const after: Unit = wanted.id === EVERYONE ? wanted : { ...wanted, home: true };
  const stored = [before, after].filter(({ id }) => id !== EVERYONE); // WORLD-145
  return writeAll(
    stored.map((unit) => ({ type: 'unit-changed', unit, at: input.now })), // WORLD-151
    after,
  );
}

/** The entries that take a person out of every unit. */
export function leaveUnits({ unitMembers }: DirectoryState, person: PersonId, at: number): DirectoryEntry[] {
  const units = [...unitMembers.values()].filter(({ people }) => people.has(person));
  return units.map(({ unit }) => ({ type: 'unit-member-removed', unit, person, at })); // WORLD-150
}

function writeAll(entries: readonly DirectoryEntry[], value: Unit): Decision<Unit> {
  return ok({ writes: [{ stream: directoryStream, entries }], value });
}

/** The unit of a command, which the operator may change; `everyone` stays as it is. */
function unitToChange(
  { directory }: States,
  { actor, unit: id }: { readonly actor: Actor; readonly unit: UnitId },
): Result<Unit, Refusal> {
  if (actor.type !== 'operator') return err({ type: 'not-allowed' }); // WORLD-144
  if (id === EVERYONE) return err({ type: 'not-allowed' }); // WORLD-145
  const unit = directory.units.get(id);
  return unit === undefined ? err({ type: 'not-found' }) : ok(unit);
}

/** A name for this unit, or for a new one; no other unit has one that looks like it. */
function readName(
  directory: DirectoryState,
  text: string,
  unit: UnitId | null,
): Result<Pick<Unit, 'name' | 'skeleton'>, Refusal> {
  const name = parseLine(text);
  if (!name.ok) return err({ type: 'bad-display-name', problem: name.error }); // WORLD-146
  const skeleton = lookOf(name.value);
  const holder = unitNamed(directory, skeleton);
  if (holder !== undefined && holder.id !== unit) return err({ type: 'name-taken' }); // WORLD-146
  return ok({ name: name.value, skeleton });
}

/** Why a unit, or a new one, cannot be in this parent; null if it can. */
function problemOf(directory: DirectoryState, unit: UnitId | null, parent: UnitId | null): Refusal | null {
  if (parent === EVERYONE) return { type: 'not-allowed' }; // WORLD-145
  if (parent !== null && !directory.units.has(parent)) return { type: 'not-found' };
  const path = pathOf(directory, parent);
  if (unit !== null && path.includes(unit)) return { type: 'not-allowed' }; // WORLD-147
  const levels = path.length + (unit === null ? 1 : heightOf(directory, unit));
  return levels > MAX_LEVELS ? { type: 'too-many', what: 'levels' } : null; // WORLD-147
}

/** An id that no unit has. */
function newId({ units }: DirectoryState, { ids }: DecisionInput): UnitId {
  let id = ids.integer();
  while (id === EVERYONE || units.has(id)) id = ids.integer(); // WORLD-145
  return id;
}
