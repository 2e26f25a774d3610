import type { Decoded } from '../../connections/decoded.ts';
import { MAX_KEYS, MAX_OBJECT_BYTES } from '../../lib/json.ts';
import { fault, JsonFrames, type JsonObject, type JsonSide } from '../json-frames.ts';
import { Fields } from './fields.ts';
import { downReaders, replyTo, upReaders } from './readers.ts';
import type { Down, Reply, Up } from './schema.ts';
import { writeBody, writeTimestamp } from './formats.ts';
import { problemOfTag, type Tag, tagOf } from './tag.ts';

const encoder = new TextEncoder();

/** What a client sent: a request, or a flaw in a request of this name, which is null if it has none. */
export type Received =
  | { readonly type: 'request'; readonly request: Up }
  | { readonly type: 'flaw'; readonly flaw: Flaw; readonly message: string | null };

/** What is wrong with a request, and the name of the reply to it. */
export type Flaw = {
  readonly reply: Reply['reply'];
  readonly result: 400 | 501 | 505;
  readonly reason: string;
  /** As it came, whatever it is. */
  readonly tag?: unknown;
};

/** The requests from clients. */
export const up: JsonSide<Received> = {
  maxBytes: MAX_OBJECT_BYTES,
  maxKeys: MAX_KEYS,
  endsAt: 'nothing', // TAG-06
  read: readUp,
  readLeave,
};

/** The messages from servers. Lists and history are longer than any request. */
export const down: JsonSide<Down> = {
  maxBytes: 4_194_304,
  maxKeys: 65_536,
  endsAt: 'nothing',
  read: readDown,
  readLeave: () => null,
};

function readUp(object: JsonObject, bytes: Uint8Array): Decoded<Received> {
  const { message, version } = object;
  const tag = tagOf(object.tag, bytes);
  const tagField = tag === undefined ? {} : { tag }; // TAG-30
  const name = typeof message === 'string' ? message : null;
  const reply = name === null ? 'default' : replyTo(name); // TAG-31
  const flawed = (result: Flaw['result'], reason: string): Decoded<Received> => {
    return { ok: true, message: { type: 'flaw', flaw: { reply, result, reason, ...tagField }, message: name } };
  };
  const leaves = name === 'logout'; // TAG-95
  const tagProblem = tag === undefined ? null : problemOfTag(tag);
  if (tagProblem !== null && !leaves) return flawed(400, tagProblem); // TAG-25
  if (name === null) return flawed(400, 'message is missing or is not a string'); // TAG-20
  const read = upReaders.get(name);
  if (read === undefined) return flawed(501, 'a message of this name is not known'); // TAG-21
  if (name === 'login' && version != null && version !== 1) return flawed(505, 'version is not 1'); // TAG-45
  const fields = new Fields(object);
  const request = { ...read(fields), ...(tagProblem === null && (tagField as { tag?: Tag })) };
  if (fields.problem !== null && !leaves) return flawed(400, fields.problem); // TAG-22
  return { ok: true, message: { type: 'request', request } };
}

/** Whoever asks to leave may leave, whatever else the request contains. */
function readLeave({ message }: JsonObject): Received | null {
  return message === 'logout' ? { type: 'request', request: { message } } : null; // TAG-95
}

function readDown(object: JsonObject): Decoded<Down> {
  const { message, reply } = object;
  const name = typeof reply === 'string' ? `reply ${reply}` : `message ${String(message)}`;
  const read = downReaders.get(name);
  if (read === undefined) return fault('a message of this name is not known');
  const fields = new Fields(object);
  const down = read(fields);
  return fields.problem === null ? { ok: true, message: down } : fault(fields.problem);
}

/** Writes a message to a server. Throws a TypeError for a message that the server would refuse to read. */
export function writeUp(message: Up): string {
  const text = JSON.stringify(onWire(message));
  for (const read of new JsonFrames(up, 'message').push(encoder.encode(text))) {
    if (!read.ok) throw new TypeError(read.reason);
    if (read.message.type === 'flaw') throw new TypeError(read.message.flaw.reason);
  }
  return text;
}

/** Writes a message to a client. */
export function writeDown(message: Down): string {
  const ready = 'messages' in message ? { ...message, messages: message.messages.map(onWire) } : onWire(message);
  return JSON.stringify(ready);
}

/** The message as it is on the wire: a body in base64, a timestamp as text. */
function onWire(message: Up | Down): object {
  return {
    ...message,
    ...('body' in message ? { body: writeBody(message.body) } : {}),
    ...('timestamp' in message ? { timestamp: writeTimestamp(message.timestamp) } : {}),
  };
}
