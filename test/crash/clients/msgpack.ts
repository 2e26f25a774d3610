import { decodeMulti, encode } from '@msgpack/msgpack';
import type { Journal } from '../client-log.ts';

const WINDOW = 6;
const PASSWORD = 'hunter2';

/**
 * A msgpack client with an account that outlives the server: it logs in once, and then comes back by its token alone. It
 * whispers to its partner and speaks in the lobby, six requests at a time, and notes what it is told and shown.
 */
export class Courier {
  readonly #socket: WebSocket;
  readonly #name: string;
  readonly #partner: string;
  readonly #journal: Journal;
  readonly #waiting: ((answer: readonly unknown[]) => void)[] = [];
  #said = 0;
  #markers = new Set<string>();
  #marked: () => void = () => {};
  readonly closed: Promise<void>;
  /** Resolves when it is in, with whether it was let in; never where the server dies before. */
  readonly entered: Promise<boolean>;

  constructor(url: string, name: string, partner: string, journal: Journal) {
    this.#name = name;
    this.#partner = partner;
    this.#journal = journal;
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onmessage = ({ data }) => this.#hear([...decodeMulti(new Uint8Array(data as ArrayBuffer))]);
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = () => resolve();
    });
    this.entered = new Promise((resolve) => {
      this.#socket.onopen = () => this.#enter(resolve);
    });
  }

  /** Says things to the partner and in the lobby for as long as the server lives. */
  talk(cycle: number): void {
    for (let slot = 0; slot < WINDOW; slot++) this.#say(cycle);
  }

  /** Resolves when the partner's marker was shown: everything that waited came before it. */
  async drained(partner: Courier, marker: string): Promise<void> {
    const shown = new Promise<void>((resolve) => {
      this.#marked = () => {
        if (this.#markers.has(marker)) resolve();
      };
    });
    partner.#ask(['whisper', ...partner.#proof(), this.#name, marker], () => {});
    this.#marked();
    await shown;
  }

  close(): void {
    this.#socket.close();
  }

  /** Any request with a good pair makes this connection one of its person's. */
  #enter(entered: (isIn: boolean) => void): void {
    const { accounts, tokens } = this.#journal;
    if (tokens.has(this.#name))
      return this.#ask(['join_group', ...this.#proof(), 'lobby'], ([isIn]) => entered(isIn === true));
    const login = () =>
      this.#ask(['login', this.#name, PASSWORD], ([isIn, , token]) => {
        if (isIn === true) tokens.set(this.#name, String(token));
        entered(isIn === true);
      });
    if (accounts.has(this.#name)) return login();
    this.#ask(['register', this.#name, PASSWORD], ([made]) => {
      if (made === true) accounts.add(this.#name);
      login();
    });
  }

  #say(cycle: number): void {
    const text = `${this.#name} ${cycle}.${++this.#said}`;
    const isWhisper = this.#said % 2 === 0;
    const request = isWhisper ? ['whisper', ...this.#proof(), this.#partner] : ['msg_group', ...this.#proof(), 'lobby'];
    this.#ask([...request, text], ([done]) => {
      if (done === true) {
        this.#journal.posted.push(text);
        if (isWhisper) this.#journal.told.push({ to: this.#partner, text });
      }
      this.#say(cycle);
    });
  }

  #proof(): [name: string, token: string] {
    return [this.#name, this.#journal.tokens.get(this.#name) ?? ''];
  }

  #ask(values: readonly string[], answered: (answer: readonly unknown[]) => void): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#waiting.push(answered);
    this.#socket.send(Buffer.concat(values.map((value) => encode(value))));
  }

  #hear([kind, ...values]: readonly unknown[]): void {
    if (kind === 'response') return this.#waiting.shift()?.(values);
    const text = String(values.at(-1));
    this.#markers.add(text);
    this.#marked();
    this.#journal.texts.push(text.replace(/^\* /, ''));
    if (values[0] === 'whisper') this.#journal.heard.add(`${this.#name} ${text}`);
  }
}
