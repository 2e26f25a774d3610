import { effect, signal } from '@preact/signals';
import type { Client, KeyOf, SentFile } from '../../../src/protocols/documents/client.ts';
import { randomId } from '../random-id.ts';
import type { Upload } from './upload.ts';

/** A message to be sent. */
export type NewMessage = {
  readonly room: KeyOf<'room'>;
  readonly text: string;
  readonly replyTo?: KeyOf<'msg'>;
};

/** A message that waits for its file, or behind one that does. */
export type QueuedMessage = NewMessage & { readonly id: string; readonly upload: Upload | null };

/** A message that the server has, but that is perhaps on no page yet. */
export type PostedMessage = NewMessage & { readonly id: string; readonly number: number; readonly file?: SentFile };

/** So many posted messages are remembered until their pages show them. */
const MOST_POSTED = 50;

/** What this person sends: a message leaves after those before it, and with a file not before the file is there. */
export class Outgoing {
  readonly #client: Client;
  readonly queue = signal<readonly QueuedMessage[]>([]);
  readonly posted = signal<readonly PostedMessage[]>([]);
  /** What the outbox did not take. */
  readonly #given: (message: NewMessage, error: Error) => void;

  /** `given` gets back a message that the outbox did not take, and why. */
  constructor(client: Client, given: (message: NewMessage, error: Error) => void) {
    this.#client = client;
    this.#given = given;
    effect(() => this.#advance());
    client.connection.subscribe(({ value }) => {
      if (value?.type === 'connected') this.#startAgain();
      else if (value?.type === 'closed') this.#end();
    });
  }

  /** Sends a text, or a text and files: each further file is a message of its own. */
  send(message: NewMessage, uploads: readonly Upload[]): void {
    const [first = null, ...others] = uploads;
    const { room } = message;
    const more = others.map((upload) => ({ id: randomId(), room, text: '', upload }));
    this.queue.value = [...this.queue.peek(), { ...message, id: randomId(), upload: first }, ...more]; // WEB-71
  }

  /** When the page ends, the browser asks first, and the texts that still wait for files are kept by `keep`. */
  keepAtEnd(keep: (room: number, text: string) => void): void {
    addEventListener('beforeunload', (event) => this.queue.peek().length > 0 && event.preventDefault());
    addEventListener('pagehide', ({ persisted }) => {
      if (persisted) return;
      for (const { room, text } of this.queue.peek()) if (text !== '') keep(room.id, text);
    });
  }

  /** Takes a message out of the queue; null if it is not there any more. */
  take(id: string): QueuedMessage | null {
    const found = this.queue.peek().find((message) => message.id === id) ?? null;
    this.queue.value = this.queue.peek().filter((message) => message !== found);
    return found;
  }

  /** Sends from the beginning of the queue as far as the files are there. One that failed is passed over. */
  #advance(): void {
    const ready: QueuedMessage[] = [];
    for (const message of this.queue.value) {
      const state = message.upload?.state.value.type ?? 'done';
      if (state === 'uploading') break;
      if (state === 'done') ready.push(message);
    }
    if (ready.length === 0) return;
    this.queue.value = this.queue.peek().filter((message) => !ready.includes(message));
    for (const message of ready) this.#post(message);
  }

  #post({ upload, id, ...message }: QueuedMessage): void {
    const state = upload?.state.peek();
    const file = state?.type === 'done' ? state.file : undefined;
    const { room, text, replyTo } = message;
    const options = { ...(replyTo && { replyTo }), ...(file && { file }) };
    this.#client.send(room, text, options).then(
      ({ id: [, number] }) => {
        const posted = { ...message, id, number, ...(file && { file }) };
        this.posted.value = [...this.posted.peek(), posted].slice(-MOST_POSTED); // WEB-60
      },
      (error: Error & { readonly code?: string }) => {
        // What was refused is shown in the outbox. What was not even taken is given back.
        const isKept = error.code === 'refused' || error.code === 'unknown-outcome';
        if (!isKept && error.code !== 'closed') this.#given(message, error); // WEB-64
      },
    );
  }

  /** The person has logged out. */
  #end(): void {
    for (const { upload } of this.queue.peek()) upload?.cancel();
    this.queue.value = [];
  }

  /** Files that the lost connection has kept from the server go again. */
  #startAgain(): void {
    for (const { upload } of this.queue.peek()) {
      const state = upload?.state.peek();
      if (state?.type === 'failed' && state.status === 0) upload?.start();
    }
  }
}
