import type { OutboxMessage, Session } from '../../src/protocols/documents/client.ts';
import type { BrowserStorage } from './browser-storage.ts';

/** What a tab keeps to go on after a reload: its session, and what is not sent. */
export type TabRecord = {
  readonly name: string;
  readonly isGuest: boolean;
  readonly session: Session;
  readonly outbox: readonly OutboxMessage[];
  /** In milliseconds since 1970. */
  readonly savedAt: number;
};

/** The server forgets a session that nobody has used for so long. */
const SESSION_MS = 30 * 60_000;
const START = 'tab.';

/** The records of all tabs of this browser, each under the id of its tab. */
export class TabRecords {
  readonly #storage: BrowserStorage;

  constructor(storage: BrowserStorage) {
    this.#storage = storage;
  }

  read(tab: string): TabRecord | null {
    const record = this.#storage.get(START + tab);
    return isRecord(record) ? record : null;
  }

  write(tab: string, record: TabRecord): boolean {
    return this.#storage.set(START + tab, record);
  }

  remove(tab: string): void {
    this.#storage.set(START + tab, undefined);
  }

  /**
   * The id of a tab that is gone, whose record a new tab of this person goes on with: the newest of those that have unsent messages
   * or a session that may still be known. Removes records that nobody can use. With the name `null` only guests are looked for.
   */
  adoptable(name: string | null, alive: ReadonlySet<string>, now: number): string | null {
    let best: { readonly tab: string; readonly savedAt: number } | null = null;
    for (const key of this.#storage.keys(START)) {
      const tab = key.slice(START.length);
      if (alive.has(tab)) continue;
      const record = this.read(tab);
      const isOver = record === null || (record.outbox.length === 0 && now - record.savedAt > SESSION_MS);
      if (isOver) {
        this.remove(tab);
        continue;
      }
      const fits = name === null ? record.isGuest : record.name === name;
      if (fits && (best === null || record.savedAt > best.savedAt)) best = { tab, savedAt: record.savedAt };
    }
    return best?.tab ?? null;
  }
}

function isRecord(value: unknown): value is TabRecord {
  const record = value as Partial<TabRecord> | null | undefined;
  return (
    typeof record === 'object' &&
    typeof record?.name === 'string' &&
    typeof record.session === 'object' &&
    Array.isArray(record.outbox) &&
    typeof record.savedAt === 'number'
  );
}
