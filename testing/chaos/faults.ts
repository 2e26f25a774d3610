/** A number of bytes from `min` to `max`, drawn for each connection; equal for a chosen one. */
export type ByteRange = { readonly min: number; readonly max: number };

/** What happens to the bytes of one direction. All of it can happen together; the bytes always stay in order. */
export type LineFaults = {
  /** How long each segment is under way: the latency, plus or minus up to the jitter. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** The chance that a segment is lost. TCP sends it again after `retransmitMs`, which doubles at each loss, and all behind it waits. */
  readonly loss: number;
  readonly retransmitMs: number;
  /** The most bytes that are forwarded at once; the next ones follow after an event-loop turn. */
  readonly sliceBytes: number;
  readonly bytesPerSecond: number;
  /** Forwards nothing, neither bytes nor an end, while both sockets stay open. What waits is forwarded when this ends. */
  readonly silent: boolean;
  /** Ends the connection, by a FIN (`cut`) or a RST (`reset`), after so many more bytes. */
  readonly ends: { readonly by: 'cut' | 'reset'; readonly after: ByteRange } | null;
};

/** The faults of a proxy: `up` is from the client to the server. `refuse` resets each new connection. */
export type Faults = { readonly up: LineFaults; readonly down: LineFaults; readonly refuse: boolean };

/** A line without faults. */
export const CLEAR_LINE: LineFaults = {
  latencyMs: 0,
  jitterMs: 0,
  loss: 0,
  retransmitMs: 0,
  sliceBytes: Number.POSITIVE_INFINITY,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  silent: false,
  ends: null,
};

/** No faults. */
export const CLEAR: Faults = { up: CLEAR_LINE, down: CLEAR_LINE, refuse: false };

/** These faults in both directions. */
export function bothWays(faults: Partial<LineFaults>): Faults {
  const line = { ...CLEAR_LINE, ...faults };
  return { up: line, down: line, refuse: false };
}
