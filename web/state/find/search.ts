import { signal } from '@preact/signals';
import type { Client, DocumentsError, Found, KeyOf } from '../../../src/protocols/documents/client.ts';
import { parseQuery } from '../../../src/lib/search/query.ts';

/** What is searched for: a text, perhaps only in one room, or only what one person wrote. */
export type SearchQuery = { readonly text: string; readonly room?: number; readonly sender?: number };

/** How far a search is. */
export type SearchState =
  /** There is nothing to search for. */
  | { readonly type: 'idle' }
  | { readonly type: 'too-long' }
  /** `found` is what is there so far. */
  | { readonly type: 'busy'; readonly found: Found | null }
  | { readonly type: 'done'; readonly found: Found }
  | { readonly type: 'failed'; readonly found: Found | null; readonly error: DocumentsError };

/** So many of each kind come at once. */
const SIZE = 30;

/** The search of one person. It keeps what was found last, so that coming back to it shows the same. */
export class Search {
  readonly #client: Client;
  /** Each search has another number; what an older one finds is dropped. */
  #run = 0;
  #query: SearchQuery = { text: '' };
  readonly state = signal<SearchState>({ type: 'idle' });
  /** How far the results were scrolled. */
  scrollTop = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** What is searched for now. */
  get query(): SearchQuery {
    return this.#query;
  }

  /** Searches; the same as before only if it failed. */
  start(query: SearchQuery): void {
    const { text, room, sender } = query;
    const before = this.#query;
    const isSame = before.text === text && before.room === room && before.sender === sender;
    if (isSame && this.state.peek().type !== 'failed') return;
    this.#query = query;
    this.scrollTop = 0;
    const parsed = parseQuery(text);
    this.#run++;
    // Of one person all is found without any words.
    const isAll = sender !== undefined && text.trim() === ''; // WEB-133
    if (!parsed.ok && !isAll) this.state.value = { type: parsed.error === 'empty' ? 'idle' : 'too-long' };
    else void this.#ask(null, undefined);
  }

  /** Finds more messages, if there are any. */
  more(): void {
    const state = this.state.peek();
    if (state.type === 'done' && state.found.next !== undefined) void this.#ask(state.found, state.found.next);
  }

  async #ask(before: Found | null, next: KeyOf<'msg'> | undefined): Promise<void> {
    const run = ++this.#run;
    const { text, room, sender } = this.#query;
    const isNarrow = room !== undefined || sender !== undefined;
    this.state.value = { type: 'busy', found: before };
    try {
      const found = await this.#client.search(text, {
        size: SIZE,
        ...(isNarrow && { types: ['msg'] as const }),
        ...(room !== undefined && { room: { type: 'room', id: room } as const }),
        ...(sender !== undefined && { sender: { type: 'user', id: sender } as const }),
        ...(next !== undefined && { before: next }),
      });
      if (run !== this.#run) return;
      const all =
        before === null
          ? found
          : { ...found, users: before.users, rooms: before.rooms, msgs: [...before.msgs, ...found.msgs] };
      this.state.value = { type: 'done', found: all };
    } catch (error) {
      if (run === this.#run) this.state.value = { type: 'failed', found: before, error: error as DocumentsError };
    }
  }
}
