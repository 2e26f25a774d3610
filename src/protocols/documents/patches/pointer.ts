import type { JsonObject } from '../../json-frames.ts';

const INDEX = /^(?:0|[1-9]\d*)$/;

/** The names that a pointer goes through, from the whole on. */
export function namesOf(path: string): string[] {
  const names = path.split('/').slice(1);
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~')); // DOC-52
}

/** The pointer to a name below the place `at`. */
export function pointerTo(at: string, name: string): string {
  return `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`; // DOC-65
}

/** A field or an element of its own; undefined if there is none. */
export function childOf(parent: unknown, name: string): unknown {
  if (Array.isArray(parent)) return INDEX.test(name) ? parent[Number(name)] : undefined; // DOC-57
  if (typeof parent !== 'object' || parent === null) return undefined;
  return Object.hasOwn(parent, name) ? (parent as JsonObject)[name] : undefined; // DOC-57
}

/** Whether something can be added under this name: to an array between its elements or, under `-`, after them. */
export function canAdd(parent: unknown, name: string): boolean {
  if (!Array.isArray(parent)) return typeof parent === 'object' && parent !== null;
  return name === '-' || (INDEX.test(name) && Number(name) <= parent.length); // DOC-57
}
