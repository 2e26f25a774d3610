import { type TProperties, type TSchema, Type } from 'typebox';
import type { DirectoryEntry, PersonEntry, RoomEntry } from '../core/model/entries.ts';
import { exactly } from './same-type.ts';

export const id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Of a stream: from 1, or 0 for one without entries. */
export const position = count;
export const time = Type.Number();
export const text = Type.String();
const yes = Type.Literal(true);
export const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

const person = Type.Object({ id, name: text });
const role = Type.Enum(['owner', 'moderator', 'user']);
const memberRole = Type.Enum(['owner', 'moderator', 'member']);

const fileInfo = {
  id: text,
  address: text,
  origin: text,
  name: text,
  size: count,
  type: text,
  width: Type.Optional(count),
  height: Type.Optional(count),
  digest: text,
};
const message = Type.Object({
  id: text,
  room: id,
  number: id,
  position: id,
  author: person,
  text,
  font: Type.Optional(Type.Object({ family: text, color: text, style: text })),
  replyTo: Type.Optional(id),
  via: Type.Optional(text),
  file: Type.Optional(Type.Object(fileInfo)),
  withheld: Type.Optional(yes),
  clientTime: orNull(time),
  serverTime: time,
  editedAt: orNull(time),
  deletedAt: orNull(time),
  edits: Type.Array(id),
});
const account = Type.Object({
  person: id,
  name: text,
  skeleton: text,
  displayName: text,
  role,
  firstName: Type.Optional(text),
  lastName: Type.Optional(text),
  picture: Type.Optional(text),
  deletedAt: Type.Optional(time),
});
const room = {
  identity: text,
  name: text,
  displayName: Type.Optional(text),
  closed: Type.Optional(yes),
  renamedAt: Type.Optional(id),
  people: Type.Optional(Type.Tuple([person, person])),
};
const member = Type.Object({ room: id, person: id, name: text, role: memberRole, other: orNull(id), since: count });
const roomBan = Type.Object({ room: id, person: id, reason: text, until: orNull(time) });
const mute = Type.Object({ room: id, person: orNull(id), skeleton: text, until: orNull(time) });
const invitation = Type.Object({ digest: text, room: id, maker: id, until: time, usesLeft: orNull(count) });
const membership = Type.Object({ person: id, room: id, other: orNull(id), since: count });
const token = Type.Object({ digest: text, person: id, issuedAt: time, expires: time });
const upload = Type.Object({ ...fileInfo, person: id, position: id, at: time });
const takenName = Type.Object({ skeleton: text, name: text, room: id });
const unit = Type.Object({ id, name: text, skeleton: text, parent: orNull(id), home: Type.Optional(yes) });
const ban = Type.Object({
  skeleton: text,
  name: text,
  reason: text,
  until: orNull(time),
  address: Type.Optional(yes),
});

const entry = <T extends string, P extends TProperties>(type: T, fields: P) =>
  Type.Object({ type: Type.Literal(type), ...fields, at: time });
const either = <T extends string, P extends TProperties>(types: [...T[]], fields: P) =>
  Type.Object({ type: Type.Enum(types), ...fields, at: time });

/** What a room's stream has; the commonest first. */
export const roomEntry = exactly<RoomEntry>()(
  Type.Union([
    entry('message-posted', { message }),
    entry('message-edited', { message }),
    entry('message-deleted', { message }),
    entry('member-joined', { member }),
    entry('member-changed', { member }),
    entry('member-left', { room: id, person: id }),
    entry('room-created', { room: id, ...room }),
    entry('room-renamed', { row: Type.Object({ id, ...room }) }),
    entry('member-banned', { ban: roomBan }),
    entry('member-unbanned', { room: id, person: id }),
    entry('person-muted', { mute }),
    entry('person-unmuted', { room: id, skeleton: text }),
    either(['invitation-made', 'invitation-used'], { invitation }),
    entry('invitation-ended', { room: id, digest: text }),
  ]),
);

/** What a person's stream has. */
export const personEntry = exactly<PersonEntry>()(
  Type.Union([
    entry('room-read', { person: id, room: id, number: count }),
    entry('room-joined', { membership }),
    entry('room-left', { person: id, room: id }),
    entry('password-set', { person: id, verifier: text, replaces: orNull(id) }),
    either(['contact-added', 'contact-removed', 'block-added', 'block-removed'], { person: id, other: id }),
    entry('token-issued', { token }),
    entry('token-revoked', { person: id, digest: text, why: Type.Enum(['asked', 'expired', 'too-many']) }),
    entry('tokens-revoked', { person: id }),
    entry('file-uploaded', { upload }),
    entry('upload-ended', { person: id, id: text, uploaded: id }),
    entry('person-erased', { person: id, replaces: orNull(id), uploads: Type.Optional(Type.Array(id)) }),
  ]),
);

/** What the directory has. */
export const directoryEntry = exactly<DirectoryEntry>()(
  Type.Union([
    entry('name-taken', { name: takenName }),
    entry('account-created', { account }),
    entry('account-changed', { account }),
    entry('account-deleted', { account }),
    entry('unit-created', { unit }),
    entry('unit-changed', { unit }),
    entry('unit-removed', { id }),
    either(['unit-member-added', 'unit-member-removed'], { unit: id, person: id }),
    entry('ban-set', { ban }),
    entry('ban-lifted', { skeleton: text }),
  ]),
);
