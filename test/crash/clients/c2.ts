import type { ClientLog } from '../client-log.ts';

type PendingRequest = { readonly text: string; readonly edits: string | null };

const WINDOW = 12;
const EDIT_EVERY = 5;
const STOPPING = 'c2/ERROR server is stopping';

/** A c2 guest who sends messages, twelve at a time, edits some, and logs the answers and what it is shown. */
export class C2Client {
  readonly #socket: WebSocket;
  readonly #name: string;
  readonly #log: ClientLog;
  readonly #pending: PendingRequest[] = [];
  #count = 0;
  #entered = false;
  readonly closed: Promise<void>;

  constructor(url: string, name: string, log: ClientLog) {
    this.#name = name;
    this.#log = log;
    this.#socket = new WebSocket(url);
    this.#socket.onopen = () => this.#socket.send(`c2/CONNECT ${name}`);
    this.#socket.onmessage = ({ data }) => this.#receive(String(data));
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = () => resolve();
    });
  }

  #receive(frame: string): void {
    if (frame.startsWith('c2/MSG ')) return this.#shown(frame.slice('c2/MSG '.length));
    if (frame === STOPPING) return; // CONN-25: what comes after the signal is refused.
    if (frame.startsWith('c2/ERROR')) throw new Error(`${this.#name}: ${frame}`);
    if (!frame.startsWith('c2/ACKNOWLEDGE')) return;
    if (this.#entered) this.#acknowledged();
    this.#entered = true;
    while (this.#pending.length < WINDOW) this.#post();
  }

  #acknowledged(): void {
    const request = this.#pending.shift();
    if (request === undefined) throw new Error(`${this.#name} got an answer without a request`);
    if (request.edits === null) this.#log.posted.push(request.text);
    else this.#log.edited.push({ id: request.edits, text: request.text });
  }

  #post(): void {
    const text = `${this.#name} ${++this.#count}`;
    this.#pending.push({ text, edits: null });
    this.#socket.send(`c2/MSG ${this.#count}; ${text}`);
  }

  #shown(content: string): void {
    const [author = '', , id = '', ...rest] = content.split('; ');
    const text = rest.join('; ');
    this.#log.shown.push({ id, text });
    const number = Number(text.split(' ')[1]);
    if (author !== this.#name || text.endsWith('edited') || number % EDIT_EVERY !== 0) return;
    this.#pending.push({ text: `${text} edited`, edits: id });
    this.#socket.send(`c2/QUERY update_message; ${id}; ${text} edited`);
  }
}
