import { type TProperties, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { BusMessage, NodeMessage, StreamMessage } from '../core/model/bus-message.ts';
import type { DirectoryEntry, PersonEntry, RoomEntry } from '../core/model/entries.ts';
import type { Subject } from '../core/ports.ts';
import { directoryEntry, id, orNull, personEntry, position, roomEntry, text, time } from './entry-schema.ts';
import { exactly } from './same-type.ts';

const node = Type.String({ minLength: 1, maxLength: 64 });
const message = <T extends string, P extends TProperties>(type: T, fields: P) =>
  Type.Object({ type: Type.Literal(type), node, ...fields });

const status = Type.Object({
  presence: Type.Enum(['online', 'away', 'busy', 'offline']),
  text: orNull(text),
  spelling: text,
});
const record = Type.Object({
  person: id,
  name: text,
  skeleton: text,
  since: time,
  account: Type.Boolean(),
  status,
  statusAt: time,
  acceptsDirect: Type.Boolean(),
});
const departure = Type.Union([
  Type.Object({ type: Type.Literal('left') }),
  Type.Object({ type: Type.Literal('lost') }),
  Type.Object({ type: Type.Literal('removed'), reason: text }),
  Type.Object({ type: Type.Literal('stopped') }),
]);
const change = Type.Object({ version: position, person: id, record: orNull(record), departure: orNull(departure) });

/** A skeleton has at most some 600 code units, and an address fewer. */
const counted = Type.String({ maxLength: 1_000 });
const attempt = Type.Union([
  Type.Object({ type: Type.Enum(['login-failed', 'login-succeeded']), address: counted, name: counted }),
  Type.Object({ type: Type.Enum(['registered', 'unknown-session', 'unknown-invitation']), address: counted }),
  Type.Object({ type: Type.Literal('group-made'), person: id }),
]);

/** To all nodes, or to one. */
const nodeMessage = exactly<NodeMessage>()(
  Type.Union([
    message('heartbeat', { version: position }),
    message('presence', { since: position, version: position, changes: Type.Array(change) }),
    message('ask', { version: position }),
    message('people', { version: position, part: position, isLast: Type.Boolean(), records: Type.Array(record) }),
    message('challenge', { person: id }),
    message('answer', { person: id, alive: Type.Boolean() }),
    message('kick', { person: id, reason: text }),
    message('attempts', { attempts: Type.Array(attempt) }),
  ]),
);

type Typing = Extract<StreamMessage, { type: 'typing' }>;
type Entries = Extract<StreamMessage, { type: 'entries' }>;
/** What travels on the subjects of streams that have these entries. */
type Told<Body> =
  | Exclude<StreamMessage, Typing | Entries>
  | (Omit<Entries, 'bodies'> & { readonly bodies: readonly Body[] });

const entries = <S extends TSchema>(body: S) => message('entries', { position: id, bodies: Type.Array(body) });
const reached = message('position', { position: id });
const report = Type.Object({ person: id, room: id, position, isTyping: Type.Boolean() });
const typing = message('typing', { report });

/** The messages on each kind of subject. Unknown fields are ignored: the next version of a node may send some. */
const validators = {
  room: Compile(exactly<Told<RoomEntry> | Typing>()(Type.Union([entries(roomEntry), reached, typing]))),
  person: Compile(exactly<Told<PersonEntry>>()(Type.Union([entries(personEntry), reached]))),
  directory: Compile(exactly<Told<DirectoryEntry>>()(Type.Union([entries(directoryEntry), reached]))),
  node: Compile(nodeMessage),
  nodes: Compile(nodeMessage),
};

/** Whether a value is a message between nodes that belongs on this subject. */
export function isMessageOn(subject: Subject, value: unknown): value is BusMessage {
  const [kind = ''] = subject.split('/');
  return Object.hasOwn(validators, kind) && validators[kind as keyof typeof validators].Check(value);
}
