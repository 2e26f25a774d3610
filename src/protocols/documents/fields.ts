import { asObject, JsonFields } from '../json-fields.ts';
import type { JsonObject } from '../json-frames.ts';
import { isNumber, readKey, readKeyOf } from './keys.ts';
import type { Change } from './patches/content-patch.ts';
import { type Operation, readOperation, readPatch } from './patches/operations.ts';
import type { FoundType, Key, Version, ViewName } from './schema.ts';

/** The status of a problem with a request, and the last part of its code. */
export type Kind = { readonly status: 400 | 403 | 404; readonly part: number };

/** Something in the request has not its form. */
export const FORMAT: Kind = { status: 400, part: 0 };
const FORBIDDEN: Kind = { status: 403, part: 40 };
const NO_DOCUMENT: Kind = { status: 404, part: 20 };
const NO_VIEW: Kind = { status: 404, part: 21 };

const MAX_LABEL = 64;
const MAX_SIZE = 200;
const MAX_MEMBERS = 200;
const nowhere: Key = { type: 'user', id: 0 };
const views: readonly ViewName[] = ['asc', 'desc', 'asc_pres_first', 'desc_pres_first', 'recent'];

/** Reads the fields of documents. */
export class Fields extends JsonFields {
  /** The kind of the problem, if there is one. */
  kind: Kind = FORMAT; // DOC-13

  /** A string of 1 to 64 characters. */
  label(name: string): string {
    return this.readField(name, `is not a string of 1 to ${MAX_LABEL} characters`, asLabel) ?? '';
  }

  /** A number from 0 up. */
  number(name: string): number {
    return this.integer(name, 0, Number.MAX_SAFE_INTEGER);
  }

  /** A number from 1 up. */
  positive(name: string): number {
    return this.integer(name, 1, Number.MAX_SAFE_INTEGER);
  }

  /** How many entries a page has. */
  size(name: string): number {
    return this.integer(name, 1, MAX_SIZE); // DOC-23
  }

  /** Notes that fields which exclude each other are both there. */
  atMostOne(one: string, other: string): void {
    if (this.whole[one] != null && this.whole[other] != null)
      this.#note(FORMAT, `${one} and ${other} exclude each other`);
  }

  /** All fields as they are. */
  all(): JsonObject {
    return this.whole;
  }

  /** The key of any document. */
  key(name: string): Key {
    const key = this.readField(name, 'is not a key', readKey);
    if (key === 'unknown') this.#note(NO_DOCUMENT, 'there is no document of this type'); // DOC-19
    return key === null || key === 'unknown' ? nowhere : key;
  }

  /** The key of a document of this type. */
  keyOf<T extends Key['type']>(type: T, name: string): Extract<Key, { type: T }> {
    const key = this.readField(name, `is not the key of a ${type}`, (value) => readKeyOf(type, value));
    return key ?? (nowhere as Extract<Key, { type: T }>);
  }

  /** The key of a room that is to be made, which has no id, or of an open one that is to be joined. */
  newRoomKey(name: string): { type: 'room'; id?: number } {
    const read = (value: unknown) => {
      const object = asObject(value);
      if (object?.type !== 'room') return null;
      return object.id == null ? ({ type: 'room' } as const) : readKeyOf('room', object);
    };
    return this.readField(name, 'is not the key of a room', read) ?? { type: 'room' }; // DOC-25
  }

  /** The key of a message that is to be sent: it has no id yet. */
  newMessageKey(name: string): { type: 'msg' } {
    const read = (value: unknown) => (asObject(value)?.type === 'msg' ? ({ type: 'msg' } as const) : null);
    return this.readField(name, 'is not the key of a msg', read) ?? { type: 'msg' }; // DOC-25
  }

  /** The keys of an array, without those of unknown types. */
  keys(name: string): Key[] {
    const asKeys = (value: unknown) => {
      const keys = Array.isArray(value) ? value.map(readKey) : [null];
      return keys.every((key) => key !== null) ? keys : null;
    };
    const keys = this.readField(name, 'is not an array of keys', asKeys) ?? [];
    return keys.filter((key) => key !== 'unknown'); // DOC-19
  }

  /** The people that a new room begins with. */
  people(name: string): { key: Extract<Key, { type: 'user' }> }[] {
    const people = this.list(name, (f) => ({ key: f.keyOf('user', 'key') }));
    if (people.length > MAX_MEMBERS) this.#note(FORMAT, `${name} has more than ${MAX_MEMBERS} entries`); // DOC-25
    return people;
  }

  /** What a search is to find. */
  foundTypes(name: string): FoundType[] {
    const types: readonly unknown[] = ['user', 'room', 'msg'];
    const isList = (value: unknown): value is FoundType[] =>
      Array.isArray(value) && value.length <= types.length && value.every((one) => types.includes(one));
    return (
      this.readField(name, 'is not an array of user, room and msg', (value) => (isList(value) ? value : null)) ?? []
    ); // DOC-140
  }

  version(name: string): Version {
    return this.readField(name, 'is not [identity, number]', asVersion) ?? ['', 0]; // DOC-21
  }

  view(name: string): ViewName {
    const view = views.find((one) => one === this.string(name));
    if (view === undefined) this.#note(NO_VIEW, 'there is no view of this name'); // DOC-22
    return view ?? 'asc';
  }

  patch(name: string): Operation[] {
    const read = this.readField(name, 'is missing', (value) => (value == null ? null : readPatch(value)));
    if (read?.ok === false) this.#note(FORMAT, read.error); // DOC-13
    return read?.ok === true ? read.value : [];
  }

  /** The patch of a server. */
  changes(name: string): Change[] {
    const asChanges = (value: unknown) => {
      if (!Array.isArray(value)) return null;
      const changes = value
        .map((item) => readOperation(item))
        .flatMap((read) => (read.ok && read.value.op !== 'test' ? [read.value] : []));
      return changes.length === value.length ? changes : null;
    };
    return this.readField(name, 'is not a patch', asChanges) ?? [];
  }

  /** Notes that the documents of this key's type have no children that clients could change. */
  noChildren(): void {
    this.#note(FORBIDDEN, 'nothing can be added or removed there'); // DOC-27
  }

  #note(kind: Kind, problem: string): void {
    if (this.problem !== null) return;
    this.problem = problem;
    this.kind = kind;
  }
}

/** The value if it is a string of 1 to 64 characters. */
export function asLabel(value: unknown): string | null {
  return typeof value === 'string' && value.length >= 1 && value.length <= MAX_LABEL ? value : null; // DOC-10
}

function asVersion(value: unknown): Version | null {
  if (!Array.isArray(value) || value.length !== 2) return null; // DOC-21
  const [identity, number] = value as readonly unknown[];
  if (typeof identity !== 'string' && !Number.isSafeInteger(identity)) return null; // DOC-21
  return isNumber(number) ? [String(identity), number] : null; // DOC-21
}
