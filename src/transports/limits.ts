/** Limits of all transports, except those by address. Times are milliseconds, sizes bytes; SPEC.md names the numbers. */
export type TransportLimits = {
  /** For finding out the protocol of a stream on the port that speaks everything. */
  readonly detectMs: number;
  /** For the first message of a WebSocket, and the first byte on a port of one protocol. */
  readonly loginMs: number;
  /** For the head of an HTTP request, from the connection's start or the last answer. */
  readonly headMs: number;
  readonly headBytes: number;
  /** For the body of an HTTP request. */
  readonly bodyMs: number;
  /** After which an HTTP connection on which nothing moves is closed. */
  readonly unreadMs: number;
  /** For the last bytes to leave after the end of a connection. */
  readonly endMs: number;
  /** A peer that cannot be pinged has got what it was sent if its link lives this long afterwards. */
  readonly survivalMs: number;
  /** The same for ZeroMQ, after the PONG. */
  readonly pongSurvivalMs: number;
  /** How often a WebSocket or ZeroMQ peer is pinged, and after how much silence it is closed. */
  readonly pingMs: number;
  readonly silenceMs: number;
  /** The largest message, and the most fragments or frames of one. */
  readonly messageBytes: number;
  readonly fragments: number;
  /** The most reads for one WebSocket frame. */
  readonly pieces: number;
  /** The largest ZMTP command. */
  readonly commandBytes: number;
  /** The most writes of ZMTP PONGs that may wait for a peer that does not read. */
  readonly pongs: number;
  /** For a message, from its first byte to its last. */
  readonly incompleteMs: number;
  /** The most for all incomplete messages together. */
  readonly incompleteBytes: number;
};

export const defaultLimits: TransportLimits = {
  detectMs: 30_000,
  loginMs: 60_000,
  headMs: 5_000,
  headBytes: 16 * 1024,
  bodyMs: 10_000,
  unreadMs: 30_000,
  endMs: 2_000,
  survivalMs: 60_000,
  pongSurvivalMs: 2_000,
  pingMs: 20_000,
  silenceMs: 60_000,
  messageBytes: 64 * 1024,
  fragments: 64,
  pieces: 4_096,
  commandBytes: 512,
  pongs: 16,
  incompleteMs: 10_000,
  incompleteBytes: 64 * 1024 * 1024,
};
