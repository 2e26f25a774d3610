import { type Static, Type } from 'typebox';

// These are the spellings that are written, and what the program holds. `msg` is also read under the name `message`, as
// a command and as a field, and objects may have more fields, which nobody looks at.

/** All that goes up, from clients to the server. */
export const upSchemas = [
  Type.Object({ cmd: Type.Literal('connect'), username: Type.String(), password: Type.Optional(Type.String()) }),
  Type.Object({ cmd: Type.Literal('rename'), oldname: Type.String(), newname: Type.String() }),
  Type.Object({ cmd: Type.Literal('get-clients') }),
  Type.Object({ cmd: Type.Literal('exit') }),
  Type.Object({ cmd: Type.Literal('msg'), msg: Type.String() }),
];

/** What answers each command. */
export const statusSchema = Type.Object({
  success: Type.Boolean(),
  'error-msg': Type.String(),
  'success-msg': Type.String(),
  clients: Type.Optional(Type.Array(Type.String())),
});

/** All that goes down unasked. */
export const pushSchemas = [
  Type.Object({ cmd: Type.Literal('message'), user: Type.String(), msg: Type.String() }),
  Type.Object({ cmd: Type.Literal('client-enter'), user: Type.String() }),
  Type.Object({ cmd: Type.Literal('client-exit'), user: Type.String() }),
];

/** A command of a client. */
export type Up = Static<(typeof upSchemas)[number]>;

/** The one command of that name. */
export type UpOf<C extends Up['cmd']> = Extract<Up, { cmd: C }>;

/** The answer to a command. */
export type Status = Static<typeof statusSchema>;

/** What the server sends unasked. */
export type Push = Static<(typeof pushSchemas)[number]>;

/** What the server sends: the answer to a command, or what happened. */
export type Down = Status | Push;
