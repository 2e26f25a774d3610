import { parseJson } from '../../lib/json.ts';
import { ListingError } from './error.ts';

/** One server as the directory shows it; the counts are its own word. */
export type Entry = {
  /** The integer with which the server answers pings. */
  readonly id: number;
  readonly displayName: string;
  /** `host:port`. */
  readonly address: string;
  readonly connectedUsers: number;
  readonly maxUsers: number;
};

/** What only the owner of an entry learns. */
export type EntryStatus = Entry & {
  /** Whether the directory shows it: the service hides a server that does not answer. */
  readonly visible: boolean;
  /** The time of the last good ping (ISO 8601). */
  readonly seen: string;
  /** Why the last ping was not good; null if it was. */
  readonly problem: string | null;
};

type Fields = { readonly [name: string]: unknown };

/** The bytes of an answer are counted, so its keys need no limit. */
const ANY_NUMBER = Number.POSITIVE_INFINITY;
const KEY = /^[\x21-\x7e]{1,256}$/;
const decoder = new TextDecoder();

/** Whether a text can be a key: 1 to 256 ASCII characters that are visible. */
export function isKey(value: unknown): value is string {
  return typeof value === 'string' && KEY.test(value);
}

/** Reads the key in the answer to a registration. */
export function readKey(answer: Uint8Array): string {
  const key = decoder.decode(answer).trim();
  return isKey(key) ? key : unreadable(); // LIST-104
}

/** Reads the list of all servers. */
export function readEntries(answer: Uint8Array): Entry[] {
  const { servers } = fieldsOf(readJson(answer));
  return Array.isArray(servers) ? servers.map((value) => readEntry(fieldsOf(value))) : unreadable(); // LIST-104
}

/** Reads what the owner of an entry learns. */
export function readStatus(answer: Uint8Array): EntryStatus {
  const fields = fieldsOf(readJson(answer));
  const { visible, seen, problem } = fields;
  if (typeof visible !== 'boolean' || typeof seen !== 'string' || Number.isNaN(Date.parse(seen))) return unreadable(); // LIST-104
  if (problem !== null && typeof problem !== 'string') return unreadable(); // LIST-104
  return { ...readEntry(fields), visible, seen, problem };
}

function readEntry({ id, displayName, address, connectedUsers, maxUsers }: Fields): Entry {
  if (!isInteger(id) || !isInteger(connectedUsers) || !isInteger(maxUsers)) return unreadable(); // LIST-104
  if (typeof displayName !== 'string' || typeof address !== 'string') return unreadable(); // LIST-104
  return { id, displayName, address, connectedUsers, maxUsers };
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function readJson(answer: Uint8Array): unknown {
  const json = parseJson(answer, ANY_NUMBER);
  return json.ok ? json.value : unreadable(); // LIST-104
}

/** The fields of an object; those of anything else are none. */
function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function unreadable(): never {
  throw new ListingError(0, 'the listing sent an answer that cannot be read'); // LIST-104
}
