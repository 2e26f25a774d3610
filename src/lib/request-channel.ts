/** The part of a WebSocket that is used here. */
export type WebSocketLike = {
  binaryType: string;
  addEventListener(
    type: string,
    listener: (event: { readonly data?: unknown; readonly reason?: string }) => void,
  ): void;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
};

/** What a frame is: the answer to a request (without a tag, to the oldest), something unasked, nothing to us, or the end of all reading. */
export type Incoming<Reply, Push> =
  | { readonly type: 'reply'; readonly message: Reply; readonly tag?: string }
  | { readonly type: 'push'; readonly message: Push }
  | { readonly type: 'skip' }
  | { readonly type: 'broken'; readonly reason: string };

/** How frames are written and read. `write` may throw; then nothing was sent. */
export type ClientCodec<Up, Reply, Push> = {
  /** `tag` is the request's own on its connection, `null` where it is only tried whether it can be written. */
  encode(message: Up, tag: string | null): string | Uint8Array<ArrayBuffer>;
  decode(frame: string | Uint8Array): Incoming<Reply, Push>;
};

/** Who hears what comes unasked. Nothing comes after `lost`, which comes exactly once. */
export type ChannelListener<Push> = { open(): void; push(message: Push): void; closed(reason: string): void };

/** One WebSocket on which requests are answered: each under its tag, or, where answers have no tags, in their order. */
export class RequestChannel<Up, Reply, Push> {
  readonly #socket: WebSocketLike;
  readonly #language: ClientCodec<Up, Reply, Push>;
  readonly #hearer: ChannelListener<Push>;
  /** By tag, the oldest first. */
  readonly #waiting = new Map<string, (reply: Reply | null) => void>();
  #asked = 0;
  #heard = false;
  #over = false;

  constructor(socket: WebSocketLike, language: ClientCodec<Up, Reply, Push>, hearer: ChannelListener<Push>) {
    this.#socket = socket;
    this.#language = language;
    this.#hearer = hearer;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      if (!this.#over) hearer.open();
    });
    socket.addEventListener('message', ({ data }) => this.#receive(data));
    socket.addEventListener('close', ({ reason }) => this.end(reason || 'connection lost'));
    socket.addEventListener('error', () => {}); // `close` follows; some WebSockets throw where nobody listens.
  }

  /** Sends a request once it is open. `settle` gets its answer, or `null` if the connection ends before. */
  request(request: Up, settle: (reply: Reply | null) => void): void {
    const tag = `${++this.#asked}`;
    this.#socket.send(this.#language.encode(request, tag));
    this.#waiting.set(tag, settle);
  }

  /** Whether anything arrived since this was last called. */
  hasReceived(): boolean {
    const heard = this.#heard;
    this.#heard = false;
    return heard;
  }

  /** Ends the connection without waiting for the other side. */
  end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket.close();
    for (const settle of this.#waiting.values()) settle(null);
    this.#waiting.clear();
    this.#hearer.closed(reason);
  }

  #receive(data: unknown): void {
    if (this.#over) return;
    this.#heard = true;
    const reading = this.#language.decode(data instanceof ArrayBuffer ? new Uint8Array(data) : String(data));
    if (reading.type === 'reply') this.#settle(reading.message, reading.tag);
    else if (reading.type === 'push') this.#hearer.push(reading.message);
    else if (reading.type === 'broken') this.end(reading.reason);
  }

  #settle(reply: Reply, tag = this.#waiting.keys().next().value): void {
    const settle = tag === undefined ? undefined : this.#waiting.get(tag);
    if (tag === undefined || settle === undefined) return;
    this.#waiting.delete(tag);
    settle(reply);
  }
}
