import type { ClientCodec, Incoming, RequestChannel } from '../../../lib/request-channel.ts';
import { JsonFrames, type JsonSide } from '../../json-frames.ts';
import { asLabel } from '../fields.ts';
import { down, writeUp } from '../codec.ts';
import type { Down, ErrorAnswer, Success, TypingNotice, Up } from '../schema.ts';

type UpRequest = Extract<Up, { type: 'request' }>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** What goes up: a request, which gets its id when it is sent, or a message without an answer. */
export type Outgoing = WithoutId<UpRequest> | Exclude<Up, UpRequest>;

/** An answer that the library cannot read. */
export type Unreadable = { readonly type: 'unreadable'; readonly id: string; readonly reason: string };

/** What answers a request. */
export type Answer = Success | ErrorAnswer | Unreadable;

/** Somebody begins or stops to type in a room. */
export type Typing = TypingNotice['data'];

/** What answers none: changes, typing, a confirmation or notification that was refused, and the server's last words. */
export type Push = Extract<Down, { type: 'request' | 'notify' | 'error' }>;

/** One connection to a server of documents. */
export type Channel = RequestChannel<Outgoing, Answer, Push>;

/** The id of a request is its tag. */
export const codec: ClientCodec<Outgoing, Answer, Push> = {
  encode: (message, tag) => writeUp(isRequest(message) ? { ...message, id: tag ?? 'unsent' } : message), // DOC-191
  decode: readFrame,
};

const utf8 = new TextEncoder();

/** The same messages as for everybody. An answer with an id that cannot be read answers its request all the same. */
const side: JsonSide<Down | Unreadable> = {
  ...down,
  readLeave: () => null,
  read(object, bytes) {
    const read = down.read(object, bytes);
    const id = object.type === 'request' ? null : asLabel(object.id);
    return read.ok || id === null ? read : { ok: true, message: { type: 'unreadable', id, reason: read.reason } }; // DOC-200
  },
};

function isRequest(message: Outgoing): message is WithoutId<UpRequest> {
  return message.type === 'request';
}

function readFrame(frame: string | Uint8Array): Incoming<Answer, Push> {
  const bytes = typeof frame === 'string' ? utf8.encode(frame) : frame;
  const [read] = new JsonFrames(side, 'message').push(bytes);
  if (read === undefined || !read.ok) return read?.fatal ? { type: 'broken', reason: read.reason } : { type: 'skip' }; // DOC-200
  const { message } = read;
  if (message.type === 'request' || message.type === 'notify') return { type: 'push', message };
  const { id } = message;
  if (message.type === 'error' && (id === undefined || message.cls === 'changed')) return { type: 'push', message };
  return id === undefined ? { type: 'skip' } : { type: 'reply', message, tag: id };
}
