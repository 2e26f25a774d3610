import { type Static, Type } from 'typebox';
import { FONT_FAMILY } from './font-family.ts';
import type { Tag } from './tag.ts';

// The schemas check the JSON on the wire. The types describe values in the program: a body is its text, a timestamp is
// milliseconds since 1970, and a client's font has only its valid parts.

const timestamp = Type.Unsafe<number>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$', format: 'date-time' }),
);
const body = Type.String({ contentEncoding: 'base64' });
const anyPart = Type.Optional(Type.Unsafe<string>({}));
const fontParts = Type.Object({ family: anyPart, color: anyPart, style: anyPart });
const font = Type.Object({
  family: Type.String({ pattern: FONT_FAMILY }),
  color: Type.String({ pattern: '^#[0-9A-Fa-f]{6}$' }),
  style: Type.String({ pattern: '^b?i?u?s?$' }),
});
const hash = Type.String({ pattern: '^[0-9A-Fa-f]{64}$' });
const label = Type.String({ minLength: 1, maxLength: 64 });
const names = Type.Array(Type.String(), { maxItems: 1_000 });

const requestTag = Type.Unsafe<Tag>(Type.Union([Type.String({ maxLength: 64, pattern: '^(?!_)' }), Type.Number()]));
const request = { tag: Type.Optional(requestTag) };
const chat = {
  to: Type.String(),
  font: Type.Optional(fontParts),
  body,
  timestamp,
  nonce: Type.Optional(label),
};
const page = {
  before: Type.Optional(label),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
};

/** All that goes up, from clients to the server. Unknown fields are ignored. */
export const upSchemas = [
  Type.Object({
    message: Type.Literal('login'),
    ...request,
    username: Type.String(),
    password: Type.Optional(hash),
    initial_status: Type.Optional(Type.String()),
    version: Type.Optional(Type.Literal(1)),
    echo: Type.Optional(Type.Boolean()),
  }),
  Type.Object({ message: Type.Literal('logout'), ...request, reason: Type.Optional(Type.String()) }),
  Type.Object({ message: Type.Literal('chat.user'), ...request, ...chat }),
  Type.Object({ message: Type.Literal('chat.group'), ...request, ...chat }),
  Type.Object({ message: Type.Literal('list.friends'), ...request }),
  Type.Object({ message: Type.Literal('list.groups'), ...request }),
  Type.Object({ message: Type.Literal('detail.users'), ...request, usernames: names }),
  Type.Object({ message: Type.Literal('detail.groups'), ...request, groupnames: names }),
  Type.Object({ message: Type.Literal('me.name'), ...request, display_name: Type.String() }),
  Type.Object({ message: Type.Literal('me.status'), ...request, status: Type.String() }),
  // Extensions.
  Type.Object({
    message: Type.Literal('register'),
    ...request,
    username: Type.String(),
    password: hash,
    display_name: Type.Optional(Type.String()),
  }),
  Type.Object({ message: Type.Literal('friend.add'), ...request, username: Type.String() }),
  Type.Object({ message: Type.Literal('friend.remove'), ...request, username: Type.String() }),
  Type.Object({ message: Type.Literal('block.add'), ...request, username: Type.String() }),
  Type.Object({ message: Type.Literal('block.remove'), ...request, username: Type.String() }),
  Type.Object({
    message: Type.Literal('group.create'),
    ...request,
    groupname: Type.String(),
    display_name: Type.Optional(Type.String()),
  }),
  Type.Object({ message: Type.Literal('group.join'), ...request, groupname: Type.String() }),
  Type.Object({ message: Type.Literal('group.leave'), ...request, groupname: Type.String() }),
  Type.Object({ message: Type.Literal('history.user'), ...request, username: Type.String(), ...page }),
  Type.Object({ message: Type.Literal('history.group'), ...request, groupname: Type.String(), ...page }),
  Type.Object({ message: Type.Literal('chat.edit'), ...request, id: label, font: Type.Optional(fontParts), body }),
  Type.Object({ message: Type.Literal('chat.delete'), ...request, id: label }),
  Type.Object({ message: Type.Literal('me.password'), ...request, old: hash, new: hash }),
];

const push = { tag: Type.Optional(Type.String({ pattern: '^_' })) };
const user = Type.Object({
  username: Type.String(),
  display_name: Type.String(),
  status: Type.String(),
  friend: Type.Union([Type.Boolean(), Type.Null()]),
  guest: Type.Optional(Type.Boolean()),
});
const group = Type.Object({
  groupname: Type.String(),
  display_name: Type.String(),
  members: Type.Array(Type.String()),
  member: Type.Union([Type.Boolean(), Type.Null()]),
  members_total: Type.Optional(Type.Integer({ minimum: 0 })),
});
const me = Type.Object({ username: Type.String(), display_name: Type.String(), status: Type.String() });
const chatFields = { ...push, from: Type.String(), font, body, timestamp, id: Type.Optional(Type.String()) };
const chatUser = Type.Object({ message: Type.Literal('chat.user'), ...chatFields, to: Type.Optional(Type.String()) });
const chatGroup = Type.Object({ message: Type.Literal('chat.group'), ...chatFields, via: Type.String() });

/** All that the server sends unasked. */
export const pushSchemas = [
  chatUser,
  chatGroup,
  Type.Object({ message: Type.Literal('detail.users'), ...push, users: Type.Array(user) }),
  Type.Object({ message: Type.Literal('detail.groups'), ...push, groups: Type.Array(group) }),
];

const reply = {
  result: Type.Union([
    Type.Literal(200),
    Type.Literal(201),
    Type.Literal(202),
    Type.Literal(204),
    Type.Literal(205),
    Type.Literal(206),
    Type.Literal(400),
    Type.Literal(401),
    Type.Literal(403),
    Type.Literal(404),
    Type.Literal(500),
    Type.Literal(501),
    Type.Literal(503),
    Type.Literal(505),
  ]),
  result_message: Type.String({ minLength: 1 }),
  tag: Type.Optional(Type.Unknown()),
  retry_after: Type.Optional(Type.Integer({ minimum: 1 })),
};

/** The answers to requests. */
export const replySchemas = [
  Type.Object({ reply: Type.Literal('default'), ...reply, id: Type.Optional(Type.String()) }),
  Type.Object({ reply: Type.Literal('login'), ...reply, me: Type.Optional(me) }),
  Type.Object({ reply: Type.Literal('detail.users'), ...reply, users: Type.Array(user) }),
  Type.Object({ reply: Type.Literal('detail.groups'), ...reply, groups: Type.Array(group) }),
  Type.Object({ reply: Type.Literal('history'), ...reply, messages: Type.Array(Type.Union([chatUser, chatGroup])) }),
];

/** A request from a client. */
export type Up = Static<(typeof upSchemas)[number]>;

/** The one request of that name. */
export type UpOf<M extends Up['message']> = Extract<Up, { message: M }>;

/** A message that the server sends unasked. */
export type Push = Static<(typeof pushSchemas)[number]>;

/** The answer to a request. */
export type Reply = Static<(typeof replySchemas)[number]>;

/** A message from the server. */
export type Down = Push | Reply;

/** A message that a person wrote, live or from the history. */
export type Chat = Extract<Push, { message: 'chat.user' | 'chat.group' }>;

/** A person, as another person sees them. */
export type User = Static<typeof user>;

/** A group, with the members that fit into the message. */
export type Group = Static<typeof group>;

/** The person of a connection, as this person sees themselves. */
export type Me = Static<typeof me>;

/** A font whose parts are all safe to show. */
export type Font = Static<typeof font>;

/** The valid parts of a client's font. */
export type FontParts = Static<typeof fontParts>;

/** The result of a request, in numbers like those of HTTP. */
export type ResultCode = Reply['result'];
