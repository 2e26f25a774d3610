/** Why the server closes a link. Each transport reports it in its own way: a WebSocket by its close code. */
export type CloseKind = 'done' | 'stopping' | 'removed' | 'broken' | 'too-big' | 'too-slow' | 'timeout';

/** Receives the events of a link. `closed` is the last one. */
export interface LinkReceiver {
  /** Bytes of a stream, cut anywhere, or exactly one whole message. */
  data(bytes: Uint8Array): void;
  /** The transport refuses a message and cannot report it itself. No `data` follows; the receiver must end the link. */
  unreadable(reason: string): void;
  /** The peer sends no more but may still read; the receiver must end the link. Only streams report this. */
  halfClosed(): void;
  /** A sign of life from the peer: any frame or pong. It may have been sent long ago, so it proves nothing else. */
  alive(): void;
  /** The peer got everything that was written before this probe. */
  proved(probe: number): void;
  /** `unsentBytes` was above 0 after a write and is 0 again. */
  drained(): void;
  /** The link is closed, by either side. Comes exactly once. */
  closed(): void;
}

/** One connection to one peer, over any transport. */
export interface Link {
  /** `stream` has no message boundaries; with `message` each frame is one message. */
  readonly framing: 'stream' | 'message';
  /** `tcp`, `websocket-text`, `zmtp`, `memory` ...: links of equal kind and framing take the same framed bytes. */
  readonly kind: string;
  /** The peer's address without its port, as limits count it. */
  readonly address: string;
  readonly secure: boolean;
  /** When the connection was opened, on the clock that only moves forward. */
  readonly openedAt: number;
  /** How many of the written bytes have not left this process. */
  readonly unsentBytes: number;
  /** Puts the transport's framing around one message. Several framed messages may be joined into one write. */
  frame(payload: Uint8Array): Uint8Array;
  /**
   * Sends framed bytes, in one system call if the socket takes them. Returns false and sends nothing once either side has
   * begun to close.
   */
  write(framed: Uint8Array): boolean;
  /** The peer has not acknowledged bytes for 30 s, as far as the transport can tell. */
  readonly isSilent: boolean;
  /** Asks for a sign of life; returns false if the transport cannot ask. */
  ask(): boolean;
  /**
   * Asks for a proof that the peer gets everything written so far. Returns the number of the probe, counted from 1; the
   * receiver's `proved` reports the last one that is proved. The proof may come late, or never.
   */
  probe(): number;
  /** Stops `data` until `resume`. */
  pause(): void;
  resume(): void;
  /** The connection no longer counts as unauthenticated. */
  loggedIn(): void;
  /**
   * Closes after the written bytes have left, or after 2 s. The reason is text for people. Only `alive`, `proved` and
   * `closed` come after this.
   */
  end(kind: CloseKind, reason: string): void;
  /** Sends events to the receiver from now on, after this call has returned; events that came before are sent first. */
  listen(receiver: LinkReceiver): void;
}
