import { type Static, type TProperties, Type } from 'typebox';

// The schemas check the JSON on the wire, and the types describe the same values in the program, in their one form: `index` of a
// request has become `page`, a patch is always an array, and the identity in a version always a string.

const number = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const positive = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const label = Type.String({ minLength: 1, maxLength: 64 });
const json = Type.Record(Type.String(), Type.Unknown());

const keyOf = <T extends string>(type: T) => Type.Object({ type: Type.Literal(type), id: number });
const pairKeyOf = <T extends string>(type: T) =>
  Type.Object({ type: Type.Literal(type), id: Type.Tuple([number, number]) });
const user = keyOf('user');
const room = keyOf('room');
const rooms = Type.Union([keyOf('rooms'), keyOf('conversations')]);
const listOfPeople = Type.Union([keyOf('fav'), keyOf('blocked'), keyOf('members')]);
const msg = pairKeyOf('msg');
const key = Type.Union([user, room, rooms, listOfPeople, msg, pairKeyOf('member'), keyOf('index'), keyOf('unit')]);

const version = Type.Tuple([Type.String(), number]);
const anyVersion = Type.Tuple([Type.Union([Type.String(), Type.Integer()]), number]);
const seen = Type.Optional(Type.Unsafe<[string, number]>(Type.Union([anyVersion, Type.Null()])));
const view = Type.Union([
  Type.Literal('asc'),
  Type.Literal('desc'),
  Type.Literal('asc_pres_first'),
  Type.Literal('desc_pres_first'),
  Type.Literal('recent'),
]);
const size = Type.Integer({ minimum: 1, maximum: 200 });
const foundType = Type.Union([Type.Literal('user'), Type.Literal('room'), Type.Literal('msg')]);
const path = Type.String({ maxLength: 256 });
const change = Type.Union([
  Type.Object({ op: Type.Union([Type.Literal('add'), Type.Literal('replace')]), path, value: Type.Unknown() }),
  Type.Object({ op: Type.Literal('remove'), path }),
]);
const operation = Type.Union([change, Type.Object({ op: Type.Literal('test'), path, value: Type.Unknown() })]);
const operations = Type.Array(operation, { maxItems: 64 });
const patch = Type.Unsafe<Static<typeof operations>>(Type.Union([operations, operation]));

const newRoom = Type.Object({
  key: Type.Object({ type: Type.Literal('room'), id: Type.Optional(number) }),
  name: Type.Optional(Type.String()),
  open: Type.Optional(Type.Boolean()),
  members: Type.Optional(Type.Array(Type.Object({ key: user }), { maxItems: 200 })),
  invitation: Type.Optional(Type.String()),
});
const newMessage = Type.Object({
  key: Type.Object({ type: Type.Literal('msg') }),
  text: Type.Optional(Type.String()),
  reply_to: Type.Optional(msg),
  file: Type.Optional(Type.Object({ address: Type.String() })),
});

const request = <C extends string, P extends TProperties>(cls: C, data: P) =>
  Type.Object({ type: Type.Literal('request'), id: label, cls: Type.Literal(cls), data: Type.Object(data) });
const notify = <C extends string>(cls: C) =>
  Type.Object({ type: Type.Literal('notify'), cls: Type.Literal(cls), data: Type.Array(key) });

/** All that goes up, from clients to the server. Unknown fields are ignored. */
export const upSchemas = [
  request('login', {
    username: Type.String(),
    password: Type.Optional(Type.String()),
    token: Type.Optional(Type.String()),
  }),
  Type.Object({
    type: Type.Literal('request'),
    id: Type.Optional(label),
    cls: Type.Literal('logout'),
    data: Type.Optional(Type.Object({ token: Type.String() })),
  }),
  request('reconnect', { session: Type.String() }),
  request('get_content', { key, ver: seen, subscribe: Type.Optional(Type.Boolean()) }),
  request('get_children', {
    key,
    ver: seen,
    view: Type.Optional(view),
    page: Type.Optional(positive),
    size: Type.Optional(size),
    before: Type.Optional(positive),
    subscribe: Type.Optional(Type.Boolean()),
  }),
  request('patch_content', { key, ver: seen, patch }),
  request('add_child', { key: rooms, obj: newRoom }),
  request('add_child', { key: room, obj: newMessage }),
  request('add_child', { key: listOfPeople, obj: Type.Object({ key: user }) }),
  notify('subscribe'),
  notify('revoke'),
  Type.Object({ type: Type.Literal('result'), id: label, cls: Type.Literal('changed'), status: Type.Literal(200) }),
  Type.Object({ type: Type.Literal('error'), id: label, cls: Type.Literal('changed') }),
  // Extensions.
  Type.Object({
    type: Type.Literal('notify'),
    cls: Type.Literal('typing'),
    data: Type.Object({ key: room, typing: Type.Optional(Type.Boolean()) }),
  }),
  request('remove_child', { key: rooms, obj: Type.Object({ key: room }) }),
  request('remove_child', { key: room, obj: Type.Object({ key: msg }) }),
  request('remove_child', { key: listOfPeople, obj: Type.Object({ key: user }) }),
  request('search', {
    text: Type.Optional(Type.String()),
    types: Type.Optional(Type.Array(foundType, { maxItems: 3 })),
    room: Type.Optional(room),
    sender: Type.Optional(user),
    size: Type.Optional(size),
    before: Type.Optional(msg),
  }),
  request('register', { username: Type.String(), password: Type.String(), display_name: Type.Optional(Type.String()) }),
  Type.Object({ type: Type.Literal('request'), id: label, cls: Type.Literal('token') }),
  request('password', { old: Type.String(), new: Type.String() }),
  request('delete_account', { password: Type.String() }),
  request('ban', {
    room,
    person: user,
    until: Type.Optional(number),
    reason: Type.Optional(Type.String()),
  }),
  request('invite', { room, until: Type.Optional(number), uses: Type.Optional(positive) }),
  request('invitation', { code: Type.String() }),
  request('end_invitations', { room }),
];

const result = <C extends string, S extends number, P extends TProperties>(cls: C, status: S, data: P) =>
  Type.Object({
    type: Type.Literal('result'),
    id: label,
    cls: Type.Literal(cls),
    status: Type.Literal(status),
    data: Type.Object(data),
  });
const bare = <C extends string, S extends number>(cls: C, status: S) =>
  Type.Object({ type: Type.Literal('result'), id: label, cls: Type.Literal(cls), status: Type.Literal(status) });

/** The answers to requests that succeeded. */
export const resultSchemas = [
  result('login', 200, {
    session: Type.String(),
    self: user,
    rooms: keyOf('rooms'),
    fav: keyOf('fav'),
    root: keyOf('index'),
    home: keyOf('unit'),
    config: Type.Object({ media_server: Type.String() }),
    blocked: Type.Optional(keyOf('blocked')),
  }),
  Type.Object({
    type: Type.Literal('result'),
    id: Type.Optional(label),
    cls: Type.Literal('logout'),
    status: Type.Literal(200),
  }),
  bare('reconnect', 200),
  bare('get_content', 204),
  result('get_content', 200, { key, ver: version, content: json }),
  result('get_content', 206, { key, ver: version, patch: Type.Array(change) }),
  bare('get_children', 204),
  result('get_children', 200, {
    key,
    ver: version,
    view,
    index: positive,
    size,
    total: number,
    page: Type.Array(json),
  }),
  result('get_children', 206, {
    key,
    ver: version,
    view,
    page: positive,
    index: positive,
    size,
    total: number,
    patch: Type.Array(change),
  }),
  result('patch_content', 200, { ver: version }),
  result('add_child', 200, { key }),
  // Extensions.
  bare('remove_child', 200),
  result('search', 200, {
    users: Type.Array(json),
    rooms: Type.Array(json),
    msgs: Type.Array(json),
    next: Type.Optional(msg),
  }),
  bare('register', 201),
  bare('password', 200),
  result('token', 200, { token: Type.String() }),
  bare('delete_account', 200),
  bare('ban', 200),
  result('invite', 200, { code: Type.String(), until: number }),
  result('invitation', 200, { room, name: Type.String(), members_total: number, until: number }),
  bare('end_invitations', 200),
];

const errorSchema = Type.Object({
  type: Type.Literal('error'),
  id: Type.Optional(label),
  cls: Type.Optional(Type.String()),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  data: Type.Object({
    code: Type.Integer({ minimum: 4_000_000, maximum: 5_999_999 }),
    msg: Type.String(),
    retry_after: Type.Optional(positive),
  }),
});

const changed = Type.Object({
  type: Type.Literal('request'),
  id: label,
  cls: Type.Literal('changed'),
  data: Type.Array(Type.Object({ key, content: Type.Boolean(), children: Type.Boolean() })),
});

const typing = Type.Object({
  type: Type.Literal('notify'),
  cls: Type.Literal('typing'),
  data: Type.Object({ key: room, user, typing: Type.Boolean() }),
});

/** All that goes down, from the server to clients. */
export const downSchemas = [...resultSchemas, errorSchema, changed, typing];

/** A message from a client. */
export type Up = Static<(typeof upSchemas)[number]>;

/** The requests of that class. */
export type RequestOf<C extends string> = Extract<Up, { type: 'request'; cls: C }>;

/** The answer to a request that succeeded. */
export type Success = Static<(typeof resultSchemas)[number]>;

/** The answer to a request that was refused, or the server's last words. */
export type ErrorAnswer = Static<typeof errorSchema>;

/** The documents that changed; the client confirms that it has read them. */
export type Changed = Static<typeof changed>;

/** Somebody types in a room, or has stopped. */
export type TypingNotice = Static<typeof typing>;

/** A message from the server. */
export type Down = Success | ErrorAnswer | Changed | TypingNotice;

/** What names a document. */
export type Key = Static<typeof key>;

/** The identity of a history, and a number that grows with it. */
export type Version = Static<typeof version>;

/** What a search may find. */
export type FoundType = Static<typeof foundType>;

/** How the children of a document are sorted. */
export type ViewName = Static<typeof view>;
