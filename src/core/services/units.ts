import {
  decideChangeUnit,
  decideCreateUnit,
  decideRemoveUnit,
  decideSetHome,
  decideSetUnitMembers,
} from '../commands/units.ts';
import type { Actor, Decide } from '../engine/decide.ts';
import { directoryStream, type PersonId, type UnitId } from '../model/ids.ts';
import { EVERYONE, type Unit } from '../model/unit.ts';
import { peopleOf } from '../state/directory.ts';
import { homeOf, unitNamed, unitOf, unitsOf } from '../state/units.ts';
import { lookOf } from '../text/names/look.ts';
import type { Done, ServiceContext } from './context.ts';

/** The departments of the organisation: everybody may read them, the operator makes them. */
export class Units {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** All units, `everyone` first, the others in no promised order. */
  get units(): Iterable<Unit> {
    const { directory } = this.#context;
    return directory === undefined ? [] : unitsOf(directory);
  }

  /** The unit in which clients begin. */
  get home(): UnitId {
    const { directory } = this.#context;
    return directory === undefined ? EVERYONE : homeOf(directory).id; // WORLD-151
  }

  unit(id: UnitId): Unit | undefined {
    const { directory } = this.#context;
    return directory && unitOf(directory, id);
  }

  /** The unit of this name, or of one that looks like it. */
  named(name: string): Unit | undefined {
    const { directory } = this.#context;
    return directory && unitNamed(directory, lookOf(name));
  }

  /** The accounts that are in a unit itself, not in those below it; all accounts for `everyone`. */
  people(unit: UnitId): Iterable<PersonId> {
    const { directory } = this.#context;
    if (directory === undefined) return [];
    return (unit === EVERYONE ? directory.people : peopleOf(directory, unit)).keys(); // WORLD-145
  }

  create(actor: Actor, name: string, parent: UnitId | null, done: Done<Unit>): void {
    const command = { type: 'create-unit', actor, name, parent } as const;
    this.#submit((states, input) => decideCreateUnit(states, command, input), done);
  }

  rename(actor: Actor, unit: UnitId, name: string, done: Done<Unit>): void {
    const command = { type: 'change-unit', actor, unit, changes: { name } } as const;
    this.#submit((states, input) => decideChangeUnit(states, command, input), done);
  }

  /** Moves a unit, with everything below it, into another one, or to the top. */
  move(actor: Actor, unit: UnitId, parent: UnitId | null, done: Done<Unit>): void {
    const command = { type: 'change-unit', actor, unit, changes: { parent } } as const;
    this.#submit((states, input) => decideChangeUnit(states, command, input), done);
  }

  remove(actor: Actor, unit: UnitId, done: Done<Unit>): void {
    const command = { type: 'remove-unit', actor, unit } as const;
    this.#submit((states, input) => decideRemoveUnit(states, command, input), done);
  }

  /** Puts accounts into a unit, or takes people out of it: all of them or none. */
  setMembers(actor: Actor, unit: UnitId, people: readonly PersonId[], on: boolean, done: Done<Unit>): void {
    const command = { type: 'set-unit-members', actor, unit, people, on } as const;
    this.#submit((states, input) => decideSetUnitMembers(states, command, input), done);
  }

  setHome(actor: Actor, unit: UnitId, done: Done<Unit>): void {
    const command = { type: 'set-home', actor, unit } as const;
    this.#submit((states, input) => decideSetHome(states, command, input), done);
  }

  #submit(decide: Decide<Unit>, done: Done<Unit>): void {
    this.#context.submit([directoryStream], decide, done);
  }
}
