import type { JsonObject } from '../../json-frames.ts';
import type { Change } from '../patches/content-patch.ts';
import { canAdd, childOf, namesOf } from '../patches/pointer.ts';

/**
 * The value after the changes, completely or not at all: null if one of them does not fit it. The new value shares with the old one
 * whatever did not change, and the old one stays as it was.
 */
export function applyChanges<T extends object>(value: T, changes: readonly Change[]): T | null {
  let made: unknown = value;
  for (const change of changes) {
    made = changed(made, namesOf(change.path), change); // DOC-185
    if (made === undefined) return null; // DOC-185
  }
  return made as T;
}

/** The value with one change below it; undefined if that does not fit. */
function changed(value: unknown, [name, ...rest]: readonly string[], change: Change): unknown {
  if (name === undefined) return undefined; // Nothing replaces the whole.
  const child = childOf(value, name);
  if (rest.length > 0) return child === undefined ? undefined : replaced(value, name, changed(child, rest, change));
  switch (change.op) {
    case 'add':
      return canAdd(value, name) ? added(value, name, change.value) : undefined;
    case 'replace':
      return child === undefined ? undefined : replaced(value, name, change.value);
    case 'remove':
      return child === undefined ? undefined : removed(value, name);
  }
}

function replaced(parent: unknown, name: string, child: unknown): unknown {
  if (child === undefined) return undefined;
  return Array.isArray(parent) ? parent.with(Number(name), child) : { ...(parent as JsonObject), [name]: child };
}

function added(parent: unknown, name: string, child: unknown): unknown {
  if (!Array.isArray(parent)) return replaced(parent, name, child);
  return parent.toSpliced(name === '-' ? parent.length : Number(name), 0, child);
}

function removed(parent: unknown, name: string): unknown {
  if (Array.isArray(parent)) return parent.toSpliced(Number(name), 1);
  return Object.fromEntries(Object.entries(parent as JsonObject).filter(([field]) => field !== name));
}
