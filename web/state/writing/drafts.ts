import { signal } from '@preact/signals';
import { type BrowserStorage, onChangeElsewhere } from '../browser-storage.ts';

/** What was typed in a room and not sent. */
export type Draft = {
  readonly text: string;
  /** The number of the message that it answers. */
  readonly replyTo?: number;
  /** A message that is being changed: its number, its text before, and the new one. */
  readonly edit?: { readonly number: number; readonly before: string; readonly text: string };
};

const EMPTY: Draft = { text: '' };

/** The drafts of one person, one a room, kept over a reload. All tabs of a browser share them. */
export class Drafts {
  readonly #storage: BrowserStorage;
  readonly #start: string;
  /** The room whose draft another tab has changed last; each change is a new object. */
  readonly changed = signal<{ readonly room: number } | null>(null);

  constructor(storage: BrowserStorage, name: string) {
    this.#storage = storage;
    this.#start = `draft.${name}.`;
    onChangeElsewhere((key) => {
      if (key.startsWith(this.#start)) this.changed.value = { room: Number(key.slice(this.#start.length)) };
    });
  }

  read(room: number): Draft {
    const kept = this.#storage.get(this.#start + room) as Partial<Draft> | undefined;
    if (typeof kept?.text !== 'string') return EMPTY;
    const { text, replyTo, edit } = kept;
    const isEdit = typeof edit?.number === 'number' && typeof edit.text === 'string' && typeof edit.before === 'string';
    return { text, ...(typeof replyTo === 'number' && { replyTo }), ...(isEdit && { edit }) };
  }

  write(room: number, draft: Draft): void {
    const isEmpty = draft.text === '' && draft.replyTo === undefined && draft.edit === undefined;
    this.#storage.set(this.#start + room, isEmpty ? undefined : draft);
  }

  /** Adds a text to a draft that nobody has open, so that it is not lost. */
  append(room: number, text: string): void {
    const draft = this.read(room);
    this.write(room, { ...draft, text: draft.text === '' ? text : `${draft.text}\n${text}` });
  }

  /** Forgets all of them, as when the person logs out. */
  clear(): void {
    for (const key of this.#storage.keys(this.#start)) this.#storage.set(key, undefined);
  }
}
