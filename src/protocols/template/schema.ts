import { type Static, Type } from 'typebox';

const word = Type.String({ pattern: '^[^ ]+$' });
const rest = Type.String({ minLength: 1 });
const closed = { additionalProperties: false };

/** All that goes up, from clients to the server. */
export const upSchemas = [
  Type.Object({ type: Type.Literal('JOIN'), name: word, password: Type.Union([rest, Type.Null()]) }, closed),
  Type.Object({ type: Type.Literal('SAY'), text: rest }, closed),
  Type.Object({ type: Type.Literal('TELL'), name: word, text: rest }, closed),
  Type.Object({ type: Type.Literal('WHO') }, closed),
  Type.Object({ type: Type.Literal('QUIT') }, closed),
];

/** All that goes down, from the server to clients. */
export const downSchemas = [
  Type.Object({ type: Type.Literal('DONE') }, closed),
  Type.Object({ type: Type.Literal('FAILED'), reason: rest }, closed),
  Type.Object({ type: Type.Literal('HERE'), names: Type.Array(word) }, closed),
  Type.Object({ type: Type.Union([Type.Literal('SAID'), Type.Literal('TOLD')]), name: word, text: rest }, closed),
  Type.Object({ type: Type.Union([Type.Literal('JOINED'), Type.Literal('LEFT')]), name: word }, closed),
];

/** A message from a client. */
export type Up = Static<(typeof upSchemas)[number]>;

/** A message from the server. */
export type Down = Static<(typeof downSchemas)[number]>;

/** The one message of that type that goes up. */
export type UpOf<T extends Up['type']> = Extract<Up, { type: T }>;
