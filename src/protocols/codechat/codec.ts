import type { Decoded } from '../../connections/decoded.ts';
import { MAX_KEYS, MAX_OBJECT_BYTES } from '../../lib/json.ts';
import { fault, JsonFrames, type JsonObject, type JsonSide } from '../json-frames.ts';
import { Fields } from './fields.ts';
import type { Down, Push, Up } from './schema.ts';

/** The most bytes of one command, and of one status. */
export const MAX_BYTES = MAX_OBJECT_BYTES;

/** The most bytes of one object from the server: a push holds its text twice. */
export const MAX_DOWN_BYTES = 131_072;

/** The fields in the order in which they are written, as the document has them. */
const UP_FIELDS = ['cmd', 'username', 'password', 'echo', 'oldname', 'newname', 'msg'];
const DOWN_FIELDS = ['cmd', 'user', 'msg', 'from', 'payload', 'success', 'error-msg', 'success-msg', 'clients'];

const encoder = new TextEncoder();

type Reader<M> = (fields: Fields) => M;

const upReaders: ReadonlyMap<unknown, Reader<Up>> = new Map<unknown, Reader<Up>>([
  [
    'connect',
    (f) => ({
      cmd: 'connect',
      username: f.typed('username'),
      ...f.maybe('password', (name) => f.string(name)),
      ...f.maybe('echo', (name) => f.boolean(name)),
    }),
  ],
  ['rename', (f) => ({ cmd: 'rename', oldname: f.typed('oldname'), newname: f.typed('newname') })],
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

const limits = { maxKeys: MAX_KEYS, endsAt: 'broken-json' } as const; // CODE-06

/** The commands from clients. */
export const up: JsonSide<Up> = { ...limits, maxBytes: MAX_BYTES, read: readUp, readLeave };

/** The messages from servers, as a client reads them. */
export function downSide<M>(read: JsonSide<M>['read']): JsonSide<M> {
  return { ...limits, maxBytes: MAX_DOWN_BYTES, read, readLeave: () => null };
}

function readUp(object: JsonObject): Decoded<Up> {
  if (typeof object.cmd !== 'string') return fault('cmd is missing or is not a string'); // CODE-11
  const read = upReaders.get(object.cmd);
  return read === undefined ? fault('a command of this name is not known') : take(object, read); // CODE-11
}

/** Whoever asks to leave may leave, whatever else the command contains. */
function readLeave({ cmd }: JsonObject): Up | null {
  return cmd === 'exit' ? { cmd } : null; // CODE-87
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
  return JSON.stringify('cmd' in message ? inBothDialects(message) : message, DOWN_FIELDS); // CODE-15
}

/** Clients of the later dialect read the name from `from` and the text from `payload`. */
function inBothDialects(push: Push): Push {
  const { user: from } = push;
  return push.cmd === 'message' ? { ...push, from, payload: push.msg } : { ...push, from }; // CODE-88
}

function readMsg(fields: Fields): Up {
  return { cmd: 'msg', msg: fields.text() ?? fields.typed('msg') }; // CODE-12
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
