import { sameJson } from '../../../lib/same-json.ts';
import type { JsonObject } from '../../json-frames.ts';
import { pointerTo } from './pointer.ts';

/** One change, as RFC 6902 writes it; `path` is a pointer as in RFC 6901. */
export type Change =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** The changes of single fields that turn one object into the other. `at` is the pointer to the object. */
export function contentPatch(before: JsonObject, after: JsonObject, at = ''): Change[] {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name)); // DOC-65
  const changed = Object.entries(after).filter(
    ([name, value]) => !Object.hasOwn(before, name) || !sameJson(before[name], value), // DOC-65
  );
  return [
    ...gone.map((name) => ({ op: 'remove', path: pointerTo(at, name) }) as const),
    ...changed.map(([name, value]) => {
      const op = Object.hasOwn(before, name) ? 'replace' : 'add'; // DOC-65
      return { op, path: pointerTo(at, name), value } as const;
    }),
  ];
}
