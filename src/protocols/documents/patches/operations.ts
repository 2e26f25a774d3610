import { err, ok, type Result } from '../../../lib/result.ts';
import type { Change } from './content-patch.ts';
import { namesOf } from './pointer.ts';

/** One operation of a patch. A `test` changes nothing; the patch fails if it fails. */
export type Operation = Change | { readonly op: 'test'; readonly path: string; readonly value: unknown };

const MAX_OPERATIONS = 64;
const MAX_POINTER = 256;
const MAX_LEVELS = 16;
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

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
