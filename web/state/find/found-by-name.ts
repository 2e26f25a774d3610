import { signal } from '@preact/signals';
import type { Client, DocumentsError, Found } from '../../../src/protocols/documents/client.ts';

/** How long the person must pause before the text is looked for. */
const PAUSE_MS = 200;
const SIZE = 20;

type Result = { readonly text: string; readonly found: Found | null; readonly error: DocumentsError | null };

const NOTHING: Result = { text: '', found: null, error: null };

/** People or rooms that are found by name while one types. An answer that is late never replaces a newer one. */
export class FoundByName {
  readonly #client: Client;
  readonly #type: 'user' | 'room';
  #wanted = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly result = signal<Result>(NOTHING);

  constructor(client: Client, type: 'user' | 'room') {
    this.#client = client;
    this.#type = type;
  }

  search(text: string): void {
    this.#wanted = text.trim();
    clearTimeout(this.#timer);
    if (this.#wanted === '') this.result.value = NOTHING;
    else this.#timer = setTimeout(() => void this.#ask(this.#wanted), PAUSE_MS);
  }

  close(): void {
    this.#wanted = '';
    clearTimeout(this.#timer);
  }

  async #ask(text: string): Promise<void> {
    const take = (result: Result) => {
      if (text === this.#wanted) this.result.value = result; // WEB-94
    };
    try {
      take({ text, found: await this.#client.search(text, { types: [this.#type], size: SIZE }), error: null });
    } catch (error) {
      take({ text, found: null, error: error as DocumentsError });
    }
  }
}
