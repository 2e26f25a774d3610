import { sameJson } from '../../../lib/same-json.ts';
import type { JsonObject } from '../../json-frames.ts';

/**
 * The new JSON value, with the old one's objects in it where they are equal: so that a program finds by comparing references what
 * changed. Entries of an array that have a key are found wherever they stood.
 */
export function shared<T>(before: unknown, after: T): T {
  if (sameJson(before, after)) return before as T; // DOC-186
  if (Array.isArray(before) && Array.isArray(after)) return sharedArray(before, after) as T;
  if (!isObject(before) || !isObject(after)) return after;
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, shared(before[name], value)])) as T; // DOC-186
}

function sharedArray(before: readonly unknown[], after: readonly unknown[]): unknown[] {
  const byKey = new Map(before.map((entry) => [keyOf(entry), entry]));
  return after.map((entry, index) => {
    const key = keyOf(entry);
    return shared(key === null ? before[index] : byKey.get(key), entry);
  });
}

/** The key of an entry as a text. */
function keyOf(entry: unknown): string | null {
  return isObject(entry) && isObject(entry.key) ? JSON.stringify(entry.key) : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
