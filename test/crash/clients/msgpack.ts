import { decodeMulti, encode } from '@msgpack/msgpack';
import type { ClientLog } from '../client-log.ts';

const WINDOW = 6;
const PASSWORD = 'hunter2';

/**
 * A msgpack client whose account outlives the server: it logs in once, and later uses its token alone. It whispers to
 * its partner and posts to the lobby, six requests at a time, and logs the answers and what it is shown.
 */
export class MsgpackClient {
  readonly #socket: WebSocket;
  readonly #name: string;
  readonly #partner: string;
  readonly #log: ClientLog;
  readonly #pending: ((answer: readonly unknown[]) => void)[] = [];
  #count = 0;
  #shownTexts = new Set<string>();
  #onShown: () => void = () => {};
  readonly closed: Promise<void>;
  /** Resolves with whether the server accepted the login or the token; never if the server dies first. */
  readonly loggedIn: Promise<boolean>;

  constructor(url: string, name: string, partner: string, log: ClientLog) {
    this.#name = name;
    this.#partner = partner;
    this.#log = log;
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onmessage = ({ data }) => this.#receive([...decodeMulti(new Uint8Array(data as ArrayBuffer))]);
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = () => resolve();
    });
    this.loggedIn = new Promise((resolve) => {
      this.#socket.onopen = () => this.#enter(resolve);
    });
  }

  /** Sends messages to the partner and to the lobby while the server lives. */
  send(cycle: number): void {
    for (let slot = 0; slot < WINDOW; slot++) this.#post(cycle);
  }

  /** Resolves when the partner's marker was shown, and so everything that waited before it. */
  async caughtUp(partner: MsgpackClient, marker: string): Promise<void> {
    const shown = new Promise<void>((resolve) => {
      this.#onShown = () => {
        if (this.#shownTexts.has(marker)) resolve();
      };
    });
    partner.#ask(['whisper', ...partner.#credentials(), this.#name, marker], () => {});
    this.#onShown();
    await shown;
  }

  close(): void {
    this.#socket.close();
  }

  /** Any request with a valid token logs this connection in. */
  #enter(loggedIn: (accepted: boolean) => void): void {
    const { accounts, tokens } = this.#log;
    if (tokens.has(this.#name))
      return this.#ask(['join_group', ...this.#credentials(), 'lobby'], ([accepted]) => loggedIn(accepted === true));
    const login = () =>
      this.#ask(['login', this.#name, PASSWORD], ([accepted, , token]) => {
        if (accepted === true) tokens.set(this.#name, String(token));
        loggedIn(accepted === true);
      });
    if (accounts.has(this.#name)) return login();
    this.#ask(['register', this.#name, PASSWORD], ([made]) => {
      if (made === true) accounts.add(this.#name);
      login();
    });
  }

  #post(cycle: number): void {
    const text = `${this.#name} ${cycle}.${++this.#count}`;
    const isWhisper = this.#count % 2 === 0;
    const request = isWhisper
      ? ['whisper', ...this.#credentials(), this.#partner]
      : ['msg_group', ...this.#credentials(), 'lobby'];
    this.#ask([...request, text], ([done]) => {
      if (done === true) {
        this.#log.posted.push(text);
        if (isWhisper) this.#log.directs.push({ to: this.#partner, text });
      }
      this.#post(cycle);
    });
  }

  #credentials(): [name: string, token: string] {
    return [this.#name, this.#log.tokens.get(this.#name) ?? ''];
  }

  #ask(values: readonly string[], answered: (answer: readonly unknown[]) => void): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#pending.push(answered);
    this.#socket.send(Buffer.concat(values.map((value) => encode(value))));
  }

  #receive([kind, ...values]: readonly unknown[]): void {
    if (kind === 'response') return this.#pending.shift()?.(values);
    const text = String(values.at(-1));
    this.#shownTexts.add(text);
    this.#onShown();
    this.#log.shownTexts.push(text.replace(/^\* /, ''));
    if (values[0] === 'whisper') this.#log.shownDirects.add(`${this.#name} ${text}`);
  }
}
