import type { Decoded } from '../../connections/protocol-adapter.ts';
import { MAX_KEYS, MAX_OBJECT_BYTES } from '../../lib/json.ts';
import { fault, JsonFrames, type JsonObject, type JsonSide } from '../json-frames.ts';
import { Fields } from './fields.ts';
import type { Down, Push, Up } from './schema.ts';

/** The most bytes of one object, from a client or from the server. */
export const MAX_BYTES = MAX_OBJECT_BYTES;

/** The fields in the order in which they are written, as the document has them. */
const UP_FIELDS = ['cmd', 'username', 'password', 'oldname', 'newname', 'msg'];
const DOWN_FIELDS = ['cmd', 'user', 'msg', 'success', 'error-msg', 'success-msg', 'clients'];

const encoder = new TextEncoder();

type Reader<M> = (fields: Fields) => M;

const upReaders: ReadonlyMap<unknown, Reader<Up>> = new Map<unknown, Reader<Up>>([
  [
    'connect',
    (f) => ({ cmd: 'connect', username: f.string('username'), ...f.maybe('password', (name) => f.string(name)) }),
  ],
  ['rename', (f) => ({ cmd: 'rename', oldname: f.string('oldname'), newname: f.string('newname') })],
  ['get-clients', () => ({ cmd: 'get-clients' })],
  ['exit', () => ({ cmd: 'exit' })],
  ['msg', readMsg],
  ['message', readMsg], // CODE-14
]);

const pushReaders: ReadonlyMap<unknown, Reader<Push>> = new Map<unknown, Reader<Push>>([
  ['message', (f) => ({ cmd: 'message', user: f.string('user'), msg: f.text() ?? '' })], // CODE-16
  ['client-enter', (f) => ({ cmd: 'client-enter', user: f.string('user') })],
  ['client-exit', (f) => ({ cmd: 'client-exit', user: f.string('user') })],
]);

/** The commands from clients. */
export const up: JsonSide<Up> = sideOf(readUp);

/** One side of codechat, with its limits. */
export function sideOf<M>(read: JsonSide<M>['read']): JsonSide<M> {
  return { maxBytes: MAX_BYTES, maxKeys: MAX_KEYS, endsAtBrokenJson: true, read }; // CODE-06
}

function readUp(object: JsonObject): Decoded<Up> {
  if (typeof object.cmd !== 'string') return fault('cmd is missing or is not a string'); // CODE-11
  const read = upReaders.get(object.cmd);
  return read === undefined ? fault('a command of this name is not known') : take(object, read); // CODE-11
}

/** Reads one message from a server. */
export function readDown(object: JsonObject): Decoded<Down> {
  const read = object.cmd === undefined ? readStatus : pushReaders.get(object.cmd); // CODE-15
  return read === undefined ? fault('a message of this name is not known') : take<Down>(object, read);
}

/** Writes a command to a server. Throws a TypeError for a command that a server would refuse to read. */
export function writeUp(message: Up): string {
  const text = JSON.stringify(message, UP_FIELDS);
  for (const read of new JsonFrames(up, 'message').push(encoder.encode(text)))
    if (!read.ok) throw new TypeError(read.reason);
  return text;
}

/** Writes a message to a client. */
export function writeDown(message: Down): string {
  return JSON.stringify(message, DOWN_FIELDS); // CODE-15
}

function readMsg(fields: Fields): Up {
  return { cmd: 'msg', msg: fields.text() ?? fields.string('msg') }; // CODE-12
}

/** A missing text counts as empty. */
function readStatus(fields: Fields): Down {
  const texts = {
    'error-msg': '',
    'success-msg': '',
    ...fields.maybe('error-msg', (name) => fields.string(name)),
    ...fields.maybe('success-msg', (name) => fields.string(name)),
  };
  return {
    success: fields.boolean('success'),
    ...texts,
    ...fields.maybe('clients', (name) => fields.strings(name)),
  };
}

function take<M>(object: JsonObject, read: Reader<M>): Decoded<M> {
  const fields = new Fields(object);
  const message = read(fields);
  return fields.problem === null ? { ok: true, message } : fault(fields.problem); // CODE-12
}
