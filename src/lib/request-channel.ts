/** The part of a WebSocket that a client uses. */
export type WebSocketLike = {
  binaryType: string;
  /** As in browsers; missing where the WebSocket does not say. */
  readonly readyState?: number;
  addEventListener(
    type: string,
    listener: (event: { readonly data?: unknown; readonly reason?: string }) => void,
  ): void;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
};

/** The `readyState` of an open WebSocket; larger ones are closing or closed. */
const OPEN = 1;

/** A decoded frame: the reply to a request (without a tag, to the oldest one), a push, nothing, or an error that ends the connection. */
export type Incoming<Reply, Push> =
  | { readonly type: 'reply'; readonly message: Reply; readonly tag?: string }
  | { readonly type: 'push'; readonly message: Push }
  | { readonly type: 'skip' }
  | { readonly type: 'broken'; readonly reason: string };

/** Encodes and decodes frames. If `encode` throws, nothing is sent. */
export type ClientCodec<Up, Reply, Push> = {
  /** `tag` is unique on the connection; `null` for a message without a reply, and to check that one can be encoded. */
  encode(message: Up, tag: string | null): string | Uint8Array<ArrayBuffer>;
  decode(frame: string | Uint8Array): Incoming<Reply, Push>;
};

/** Receives the events of a channel. `closed` is the last one and comes exactly once. */
export type ChannelListener<Push> = { open(): void; push(message: Push): void; closed(reason: string): void };

/** A WebSocket with requests and replies, matched by tag or, in a protocol without tags, by their order. */
export class RequestChannel<Up, Reply, Push> {
  readonly #socket: WebSocketLike;
  readonly #codec: ClientCodec<Up, Reply, Push>;
  readonly #listener: ChannelListener<Push>;
  /** By tag, the oldest first. */
  readonly #pending = new Map<string, (reply: Reply | null) => void>();
  #lastTag = 0;
  #hasReceived = false;
  #isClosed = false;

  constructor(socket: WebSocketLike, codec: ClientCodec<Up, Reply, Push>, listener: ChannelListener<Push>) {
    this.#socket = socket;
    this.#codec = codec;
    this.#listener = listener;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      if (!this.#isClosed) listener.open();
    });
    socket.addEventListener('message', ({ data }) => this.#receive(data));
    socket.addEventListener('close', ({ reason }) => this.end(reason || 'connection lost'));
    socket.addEventListener('error', () => {}); // `close` follows; some WebSockets throw without a listener.
  }

  /**
   * Sends a request; the channel must be open. `done` gets the reply, or `null` if the connection ends before. A given `tag`
   * must not be used twice.
   */
  request(message: Up, done: (reply: Reply | null) => void, tag = `${++this.#lastTag}`): void {
    this.#write(this.#codec.encode(message, tag));
    this.#pending.set(tag, done);
  }

  /** Sends a message that has no reply; the channel must be open. */
  send(message: Up): void {
    this.#write(this.#codec.encode(message, null));
  }

  /** Whether anything was received since the last call. */
  hasReceived(): boolean {
    const hasReceived = this.#hasReceived;
    this.#hasReceived = false;
    return hasReceived;
  }

  /** Ends the connection without waiting for the other side. */
  end(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
    for (const done of this.#pending.values()) done(null);
    this.#pending.clear();
    this.#listener.closed(reason);
  }

  /** The other side may have closed already, of which `close` tells soon: browsers complain about a frame that is sent then. */
  #write(frame: string | Uint8Array<ArrayBuffer>): void {
    if ((this.#socket.readyState ?? OPEN) <= OPEN) this.#socket.send(frame);
  }

  #receive(data: unknown): void {
    if (this.#isClosed) return;
    this.#hasReceived = true;
    const incoming = this.#codec.decode(data instanceof ArrayBuffer ? new Uint8Array(data) : String(data));
    if (incoming.type === 'reply') this.#complete(incoming.message, incoming.tag);
    else if (incoming.type === 'push') this.#listener.push(incoming.message);
    else if (incoming.type === 'broken') this.end(incoming.reason);
  }

  #complete(reply: Reply, tag = this.#pending.keys().next().value): void {
    const done = tag === undefined ? undefined : this.#pending.get(tag);
    if (tag === undefined || done === undefined) return;
    this.#pending.delete(tag);
    done(reply);
  }
}
