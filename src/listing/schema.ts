import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { parseLine } from '../core/text/text.ts';
import type { Properties } from './listed-server.ts';

const MOST_USERS = 1_000_000;
/** The longest name has 253 characters, and a colon and a port follow. */
const LONGEST_ADDRESS = 260;

const closed = { additionalProperties: false };
/** The properties of a `POST` that names none, without the address. */
export const DEFAULTS: Omit<Properties, 'address'> = { serverName: 'Chatter Server', connectedUsers: 0, maxUsers: 50 }; // LIST-04

const users = (description: string, initial: number) =>
  Type.Integer({ minimum: 0, maximum: MOST_USERS, default: initial, description });
const serverName = Type.String({
  minLength: 1,
  maxLength: 64,
  default: DEFAULTS.serverName,
  description: 'The name that people are shown: 1 to 64 printable characters.',
});
const address = Type.String({
  maxLength: LONGEST_ADDRESS,
  description: 'Where the server is, as host:port. Default: the address of the caller, with port 5000.',
});
const connectedUsers = users('How many people are on the server, by its own word.', DEFAULTS.connectedUsers);
const maxUsers = users('How many people it takes, by its own word.', DEFAULTS.maxUsers);

/** The body of `POST` and `PUT`. */
export const propertiesSchema = Type.Partial(
  Type.Object({ serverName, address, connectedUsers, maxUsers }, closed),
  closed,
);

const id = Type.Integer({ description: 'The integer with which the server answers pings.' });
const shown = { id, displayName: Type.String(), address: Type.String() };
const counts = { connectedUsers: Type.Integer(), maxUsers: Type.Integer() };
const listedServer = Type.Object({ ...shown, ...counts }, closed);

/** The answer to `GET /servers`. */
export const serversSchema = Type.Object({ servers: Type.Array(listedServer) }, closed);

/** The answer to `GET /servers/ID`, which only the owner gets. */
export const statusSchema = Type.Object(
  {
    ...shown,
    ...counts,
    visible: Type.Boolean({ description: 'Whether people are shown the server.' }),
    seen: Type.String({ format: 'date-time', description: 'When its last good answer to a ping came.' }),
    problem: Type.Union([Type.String(), Type.Null()], { description: 'Why it is not shown, or may soon not be.' }),
  },
  closed,
);

export type ServerStatus = Static<typeof statusSchema>;

const checker = Compile(propertiesSchema);

/** Reads the body of a request, where an empty one says nothing; a sentence if it is refused. */
export function readProperties(text: string): Partial<Properties> | string {
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return 'the body is no JSON';
  }
  if (!checker.Check(value)) return problemIn(value); // LIST-12
  if (value.serverName !== undefined && !parseLine(value.serverName).ok)
    return 'serverName must have 1 to 64 printable characters'; // LIST-12
  return value;
}

function problemIn(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the body must be a JSON object';
  const [error] = checker.Errors(value);
  const place = error?.instancePath.slice(1) ?? '';
  const unknown = Object.keys(value).find((name) => !(name in propertiesSchema.properties));
  if (unknown !== undefined) return `${JSON.stringify(unknown.slice(0, 64))} is no property of a server`; // LIST-12
  return `${place === '' ? 'the body' : place} is wrong: ${error?.message ?? 'it does not fit the schema'}`; // LIST-12
}
