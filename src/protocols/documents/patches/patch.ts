import { applyPatch as apply } from 'rfc6902';
import { err, ok, type Result } from '../../../lib/result.ts';
import { sameJson } from '../../../lib/same-json.ts';
import type { JsonObject } from '../../json-frames.ts';
import type { Operation } from './operations.ts';
import { canAdd, childOf, namesOf } from './pointer.ts';

/** Why a patch is not applied. `conflict`: the content is not as the patch expects it. */
export type PatchProblem = 'not-allowed' | 'conflict' | 'too-large';

const MAX_RESULT_BYTES = 65_536;

const utf8 = new TextEncoder();

/**
 * Applies a patch to a copy of a content, completely or not at all. Returns the new values of the fields that it changed, all
 * of them among the `writable` ones; `undefined` stands for a field that it removed.
 */
export function applyPatch(
  content: JsonObject,
  operations: readonly Operation[],
  writable: ReadonlySet<string>,
): Result<ReadonlyMap<string, unknown>, PatchProblem> {
  if (!operations.every((operation) => mayWrite(operation, writable))) return err('not-allowed'); // DOC-54
  const copy = structuredClone(content); // DOC-55
  if (!operations.every((operation) => applyOne(copy, operation))) return err('conflict'); // DOC-55 DOC-56
  if (utf8.encode(JSON.stringify(copy)).length > MAX_RESULT_BYTES) return err('too-large'); // DOC-58
  const changed = [...writable].filter((name) => !isSameField(content, copy, name)); // DOC-59
  return ok(new Map(changed.map((name) => [name, copy[name]])));
}

function mayWrite({ op, path }: Operation, writable: ReadonlySet<string>): boolean {
  const [field] = namesOf(path);
  return op === 'test' || (field !== undefined && writable.has(field)); // DOC-54
}

/**
 * Applies one operation; false if it cannot be. The package follows names into prototypes and texts, and takes indices that are
 * none: so the place is looked up here before.
 */
function applyOne(content: object, operation: Operation): boolean {
  const names = namesOf(operation.path);
  const last = names.pop();
  if (last === undefined) return operation.op === 'test' && sameJson(content, operation.value);
  let parent: unknown = content;
  for (const name of names) parent = childOf(parent, name);
  const there = childOf(parent, last);
  switch (operation.op) {
    case 'test':
      return there !== undefined && sameJson(there, operation.value); // DOC-56
    case 'remove':
    case 'replace':
      if (there === undefined) return false; // DOC-56
      break;
    case 'add':
      if (!canAdd(parent, last)) return false; // DOC-56 DOC-57
  }
  return apply(content, [operation]).every((problem) => problem === null);
}

function isSameField(before: JsonObject, after: JsonObject, name: string): boolean {
  const isThere = Object.hasOwn(before, name);
  return isThere === Object.hasOwn(after, name) && (!isThere || sameJson(before[name], after[name])); // DOC-59
}
