import type { UnitId } from '../model/ids.ts';
import { EVERYONE, everyone, type Unit } from '../model/unit.ts';
import type { DirectoryState } from './directory.ts';

type Units = Pick<DirectoryState, 'units'>;

/** All units, `everyone` first. */
export function unitsOf({ units }: Units): Unit[] {
  return [everyone, ...units.values()]; // WORLD-145
}

export function unitOf({ units }: Units, id: UnitId): Unit | undefined {
  return id === EVERYONE ? everyone : units.get(id); // WORLD-145
}

/** The unit whose name has a look of this skeleton. */
export function unitNamed(directory: Units, skeleton: string): Unit | undefined {
  return unitsOf(directory).find((unit) => unit.skeleton === skeleton); // WORLD-146
}

/** The unit that the operator set as home, else `everyone`. */
export function homeOf({ units }: Units): Unit {
  return [...units.values()].find(({ home }) => home === true) ?? everyone; // WORLD-151
}

/** A unit and those that it is in, from the inside out; empty for null. */
export function pathOf({ units }: Units, id: UnitId | null): UnitId[] {
  const path: UnitId[] = [];
  for (let at = id; at !== null; at = units.get(at)?.parent ?? null) path.push(at);
  return path;
}

/** How many levels a unit and those in it have. */
export function heightOf(directory: Units, id: UnitId): number {
  const levels = [...directory.units.keys()].map((unit) => pathOf(directory, unit).indexOf(id) + 1);
  return Math.max(1, ...levels);
}
