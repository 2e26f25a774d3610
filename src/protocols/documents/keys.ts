import { asObject } from '../json-fields.ts';
import type { Key } from './schema.ts';

type Form = 'number' | 'pair';

const forms: { readonly [T in Key['type']]: Form } = {
  user: 'number',
  fav: 'number',
  blocked: 'number',
  rooms: 'number',
  conversations: 'number', // DOC-20
  room: 'number',
  members: 'number',
  msg: 'pair', // DOC-18
  member: 'pair', // DOC-18
  index: 'number',
  unit: 'number',
};
const formOf: ReadonlyMap<unknown, Form> = new Map(Object.entries(forms));

/** The key, `unknown` if its type is not known, and null for anything that is not a key. */
export function readKey(value: unknown): Key | 'unknown' | null {
  const object = asObject(value);
  if (object === null || typeof object.type !== 'string') return null;
  const { type, id } = object;
  const form = formOf.get(type);
  if (form === undefined) return 'unknown'; // DOC-19
  const fits = form === 'number' ? isNumber(id) : Array.isArray(id) && id.length === 2 && id.every(isNumber); // DOC-18
  return fits ? ({ type, id } as Key) : null;
}

/** The key if it is one of this type. */
export function readKeyOf<T extends Key['type']>(type: T, value: unknown): Extract<Key, { type: T }> | null {
  const key = readKey(value);
  const fits = key !== null && key !== 'unknown' && key.type === type;
  return fits ? (key as Extract<Key, { type: T }>) : null;
}

/** Whether it is a whole number from 0 up that no program rounds. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0; // DOC-18
}
