import { applyPatch as apply, Pointer } from 'rfc6902';
import { err, ok, type Result } from '../../../lib/result.ts';
import { sameJson } from '../../../lib/same-json.ts';
import type { JsonObject } from '../../json-frames.ts';
import type { Change } from './content-patch.ts';

/** One operation of a patch. A `test` changes nothing; the patch fails if it fails. */
export type Operation = Change | { readonly op: 'test'; readonly path: string; readonly value: unknown };

/** Why a patch is not applied. `conflict`: the content is not as the patch expects it. */
export type PatchProblem = 'not-allowed' | 'conflict' | 'too-large';

const MAX_OPERATIONS = 64;
const MAX_POINTER = 256;
const MAX_LEVELS = 16;
const MAX_RESULT_BYTES = 65_536;
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
const INDEX = /^(?:0|[1-9]\d*)$/;
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const utf8 = new TextEncoder();

/** Reads a patch, or one operation by itself. The error says what is wrong with it and repeats nothing of it. */
export function readPatch(value: unknown): Result<Operation[], string> {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]; // DOC-50
  if (list.length > MAX_OPERATIONS) return err(`patch has more than ${MAX_OPERATIONS} operations`); // DOC-50
  const operations: Operation[] = [];
  for (const item of list) {
    const operation = readOperation(item);
    if (!operation.ok) return operation;
    operations.push(operation.value);
  }
  return ok(operations);
}

/** Reads one operation. Unknown fields are left out. */
export function readOperation(item: unknown): Result<Operation, string> {
  if (typeof item !== 'object' || item === null) return err('an operation is not an object'); // DOC-51
  const { op, path, value } = item as { readonly op?: unknown; readonly path?: unknown; readonly value?: unknown };
  if (op !== 'add' && op !== 'remove' && op !== 'replace' && op !== 'test') return err('an op is not known'); // DOC-51
  if (typeof path !== 'string' || !isPointer(path)) return err('a path is not a pointer that may be used'); // DOC-52
  if (op === 'remove') return ok({ op, path });
  return Object.hasOwn(item, 'value') ? ok({ op, path, value }) : err('an operation has no value'); // DOC-53
}

function isPointer(path: string): boolean {
  if (path.length > MAX_POINTER || !POINTER.test(path)) return false; // DOC-52
  const names = namesOf(path);
  return names.length <= MAX_LEVELS && !names.some((name) => FORBIDDEN_NAMES.has(name)); // DOC-52
}

function namesOf(path: string): string[] {
  return Pointer.fromJSON(path).tokens.slice(1);
}

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

/** A field or an element of its own; undefined if there is none. */
function childOf(parent: unknown, name: string): unknown {
  if (Array.isArray(parent)) return INDEX.test(name) ? parent[Number(name)] : undefined; // DOC-57
  if (typeof parent !== 'object' || parent === null) return undefined;
  return Object.hasOwn(parent, name) ? (parent as JsonObject)[name] : undefined; // DOC-57
}

function canAdd(parent: unknown, name: string): boolean {
  if (!Array.isArray(parent)) return typeof parent === 'object' && parent !== null;
  return name === '-' || (INDEX.test(name) && Number(name) <= parent.length); // DOC-57
}

function isSameField(before: JsonObject, after: JsonObject, name: string): boolean {
  const isThere = Object.hasOwn(before, name);
  return isThere === Object.hasOwn(after, name) && (!isThere || sameJson(before[name], after[name])); // DOC-59
}
