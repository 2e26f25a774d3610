import { connect, type Socket } from 'node:net';
import type { ClientLog } from '../client-log.ts';

type Received = {
  readonly cmd?: string;
  readonly user?: string;
  readonly msg?: string;
  readonly success?: boolean;
  readonly 'error-msg'?: string;
};

/** Requests that are sent at a time, and so many after a refusal. */
const WINDOW = 8;
const REFUSED_WINDOW = 1;
const STOPPING = 'server is stopping';

/** A codechat guest on TCP who sends messages, eight at a time, and logs the answers and what it is shown. */
export class CodechatClient {
  readonly name: string;
  readonly closed: Promise<void>;
  /** Resolves with whether the guest was let in; never if the server dies first. */
  readonly loggedIn: Promise<boolean>;
  readonly #socket: Socket;
  readonly #log: ClientLog;
  readonly #view: string[];
  readonly #pending: string[] = [];
  #rest = '';
  #count = 0;
  #window = WINDOW;
  #entered: ((accepted: boolean) => void) | null;

  constructor(port: number, name: string, log: ClientLog) {
    this.name = name;
    this.#log = log;
    this.#view = log.view(name);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.loggedIn = promise;
    this.#entered = resolve;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('error', () => {});
    this.#socket.on('data', (bytes) => this.#read(String(bytes)));
    this.#socket.write(JSON.stringify({ cmd: 'connect', username: name }));
    this.closed = new Promise((done) => void this.#socket.once('close', () => done()));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#receive(JSON.parse(line) as Received);
    this.#log.changed.notify();
  }

  #receive({ cmd, msg = '', success, 'error-msg': problem = '' }: Received): void {
    if (cmd === 'message') {
      this.#log.shownTexts.push(msg.replace(/^\* /, ''));
      this.#view.push(msg);
    }
    if (cmd !== undefined) return;
    if (problem === STOPPING) return; // CONN-25: what comes after the signal is refused.
    if (this.#entered === null) this.#answered(success === true, problem);
    else this.#entered(success === true);
    this.#entered = null;
    while (this.#pending.length < this.#window) this.#post();
  }

  #answered(isAccepted: boolean, reason: string): void {
    const text = this.#pending.shift();
    if (text === undefined) throw new Error(`${this.name} got an answer without a request`);
    this.#window = isAccepted ? WINDOW : REFUSED_WINDOW;
    if (isAccepted) this.#log.posted.push(text);
    else this.#log.refused.push({ text, reason });
  }

  #post(): void {
    const text = `${this.name} ${++this.#count}`;
    this.#pending.push(text);
    this.#socket.write(JSON.stringify({ cmd: 'msg', msg: text }));
  }
}
