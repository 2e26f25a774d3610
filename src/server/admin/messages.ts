import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { err, ok, type Result } from '../../lib/result.ts';

/** The longest request, without its line end. */
export const MAX_REQUEST_BYTES = 64 * 1024;
/** The longest ban or mute that ends: a hundred years. */
export const MAX_DURATION_MS = 100 * 365 * 86_400_000;

const closed = { additionalProperties: false };
const name = Type.String();
const reason = Type.String();
const password = Type.String();
const role = Type.Enum(['owner', 'moderator', 'user']);
const parent = Type.Union([Type.String(), Type.Null()]);
const people = Type.Array(Type.String());
const forMs = Type.Union([Type.Integer({ minimum: 1, maximum: MAX_DURATION_MS }), Type.Null()]);

const requestSchema = Type.Union([
  Type.Object({ command: Type.Literal('ban'), name, reason, forMs }, closed),
  Type.Object({ command: Type.Literal('unban'), name }, closed),
  Type.Object({ command: Type.Literal('kick'), name, reason }, closed),
  Type.Object({ command: Type.Literal('mute'), name, forMs }, closed),
  Type.Object({ command: Type.Literal('unmute'), name }, closed),
  Type.Object({ command: Type.Literal('delete'), message: Type.String() }, closed),
  Type.Object({ command: Type.Literal('ban-address'), address: Type.String(), reason, forMs }, closed),
  Type.Object({ command: Type.Literal('unban-address'), address: Type.String() }, closed),
  Type.Object({ command: Type.Literal('list'), addresses: Type.Optional(Type.Boolean()) }, closed),
  Type.Object(
    {
      command: Type.Literal('user-create'),
      name,
      displayName: Type.Union([Type.String(), Type.Null()]),
      role,
      password,
    },
    closed,
  ),
  Type.Object({ command: Type.Literal('user-password'), name, password }, closed),
  Type.Object({ command: Type.Literal('user-role'), name, role }, closed),
  Type.Object({ command: Type.Literal('user-list') }, closed),
  Type.Object({ command: Type.Literal('user-delete'), name, messages: Type.Boolean() }, closed),
  Type.Object({ command: Type.Literal('unit-create'), name, parent }, closed),
  Type.Object({ command: Type.Literal('unit-rename'), name, to: Type.String() }, closed),
  Type.Object({ command: Type.Literal('unit-move'), name, parent }, closed),
  Type.Object({ command: Type.Literal('unit-delete'), name }, closed),
  Type.Object({ command: Type.Literal('unit-add'), name, people }, closed),
  Type.Object({ command: Type.Literal('unit-remove'), name, people }, closed),
  Type.Object({ command: Type.Literal('unit-home'), name }, closed),
  Type.Object({ command: Type.Literal('unit-list') }, closed),
]);

/** A request of the operator. Times are durations in ms, null for good; the parent null is the top of the units. */
export type AdminRequest = Static<typeof requestSchema>;

/** The result, in lines for people. */
export type AdminReply = { readonly ok: boolean; readonly lines: readonly string[] };

const requests = Compile(requestSchema);
const replies = Compile(Type.Object({ ok: Type.Boolean(), lines: Type.Array(Type.String()) }, closed));

/** Reads the line of a request. */
export function readRequest(line: Uint8Array): Result<AdminRequest, string> {
  const value = readJson(line);
  return requests.Check(value) ? ok(value) : err('this is no request that the server knows'); // SERVER-62
}

/** Reads the line of a reply. */
export function readReply(line: Uint8Array): Result<AdminReply, string> {
  const value = readJson(line);
  return replies.Check(value) ? ok(value) : err('the server gave an answer that cannot be read');
}

/** Writes a request or a reply as one line. */
export function writeLine(message: AdminRequest | AdminReply): string {
  return `${JSON.stringify(message)}\n`;
}

function readJson(line: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch {
    return undefined;
  }
}
