import { type Static, Type } from 'typebox';
import { END_OF_TIME } from './limits.ts';

const argument = Type.String({ minLength: 1, pattern: '^[^; ]([^;]*[^; ])?$' });
const rest = Type.String({ minLength: 1 });
const stamp = Type.Integer({ minimum: 0, maximum: END_OF_TIME });
const echo = Type.Union([Type.String({ pattern: '^[0-9]{1,16}$' }), Type.Null()]);
const closed = { additionalProperties: false };

/** All that goes up, from clients to the server. */
export const upSchemas = [
  Type.Object({ type: Type.Literal('CONNECT'), username: argument, password: Type.Union([rest, Type.Null()]) }, closed),
  Type.Object({ type: Type.Literal('MSG'), timestamp: stamp, text: rest }, closed),
  Type.Object({ type: Type.Literal('QUERY active_users') }, closed),
  Type.Object({ type: Type.Literal('QUERY update_message'), id: argument, text: rest }, closed),
  Type.Object({ type: Type.Literal('UPDATE'), property: Type.Literal('username'), value: argument }, closed),
  Type.Object({ type: Type.Literal('DISCONNECT') }, closed),
  Type.Object({ type: Type.Literal('PING'), timestamp: echo }, closed),
];

/** All that goes down, from the server to clients. */
export const downSchemas = [
  Type.Object({ type: Type.Literal('ACKNOWLEDGE'), text: Type.String() }, closed),
  Type.Object({ type: Type.Literal('ERROR'), reason: Type.String() }, closed),
  Type.Object({ type: Type.Literal('MSG'), username: argument, timestamp: stamp, id: argument, text: rest }, closed),
  Type.Object(
    { type: Type.Literal('UPDATE'), username: argument, property: Type.Literal('username'), value: argument },
    closed,
  ),
  Type.Object({ type: Type.Literal('DISCONNECT disconnect'), username: argument }, closed),
  Type.Object({ type: Type.Literal('DISCONNECT lost_connection'), username: argument }, closed),
  Type.Object({ type: Type.Literal('DISCONNECT ban'), username: argument, reason: Type.String() }, closed),
  Type.Object(
    { type: Type.Literal('PING'), timestamp: echo, server: Type.Integer({ minimum: 0, maximum: 2 ** 53 - 1 }) },
    closed,
  ),
];

/** A message from a client. */
export type Up = Static<(typeof upSchemas)[number]>;

/** A message from the server. */
export type Down = Static<(typeof downSchemas)[number]>;

/** The one message of that type that goes up. */
export type UpOf<T extends Up['type']> = Extract<Up, { type: T }>;
