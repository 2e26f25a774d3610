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
  /** The last good ping, and how many ms its answer took. */
  readonly seenAt: number;
  readonly pingMs: number;
  /** How many pings in a row had no good answer: from 3 on the server is hidden. */
  readonly misses: number;
};
