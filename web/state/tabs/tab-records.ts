import type { OutboxMessage, Session } from '../../../src/protocols/documents/client.ts';
import type { BrowserStorage } from '../browser-storage.ts';

/** What a tab keeps to go on after a reload: its session, and what is not sent. */
export type TabRecord = {
  readonly name: string;
  readonly isGuest: boolean;
  readonly session: Session;
  readonly outbox: readonly OutboxMessage[];
  /** The id of the tab that goes on with it. */
  readonly owner: string;
  /** In milliseconds since 1970. */
  readonly savedAt: number;
};

/** The server forgets a session that nobody has used for so long. */
const SESSION_MS = 30 * 60_000;
/** After so long somebody else may have the name of a guest. */
const GUEST_MS = 24 * 60 * 60_000;
const START = 'tab.';

/** The records of all tabs of this browser, each under its own id. */
export class TabRecords {
  readonly #storage: BrowserStorage;

  constructor(storage: BrowserStorage) {
    this.#storage = storage;
  }

  read(id: string): TabRecord | null {
    const record = this.#storage.get(START + id);
    return isRecord(record) ? record : null;
  }

  /** False if the browser has no room for it. */
  write(id: string, record: TabRecord): boolean {
    return this.#storage.set(START + id, record);
  }

  remove(id: string): void {
    this.#storage.set(START + id, undefined);
  }

  /**
   * The id of a record that a new tab of this person goes on with, since its own tab is gone: the newest of those that have unsent
   * messages or a session that may still be known. Removes records that nobody can use. With the name `null` only guests are
   * looked for, and with a name only accounts.
   */
  adoptable(name: string | null, inUse: ReadonlySet<string>, now: number): string | null {
    let best: { readonly id: string; readonly savedAt: number } | null = null;
    for (const id of this.#ids()) {
      if (inUse.has(id)) continue;
      const record = this.read(id);
      if (record === null || isOver(record, now)) {
        this.remove(id);
        continue;
      }
      const fits = name === null ? record.isGuest : !record.isGuest && isSameName(record.name, name);
      if (fits && (best === null || record.savedAt > best.savedAt)) best = { id, savedAt: record.savedAt }; // WEB-03
    }
    return best?.id ?? null;
  }

  /** How many messages of this person are not sent, over all tabs. */
  unsent(name: string): number {
    const own = this.#of(name).map((id) => this.read(id)?.outbox.length ?? 0);
    return own.reduce((sum, count) => sum + count, 0);
  }

  /** Removes what this person has left in this browser. */
  removeOf(name: string): void {
    for (const id of this.#of(name)) this.remove(id);
  }

  #of(name: string): readonly string[] {
    return this.#ids().filter((id) => isSameName(this.read(id)?.name ?? '', name));
  }

  #ids(): readonly string[] {
    return this.#storage.keys(START).map((key) => key.slice(START.length));
  }
}

/** Whether two spellings may be the name of one person; the server compares names more closely. */
export function isSameName(one: string, other: string): boolean {
  return folded(one) === folded(other);
}

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

function isOver({ isGuest, outbox, savedAt }: TabRecord, now: number): boolean {
  const age = now - savedAt;
  return (outbox.length === 0 && age > SESSION_MS) || (isGuest && age > GUEST_MS);
}

function isRecord(value: unknown): value is TabRecord {
  const record = value as Partial<TabRecord> | null | undefined;
  return (
    typeof record === 'object' &&
    typeof record?.name === 'string' &&
    typeof record.isGuest === 'boolean' &&
    typeof record.session?.session === 'string' &&
    typeof record.owner === 'string' &&
    Array.isArray(record.outbox) &&
    typeof record.savedAt === 'number'
  );
}
