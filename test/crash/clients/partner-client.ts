import type { ClientLog } from '../client-log.ts';

/** Requests that a client sends at a time. */
const WINDOW = 6;

/** A client whose account outlives the server. It and its partner send each other messages, and it logs what it is shown. */
export abstract class PartnerClient {
  readonly name: string;
  readonly closed: Promise<void>;
  /** Resolves with whether the login was accepted; never if the server dies first. */
  readonly loggedIn: Promise<boolean>;
  protected readonly socket: WebSocket;
  protected readonly partner: string;
  protected readonly log: ClientLog;
  readonly #view: string[];
  readonly #texts = new Set<string>();
  #onText: () => void = () => {};
  #count = 0;

  constructor(url: string, name: string, partner: string, log: ClientLog) {
    this.name = name;
    this.partner = partner;
    this.log = log;
    this.#view = log.view(name);
    this.socket = new WebSocket(url);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onmessage = ({ data }) => {
      this.receive(data);
      log.changed.notify();
    };
    this.closed = new Promise((resolve) => {
      this.socket.onclose = () => resolve();
    });
    this.loggedIn = new Promise((resolve) => {
      this.socket.onopen = () => this.logIn(resolve);
    });
  }

  /** Sends messages to the partner and to a room while the server lives. */
  start(cycle: number): void {
    for (let slot = 0; slot < WINDOW; slot++) this.#sendNext(cycle);
  }

  /** Resolves when this client was shown a last message of its partner, and so everything that waited before it. */
  async caughtUp(partner: PartnerClient): Promise<void> {
    const last = `the end for ${this.name}`;
    const shown = new Promise<void>((resolve) => {
      this.#onText = () => {
        if (this.#texts.has(last)) resolve();
      };
    });
    partner.send(last, true, () => {});
    await shown;
  }

  close(): void {
    this.socket.close();
  }

  protected abstract receive(data: unknown): void;
  protected abstract logIn(done: (accepted: boolean) => void): void;
  /** Sends to the partner or to the room. */
  protected abstract send(text: string, isDirect: boolean, done: (accepted: boolean, reason: string) => void): void;

  protected shown(text: string, isDirect: boolean): void {
    this.#texts.add(text);
    this.#onText();
    if (isDirect) this.log.shownDirects.add(`${this.name} ${text}`);
    else this.#view.push(text);
  }

  #sendNext(cycle: number): void {
    const text = `${this.name} ${cycle}.${++this.#count}`;
    const isDirect = this.#count % 2 === 0;
    this.send(text, isDirect, (accepted, reason) => {
      if (accepted) this.log.posted.push(text);
      else this.log.refused.push({ text, reason });
      if (accepted && isDirect) this.log.directs.push({ to: this.partner, text });
      this.#sendNext(cycle);
    });
  }
}
