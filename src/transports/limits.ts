/** Most bounds of this folder; times in milliseconds, sizes in bytes. The rules in SPEC.md name the numbers. */
export type TransportLimits = {
  /** Until it is known what a connection speaks. */
  readonly detectMs: number;
  /** For the head of an HTTP request, and for the next one on the same connection. */
  readonly headMs: number;
  readonly headBytes: number;
  /** For the body of an HTTP request. */
  readonly bodyMs: number;
  /** An HTTP answer that nobody reads for so long. */
  readonly unreadMs: number;
  /** What was written has so long to leave once a connection ends. */
  readonly endMs: number;
  /** How often a WebSocket or a ZeroMQ peer is pinged, and after how much silence it is dropped. */
  readonly pingMs: number;
  readonly silenceMs: number;
  /** Of one message, and in how many fragments or frames it may come. */
  readonly messageBytes: number;
  readonly fragments: number;
  /** In how many reads one WebSocket frame may come. */
  readonly pieces: number;
  /** Of one ZMTP command. */
  readonly commandBytes: number;
  /** So many writes of ZMTP's PONG may wait for a peer that does not read. */
  readonly pongs: number;
  /** For one message, from its first byte to its last. */
  readonly incompleteMs: number;
  /** All incomplete messages together. */
  readonly incompleteBytes: number;
};

export const defaultLimits: TransportLimits = {
  detectMs: 10_000,
  headMs: 5_000,
  headBytes: 16 * 1024,
  bodyMs: 10_000,
  unreadMs: 30_000,
  endMs: 2_000,
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
