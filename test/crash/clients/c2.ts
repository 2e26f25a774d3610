import type { Journal } from '../client-log.ts';

type Asked = { readonly text: string; readonly edits: string | null };

const WINDOW = 12;
const EDIT_EVERY = 5;

/** A c2 client that says one thing after another, twelve at a time, edits some of it, and notes what it is told. */
export class Talker {
  readonly #socket: WebSocket;
  readonly #name: string;
  readonly #journal: Journal;
  readonly #asked: Asked[] = [];
  #said = 0;
  #entered = false;
  readonly closed: Promise<void>;

  constructor(url: string, name: string, journal: Journal) {
    this.#name = name;
    this.#journal = journal;
    this.#socket = new WebSocket(url);
    this.#socket.onopen = () => this.#socket.send(`c2/CONNECT ${name}`);
    this.#socket.onmessage = ({ data }) => this.#hear(String(data));
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = () => resolve();
    });
  }

  close(): void {
    this.#socket.close();
  }

  #hear(frame: string): void {
    if (frame.startsWith('c2/MSG ')) return this.#see(frame.slice('c2/MSG '.length));
    if (frame.startsWith('c2/ERROR')) throw new Error(`${this.#name}: ${frame}`);
    if (!frame.startsWith('c2/ACKNOWLEDGE')) return;
    if (this.#entered) this.#acknowledged();
    this.#entered = true;
    while (this.#asked.length < WINDOW) this.#say();
  }

  #acknowledged(): void {
    const asked = this.#asked.shift();
    if (asked === undefined) throw new Error(`${this.#name} was acknowledged what it did not ask`);
    if (asked.edits === null) this.#journal.posted.push(asked.text);
    else this.#journal.edited.push({ id: asked.edits, text: asked.text });
  }

  #say(): void {
    const text = `${this.#name} ${++this.#said}`;
    this.#asked.push({ text, edits: null });
    this.#socket.send(`c2/MSG ${this.#said}; ${text}`);
  }

  #see(content: string): void {
    const [author = '', , id = '', ...rest] = content.split('; ');
    const text = rest.join('; ');
    this.#journal.seen.push({ id, text });
    const number = Number(text.split(' ')[1]);
    if (author !== this.#name || text.endsWith('edited') || number % EDIT_EVERY !== 0) return;
    this.#asked.push({ text: `${text} edited`, edits: id });
    this.#socket.send(`c2/QUERY update_message; ${id}; ${text} edited`);
  }
}
