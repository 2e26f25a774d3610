import { type Static, Type } from 'typebox';

// The schemas describe values in the program. On the wire a message is a sequence of values, in the order of the fields.

const text = Type.String();
const closed = { additionalProperties: false };
const credentials = { username: text, token: text };

/** All that goes up, from clients to the server. */
export const upSchemas = [
  Type.Object({ action: Type.Literal('register'), username: text, password: text }, closed),
  Type.Object({ action: Type.Literal('login'), username: text, password: text }, closed),
  Type.Object({ action: Type.Literal('logout'), username: text }, closed),
  Type.Object({ action: Type.Literal('add_contact'), ...credentials, contact: text }, closed),
  Type.Object({ action: Type.Literal('whisper'), ...credentials, recipient: text, content: text }, closed),
  Type.Object({ action: Type.Literal('create_group'), ...credentials, group: text }, closed),
  Type.Object({ action: Type.Literal('join_group'), ...credentials, group: text }, closed),
  Type.Object({ action: Type.Literal('msg_group'), ...credentials, group: text, content: text }, closed),
];

/** All that goes down, from the server to clients. `response login` is the answer to `login`. */
export const downSchemas = [
  Type.Object({ type: Type.Literal('response true') }, closed),
  Type.Object({ type: Type.Literal('response login'), ...credentials }, closed),
  Type.Object({ type: Type.Literal('response false'), reason: text }, closed),
  Type.Object({ type: Type.Literal('update whisper'), sender: text, content: text }, closed),
  Type.Object({ type: Type.Literal('update msg_group'), group: text, sender: text, content: text }, closed),
];

/** A message from a client. */
export type Up = Static<(typeof upSchemas)[number]>;

/** A message from the server. */
export type Down = Static<(typeof downSchemas)[number]>;

/** The one message of that action that goes up. */
export type UpOf<A extends Up['action']> = Extract<Up, { action: A }>;

/** The one message of that type that goes down. */
export type DownOf<T extends Down['type']> = Extract<Down, { type: T }>;
