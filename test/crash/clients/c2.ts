import type { ClientLog } from '../client-log.ts';

type PendingRequest = { readonly text: string; readonly edits: string | null };

/** Requests that are sent at a time, and so many after a refusal. */
const WINDOW = 12;
const REFUSED_WINDOW = 1;
const EDIT_EVERY = 5;
const STOPPING = 'c2/ERROR server is stopping';
const DISCONNECT = /^c2\/DISCONNECT \w+; (.*)$/;

/** A c2 guest who sends messages, twelve at a time, edits some, and logs the answers and what it is shown. */
export class C2Client {
  readonly name: string;
  readonly closed: Promise<void>;
  /** Resolves with whether the guest was let in; never if the server dies first. */
  readonly loggedIn: Promise<boolean>;
  /** The names of those who left. */
  readonly left = new Set<string>();
  readonly #socket: WebSocket;
  readonly #log: ClientLog;
  readonly #view: string[];
  readonly #pending: PendingRequest[] = [];
  #count = 0;
  #window = WINDOW;
  #entered: ((accepted: boolean) => void) | null;

  constructor(url: string, name: string, log: ClientLog) {
    this.name = name;
    this.#log = log;
    this.#view = log.view(name);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.loggedIn = promise;
    this.#entered = resolve;
    this.#socket = new WebSocket(url);
    this.#socket.onopen = () => this.#socket.send(`c2/CONNECT ${name}`);
    this.#socket.onmessage = ({ data }) => {
      this.#receive(String(data));
      log.changed.notify();
    };
    this.closed = new Promise((done) => {
      this.#socket.onclose = () => done();
    });
  }

  close(): void {
    this.#socket.close();
  }

  #receive(frame: string): void {
    if (frame.startsWith('c2/MSG ')) return this.#shown(frame.slice('c2/MSG '.length));
    const [, left] = DISCONNECT.exec(frame) ?? [];
    if (left !== undefined) this.left.add(left.split('; ')[0] ?? '');
    if (frame === STOPPING) return; // CONN-25: what comes after the signal is refused.
    const isAccepted = frame.startsWith('c2/ACKNOWLEDGE');
    if (!isAccepted && !frame.startsWith('c2/ERROR')) return;
    if (this.#entered === null) this.#answered(isAccepted, frame);
    else this.#entered(isAccepted);
    this.#entered = null;
    while (this.#pending.length < this.#window) this.#post();
  }

  #answered(isAccepted: boolean, frame: string): void {
    const request = this.#pending.shift();
    if (request === undefined) throw new Error(`${this.name} got an answer without a request`);
    this.#window = isAccepted ? WINDOW : REFUSED_WINDOW;
    if (!isAccepted) this.#log.refused.push({ text: request.text, reason: frame });
    else if (request.edits === null) this.#log.posted.push(request.text);
    else this.#log.edited.push({ id: request.edits, text: request.text });
  }

  #post(): void {
    const text = `${this.name} ${++this.#count}`;
    this.#pending.push({ text, edits: null });
    this.#socket.send(`c2/MSG ${this.#count}; ${text}`);
  }

  #shown(content: string): void {
    const [author = '', , id = '', ...rest] = content.split('; ');
    const text = rest.join('; ');
    this.#log.shown.push({ id, text });
    this.#view.push(text);
    const number = Number(text.split(' ')[1]);
    if (author !== this.name || text.endsWith('edited') || number % EDIT_EVERY !== 0) return;
    this.#pending.push({ text: `${text} edited`, edits: id });
    this.#socket.send(`c2/QUERY update_message; ${id}; ${text} edited`);
  }
}
