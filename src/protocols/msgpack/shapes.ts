import { err, ok, type Result } from '../../lib/result.ts';
import type { Down, DownOf, Up, UpOf } from './schema.ts';
import { UNKNOWN_ACTION, type Value, WRONG_TYPE } from './values.ts';

const upFields: { readonly [A in Up['action']]: readonly Exclude<keyof UpOf<A>, 'action'>[] } = {
  register: ['username', 'password'],
  login: ['username', 'password'],
  logout: ['username'],
  add_contact: ['username', 'token', 'contact'],
  whisper: ['username', 'token', 'recipient', 'content'],
  create_group: ['username', 'token', 'group'],
  join_group: ['username', 'token', 'group'],
  msg_group: ['username', 'token', 'group', 'content'],
};

const downFields: { readonly [T in Down['type']]: readonly Exclude<keyof DownOf<T>, 'type'>[] } = {
  'response true': [],
  'response login': ['username', 'token'],
  'response false': ['reason'],
  'update whisper': ['sender', 'content'],
  'update msg_group': ['group', 'sender', 'content'],
};

/** The first two values of each type of message. */
const downBeginnings: { readonly [T in Down['type']]: readonly [string, Value] } = {
  'response true': ['response', true],
  'response login': ['response', true],
  'response false': ['response', false],
  'update whisper': ['update', 'whisper'],
  'update msg_group': ['update', 'msg_group'],
};

const TOO_FEW = 'too few values';
const fieldsOfAction: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(upFields));

/** How many values follow an action; `null` for an unknown action. */
export function followingAction(action: string): number | null {
  return fieldsOfAction.get(action)?.length ?? null; // MSGP-09
}

/** Whoever asks to leave may leave, whatever stands after the name: only the values up to it count. */
export function countedValues(action: Value | undefined): number | null {
  return action === 'logout' ? 1 + upFields.logout.length : null; // MSGP-81
}

/** Reads a message from a client. */
export function readUp(values: readonly Value[]): Result<Up, string> {
  const [action] = values;
  if (typeof action !== 'string') return err(action === undefined ? TOO_FEW : WRONG_TYPE); // MSGP-08, MSGP-10
  const fields = fieldsOfAction.get(action);
  return fields === undefined ? err(UNKNOWN_ACTION) : filled({ action }, fields, values, 1); // MSGP-09
}

/** Reads a message from a server. */
export function readDown(values: readonly Value[]): Result<Down, string> {
  const type = downTypeOf(values);
  return type === null ? err('unknown message') : filled({ type }, downFields[type], values, 2); // MSGP-18
}

/** The values of a message to a server. */
export function valuesOfUp(message: Up): Value[] {
  return written([message.action], upFields[message.action], message);
}

/** The values of a message to a client. */
export function valuesOfDown(message: Down): Value[] {
  return written([...downBeginnings[message.type]], downFields[message.type], message);
}

function downTypeOf(values: readonly Value[]): Down['type'] | null {
  const [first, second] = values;
  if (first === 'response' && second === true) return values.length === 2 ? 'response true' : 'response login'; // MSGP-18
  if (first === 'response') return second === false ? 'response false' : null; // MSGP-18
  if (first !== 'update') return null; // MSGP-18
  if (second === 'whisper') return 'update whisper'; // MSGP-18
  return second === 'msg_group' ? 'update msg_group' : null; // MSGP-18
}

/** Fills the fields of `message` from `values`, after the first `skip` of them. */
function filled<M>(
  message: { [name: string]: Value },
  fields: readonly string[],
  values: readonly Value[],
  skip: number,
): Result<M, string> {
  const count = values.length - skip;
  if (count !== fields.length) return err(count < fields.length ? TOO_FEW : 'too many values'); // MSGP-10
  for (let index = 0; index < count; index++) {
    const value = values[skip + index];
    if (typeof value !== 'string') return err(WRONG_TYPE); // MSGP-08
    message[fields[index] as string] = value;
  }
  return ok(message as M);
}

function written(values: Value[], fields: readonly string[], message: { readonly [name: string]: Value }): Value[] {
  for (const name of fields) values.push(message[name] as Value);
  return values;
}
