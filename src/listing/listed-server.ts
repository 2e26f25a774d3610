import { countedAddress } from '../transports/address.ts';

/** What a server says of itself, as `POST` and `PUT` carry it; the counts are its own word. */
export type Properties = {
  readonly serverName: string;
  /** `host:port`. */
  readonly address: string;
  readonly connectedUsers: number;
  readonly maxUsers: number;
};

/** One server of the directory. Times are ms since 1970. */
export type ListedServer = Properties & {
  /** The integer with which the server answers pings. */
  readonly id: number;
  /** The SHA-256 of its key, as hex digits. */
  readonly keyDigest: string;
  readonly listedAt: number;
  /** Since when every check found it. */
  readonly upSince: number;
  /** The last good ping, how many ms its answer took, and the IP addresses that it could reach, as limits count them. */
  readonly seenAt: number;
  readonly pingMs: number;
  readonly targets: readonly string[];
  /** How many pings in a row had no good answer. */
  readonly misses: number;
};

/** What is known of a server after a good ping: `addresses` are the IP addresses that it could reach. */
export function seen(
  { ms, addresses }: { readonly ms: number; readonly addresses: readonly string[] },
  now: number,
): Pick<ListedServer, 'seenAt' | 'pingMs' | 'targets' | 'misses'> {
  return { seenAt: now, pingMs: ms, targets: [...new Set(addresses.map(countedAddress))], misses: 0 };
}

/** After so many pings without a good answer a server is hidden. */
const MOST_MISSES = 3;

/** Whether people are shown the server. */
export function isVisible({ misses }: ListedServer): boolean {
  return misses < MOST_MISSES; // LIST-70
}
