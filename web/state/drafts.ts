import type { BrowserStorage } from './browser-storage.ts';

/** What was typed in a room and not sent. */
export type Draft = {
  readonly text: string;
  /** The number of the message that it answers. */
  readonly replyTo?: number;
};

const EMPTY: Draft = { text: '' };

/** The drafts of one person, one a room, kept over a reload. */
export class Drafts {
  readonly #storage: BrowserStorage;
  readonly #start: string;

  constructor(storage: BrowserStorage, name: string) {
    this.#storage = storage;
    this.#start = `draft.${name}.`;
  }

  read(room: number): Draft {
    const kept = this.#storage.get(this.#start + room) as Partial<Draft> | undefined;
    if (typeof kept?.text !== 'string') return EMPTY;
    return { text: kept.text, ...(typeof kept.replyTo === 'number' && { replyTo: kept.replyTo }) };
  }

  write(room: number, draft: Draft): void {
    const isEmpty = draft.text === '' && draft.replyTo === undefined;
    this.#storage.set(this.#start + room, isEmpty ? undefined : draft);
  }

  /** Forgets all of them, as when the person logs out. */
  clear(): void {
    for (const key of this.#storage.keys(this.#start)) this.#storage.set(key, undefined);
  }
}
