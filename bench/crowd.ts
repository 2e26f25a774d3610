import { type Carrier, type Step, webSocketText } from './carriers.ts';
import { Idler } from './idler.ts';

/** So many come at once: fewer than a listening socket lets wait. */
const BATCH = 200;
/** An address has some 28,000 ports to connect from. */
const ADDRESSES = 10;
const SIGN_OF_LIFE_MS = 15_000;
const READ_BYTES = 64 * 1024;

/** Many connections of one kind, of which each comes in and is silent. */
export class Crowd {
  /** Bytes that they were sent so far. */
  heard = 0;
  /** How many the server closed. */
  lost = 0;
  readonly #port: number;
  readonly #carrier: Carrier;
  readonly #memory = Buffer.allocUnsafe(READ_BYTES);
  readonly #idlers: Idler[] = [];
  readonly #events = {
    heard: (bytes: Uint8Array) => {
      this.heard += bytes.length;
    },
    lost: () => {
      this.lost += 1;
    },
  };
  #opened = 0;
  #signs: NodeJS.Timeout | null = null;

  constructor(port: number, carrier: Carrier) {
    this.#port = port;
    this.#carrier = carrier;
  }

  /** So many more come in, from several addresses; `request` is what each of them asks for. Rejects if one is refused. */
  async enter(count: number, request: (index: number) => Step): Promise<void> {
    this.#signs ??= setInterval(() => this.#giveSigns(), SIGN_OF_LIFE_MS).unref();
    for (let first = 0; first < count; first += BATCH) {
      const size = Math.min(BATCH, count - first);
      const idlers = await Promise.all(Array.from({ length: size }, () => this.#open(this.#carrier)));
      this.#idlers.push(...idlers);
      await this.#accepted();
      await Promise.all(idlers.map((idler, offset) => this.#ask(idler, request(first + offset))));
    }
  }

  /** All go at once. */
  leave(): void {
    if (this.#signs !== null) clearInterval(this.#signs);
    for (const idler of this.#idlers) idler.close();
  }

  async #open(carrier: Carrier): Promise<Idler> {
    this.#opened += 1;
    const from = `127.0.0.${2 + (this.#opened % ADDRESSES)}`;
    const idler = await Idler.connect(this.#port, from, this.#memory, this.#events);
    for (const step of carrier.opening()) await idler.ask(step);
    return idler;
  }

  /**
   * Resolves when the server has accepted all that connected. Servers take one connection a turn: whoever asks at once is the
   * only one in its turn, and then a crowd that is told of each newcomer is told of nobody else at the same time.
   */
  async #accepted(): Promise<void> {
    const last = await this.#open(webSocketText);
    last.close();
  }

  async #ask(idler: Idler, { say, until }: Step): Promise<void> {
    await idler.ask({ say: this.#carrier.frame(say), until });
  }

  #giveSigns(): void {
    const { signOfLife } = this.#carrier;
    if (signOfLife !== null) for (const idler of this.#idlers) idler.say(signOfLife);
  }
}
