import { type Static, Type } from 'typebox';

// The schemas describe written messages and values in the program. A reader also accepts the name `message` for `msg`, as
// a command and as a field, and ignores unknown fields.

/** All that goes up, from clients to the server. */
export const upSchemas = [
  Type.Object({
    cmd: Type.Literal('connect'),
    username: Type.String(),
    password: Type.Optional(Type.String()),
    echo: Type.Optional(Type.Boolean()),
  }),
  Type.Object({ cmd: Type.Literal('rename'), oldname: Type.String(), newname: Type.String() }),
  Type.Object({ cmd: Type.Literal('get-clients') }),
  Type.Object({ cmd: Type.Literal('exit') }),
  Type.Object({ cmd: Type.Literal('msg'), msg: Type.String() }),
];

/** The answer to each command. */
export const statusSchema = Type.Object({
  success: Type.Boolean(),
  'error-msg': Type.String(),
  'success-msg': Type.String(),
  clients: Type.Optional(Type.Array(Type.String())),
});

// Written for clients of the later dialect, and read by none of ours: the same as `user` and `msg`.
const from = Type.Optional(Type.String());
const payload = Type.Optional(Type.String());

/** All that the server sends unasked. */
export const pushSchemas = [
  Type.Object({ cmd: Type.Literal('message'), user: Type.String(), msg: Type.String(), from, payload }),
  Type.Object({ cmd: Type.Literal('client-enter'), user: Type.String(), from }),
  Type.Object({ cmd: Type.Literal('client-exit'), user: Type.String(), from }),
];

/** A command of a client. */
export type Up = Static<(typeof upSchemas)[number]>;

/** The one command of that name. */
export type UpOf<C extends Up['cmd']> = Extract<Up, { cmd: C }>;

/** The answer to a command. */
export type Status = Static<typeof statusSchema>;

/** A message that the server sends unasked. */
export type Push = Static<(typeof pushSchemas)[number]>;

/** A message from the server: the answer to a command, or an event. */
export type Down = Status | Push;
