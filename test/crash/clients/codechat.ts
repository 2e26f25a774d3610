import { connect, type Socket } from 'node:net';
import type { Journal } from '../client-log.ts';

type Heard = {
  readonly cmd?: string;
  readonly user?: string;
  readonly msg?: string;
  readonly success?: boolean;
};

const WINDOW = 8;

/** A codechat guest on a bare socket who writes one object behind the other, eight at a time, and notes what it is told. */
export class Shouter {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #journal: Journal;
  readonly #asked: (string | null)[] = [null];
  #rest = '';
  #said = 0;
  readonly closed: Promise<void>;

  constructor(port: number, name: string, journal: Journal) {
    this.#name = name;
    this.#journal = journal;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('error', () => {});
    this.#socket.on('data', (bytes) => this.#read(String(bytes)));
    this.#socket.write(JSON.stringify({ cmd: 'connect', username: name }));
    this.closed = new Promise((resolve) => void this.#socket.once('close', () => resolve()));
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#hear(JSON.parse(line) as Heard);
  }

  #hear({ cmd, msg, success }: Heard): void {
    if (cmd === 'message') this.#journal.texts.push((msg ?? '').replace(/^\* /, ''));
    if (cmd !== undefined) return;
    if (success !== true) throw new Error(`${this.#name} was refused`);
    const text = this.#asked.shift();
    if (text === undefined) throw new Error(`${this.#name} was answered what it did not ask`);
    if (text !== null) this.#journal.posted.push(text);
    while (this.#asked.length < WINDOW) this.#say();
  }

  #say(): void {
    const text = `${this.#name} ${++this.#said}`;
    this.#asked.push(text);
    this.#socket.write(JSON.stringify({ cmd: 'msg', msg: text }));
  }
}
