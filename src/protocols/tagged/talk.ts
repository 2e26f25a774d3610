import type { Socket } from '../../lib/exchange.ts';
import { down, FrameDecoder, writeUp } from './codec.ts';
import type { Push, Reply, Up } from './schema.ts';

const utf8 = new TextEncoder();

/** Who hears what comes unasked. Nothing comes after `lost`, which comes exactly once. */
export type Hearer = { open(): void; push(push: Push): void; lost(reason: string): void };

/** One WebSocket on which each request has a tag, and is answered by the reply that has the same. */
export class Talk {
  readonly #socket: Socket;
  readonly #hearer: Hearer;
  readonly #waiting = new Map<string, (reply: Reply | null) => void>();
  readonly #decoder = new FrameDecoder(down, 'message');
  #asked = 0;
  #heard = false;
  #over = false;

  constructor(socket: Socket, hearer: Hearer) {
    this.#socket = socket;
    this.#hearer = hearer;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      if (!this.#over) hearer.open();
    });
    socket.addEventListener('message', ({ data }) => this.#receive(data));
    socket.addEventListener('close', ({ reason }) => this.end(reason || 'connection lost'));
    socket.addEventListener('error', () => {}); // `close` follows; some WebSockets throw where nobody listens.
  }

  /** Sends a request under a tag of its own. `settle` gets its reply, or `null` if the connection ends before. */
  ask(request: Up, settle: (reply: Reply | null) => void): void {
    const tag = `${++this.#asked}`;
    this.say({ ...request, tag });
    this.#waiting.set(tag, settle);
  }

  /** Sends what has no reply. */
  say(request: Up): void {
    this.#socket.send(writeUp(request));
  }

  /** Whether anything arrived since this was last called. */
  heard(): boolean {
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
    this.#hearer.lost(reason);
  }

  #receive(data: unknown): void {
    if (this.#over) return;
    this.#heard = true;
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : utf8.encode(String(data));
    for (const read of this.#decoder.push(bytes)) {
      if (!read.ok && read.fatal) return this.end(read.reason); // TAG-88
      if (!read.ok) continue; // TAG-88
      if ('message' in read.message) this.#hearer.push(read.message);
      else this.#settle(read.message);
    }
  }

  #settle(reply: Reply): void {
    const { tag } = reply;
    if (tag === undefined) return;
    const settle = this.#waiting.get(tag); // TAG-81
    this.#waiting.delete(tag);
    settle?.(reply);
  }
}
