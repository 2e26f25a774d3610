/** Why a link is closed; each transport says it in its own way (a WebSocket by its close code). */
export type CloseKind = 'done' | 'stopping' | 'removed' | 'broken' | 'too-big' | 'too-slow' | 'timeout';

/** What a link tells the one who listens to it. Nothing comes after `closed`. */
export interface LinkReceiver {
  /** Bytes of a stream in any cut, or exactly one whole message. */
  data(bytes: Uint8Array): void;
  /** A message came that this transport does not take, and has no word to say so; no `data` follows. The receiver ends the link. */
  unreadable(reason: string): void;
  /** The other side says that it sends no more, and may still read: the receiver ends the link. Only streams can tell. */
  halfClosed(): void;
  /** The other side showed that it is there: any frame, a pong, an end in order. */
  alive(): void;
  /** `backlog` was not 0 after a write, and is 0 again. */
  drained(): void;
  /** The link is over, whoever ended it. Comes exactly once. */
  closed(): void;
}

/** One connection to one peer, over whatever carries it. */
export interface Link {
  /** A `stream` has no message bounds of its own; in `message` each frame is one message. */
  readonly framing: 'stream' | 'message';
  /** Names how bytes are framed (`tcp`, `websocket-text`, `zmtp`, `memory`): equal kinds and framings take equal bytes. */
  readonly kind: string;
  /** The peer's address without its port, as limits count it. */
  readonly address: string;
  readonly secure: boolean;
  /** Bytes written that have not left this process. */
  readonly backlog: number;
  /** One message's payload with what this transport puts around it; several may be joined into one write. */
  frame(payload: Uint8Array): Uint8Array;
  /** Sends framed bytes, in one system call if the socket takes them; false, and nothing is sent, once the end has begun on either side. */
  write(framed: Uint8Array): boolean;
  /** Asks for a sign of life; false if this transport cannot ask. */
  probe(): boolean;
  /** No `data` comes until `resume`. */
  pause(): void;
  resume(): void;
  /** Somebody logged in: the connection no longer counts among the strangers of its address. */
  loggedIn(): void;
  /** Closes after what was written has left, or after 2 s; the reason is for people. Then only `closed` comes. */
  end(kind: CloseKind, reason: string): void;
  /** From now on, though not before this returns, the receiver hears; what came before is given to it first. */
  listen(receiver: LinkReceiver): void;
}
