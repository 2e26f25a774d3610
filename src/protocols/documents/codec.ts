import type { Decoded } from '../../connections/decoded.ts';
import { MAX_OBJECT_BYTES } from '../../lib/json.ts';
import { asObject } from '../json-fields.ts';
import { failed, fault, JsonFrames, type JsonObject, type JsonSide } from '../json-frames.ts';
import { answerReaders } from './answers.ts';
import type { Heading, Problem } from './errors.ts';
import { asLabel, Fields, FORMAT } from './fields.ts';
import { readKey } from './keys.ts';
import { readTyping, requestReaders } from './requests.ts';
import type { Down, Up } from './schema.ts';

const encoder = new TextEncoder();

/** What a client sent: a message, a flawed one of this heading, or an answer to nothing, which is ignored. */
export type Received =
  | { readonly type: 'message'; readonly message: Up }
  | { readonly type: 'flaw'; readonly heading: Heading; readonly problem: Problem }
  | { readonly type: 'ignored' };

/** An answer whose data is written already. */
export type Written = { readonly heading: Heading; readonly status: 200 | 206; readonly data: string };

/** What the server sends. */
export type Outgoing = Down | Written;

/** The messages from clients. A long list of subscriptions has many keys. */
export const up: JsonSide<Received> = {
  maxBytes: MAX_OBJECT_BYTES, // DOC-05
  maxKeys: 4_096, // DOC-06
  endsAt: 'anything-unreadable',
  read: readUp,
  readLeave,
};

/** The messages from servers. Pages are longer than any request. */
export const down: JsonSide<Down> = {
  maxBytes: 4_194_304,
  maxKeys: 65_536,
  endsAt: 'nothing',
  read: readDown,
  readLeave: () => null,
};

function readUp(object: JsonObject): Decoded<Received> {
  const { type, cls } = object;
  const leave = readLeave(object);
  if (leave !== null) return received(leave); // DOC-15
  const id = asLabel(object.id);
  switch (type) {
    case 'request':
      if (id === null) return failed('a request has no id of 1 to 64 characters'); // DOC-10
      return received(readRequest(object, id));
    case 'notify':
      return received(readNotify(object));
    case 'result':
    case 'error':
      return received(id !== null && cls === 'changed' ? readConfirmation(type, id) : { type: 'ignored' }); // DOC-17
    default:
      return failed('type is missing or is not known'); // DOC-09
  }
}

/** Whoever asks to leave may leave, whatever else the request contains. */
function readLeave(object: JsonObject): Received | null {
  const { cls } = object;
  if (cls !== 'logout') return null; // DOC-15
  const id = asLabel(object.id);
  const token = asObject(object.data)?.token;
  const data = typeof token === 'string' && { data: { token } }; // DOC-172
  return { type: 'message', message: { type: 'request', ...(id !== null && { id }), cls, ...data } }; // DOC-15
}

function readRequest({ cls, data }: JsonObject, id: string): Received {
  const heading = { id, ...classOf(cls) };
  if (cls === 'token') return { type: 'message', message: { type: 'request', id, cls } }; // DOC-170
  const read = requestReaders.get(cls);
  if (read === undefined) return flaw(heading, unknownClass); // DOC-11
  return readData(heading, data, read, (made) => ({ type: 'request', id, cls, data: made }) as Up);
}

/** Reads the data of a message that has fields there. */
function readData<T>(
  heading: Heading,
  data: unknown,
  read: (fields: Fields) => T,
  toMessage: (made: T) => Up,
): Received {
  const object = asObject(data);
  if (object === null)
    return flaw(heading, { ...FORMAT, msg: `data is ${data == null ? 'missing' : 'not an object'}` }); // DOC-13
  const fields = new Fields(object);
  const made = read(fields);
  if (fields.problem !== null) return flaw(heading, { ...fields.kind, msg: fields.problem }); // DOC-13 DOC-16
  return { type: 'message', message: toMessage(made) };
}

function readNotify(object: JsonObject): Received {
  const { cls } = object;
  if (cls === 'typing') {
    if (readKey(asObject(object.data)?.key) === 'unknown') return { type: 'ignored' }; // DOC-19
    return readData({ cls }, object.data, readTyping, (data) => ({ type: 'notify', cls, data })); // DOC-160
  }
  if (cls !== 'subscribe' && cls !== 'revoke') return flaw(classOf(cls), unknownClass); // DOC-11 DOC-16
  const fields = new Fields(object);
  const data = fields.keys('data');
  if (fields.problem !== null) return flaw({ cls }, { ...FORMAT, msg: fields.problem }); // DOC-13 DOC-16
  return { type: 'message', message: { type: 'notify', cls, data } };
}

function readConfirmation(type: 'result' | 'error', id: string): Received {
  const cls = 'changed';
  return { type: 'message', message: type === 'result' ? { type, id, cls, status: 200 } : { type, id, cls } }; // DOC-17
}

function readDown(object: JsonObject): Decoded<Down> {
  const { type, cls, status } = object;
  const name = type === 'result' ? `${String(cls)} ${String(status)}` : `${String(type)} ${String(cls)}`;
  const read = answerReaders.get(type === 'error' ? type : name);
  if (read === undefined) return fault('a message of this type, class and status is not known');
  const fields = new Fields(object);
  const message = read(fields);
  return fields.problem === null ? { ok: true, message } : fault(fields.problem);
}

/** Writes a message to a server. Throws a TypeError for a message that the server would refuse to read. */
export function writeUp(message: Up): string {
  const text = JSON.stringify(message);
  for (const read of new JsonFrames(up, 'message').push(encoder.encode(text))) {
    if (!read.ok) throw new TypeError(read.reason);
    if (read.message.type === 'flaw') throw new TypeError(read.message.problem.msg);
  }
  return text;
}

/** Writes a message to a client. */
export function writeDown(message: Outgoing): string {
  if ('heading' in message) return writeAnswer(message);
  const { type, id, cls, status, data }: { readonly [F in 'type' | 'id' | 'cls' | 'status' | 'data']?: unknown } =
    message;
  return JSON.stringify({ type, id, cls, status, data }); // DOC-30
}

function writeAnswer({ heading, status, data }: Written): string {
  const head = JSON.stringify({ type: 'result', id: heading.id, cls: heading.cls, status });
  return `${head.slice(0, -1)},"data":${data}}`; // DOC-30
}

/** What the answer to a message repeats of it. */
export function headingOf(received: Received): Heading {
  if (received.type === 'flaw') return received.heading;
  if (received.type === 'ignored') return {};
  const { cls } = received.message;
  return 'id' in received.message && received.message.id !== undefined ? { id: received.message.id, cls } : { cls }; // DOC-30
}

const unknownClass: Problem = { ...FORMAT, msg: 'a message of this class is not known' };

/** The class of a message, if it can be repeated. */
function classOf(value: unknown): { cls?: string } {
  const cls = asLabel(value);
  return cls === null ? {} : { cls }; // DOC-11
}

function flaw(heading: Heading, problem: Problem): Received {
  return { type: 'flaw', heading, problem };
}

function received(message: Received): Decoded<Received> {
  return { ok: true, message };
}
