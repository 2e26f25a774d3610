import { connect, type Socket } from 'node:net';
import type { ClientLog } from '../client-log.ts';

type Received = {
  readonly cmd?: string;
  readonly user?: string;
  readonly msg?: string;
  readonly success?: boolean;
  readonly 'error-msg'?: string;
};

const WINDOW = 8;
const STOPPING = 'server is stopping';

/** A codechat guest on TCP who sends messages, eight at a time, and logs the answers and what it is shown. */
export class CodechatClient {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #log: ClientLog;
  readonly #pending: (string | null)[] = [null];
  #rest = '';
  #count = 0;
  readonly closed: Promise<void>;

  constructor(port: number, name: string, log: ClientLog) {
    this.#name = name;
    this.#log = log;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('error', () => {});
    this.#socket.on('data', (bytes) => this.#read(String(bytes)));
    this.#socket.write(JSON.stringify({ cmd: 'connect', username: name }));
    this.closed = new Promise((resolve) => void this.#socket.once('close', () => resolve()));
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#receive(JSON.parse(line) as Received);
  }

  #receive({ cmd, msg, success, 'error-msg': problem }: Received): void {
    if (cmd === 'message') this.#log.shownTexts.push((msg ?? '').replace(/^\* /, ''));
    if (cmd !== undefined) return;
    if (problem === STOPPING) return; // CONN-25: what comes after the signal is refused.
    if (success !== true) throw new Error(`${this.#name} was refused`);
    const text = this.#pending.shift();
    if (text === undefined) throw new Error(`${this.#name} got an answer without a request`);
    if (text !== null) this.#log.posted.push(text);
    while (this.#pending.length < WINDOW) this.#post();
  }

  #post(): void {
    const text = `${this.#name} ${++this.#count}`;
    this.#pending.push(text);
    this.#socket.write(JSON.stringify({ cmd: 'msg', msg: text }));
  }
}
