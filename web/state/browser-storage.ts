const PREFIX = 'parlance.';

/** What the page keeps in this browser, as JSON. All tabs share it. Where the browser refuses to keep anything, it is empty. */
export class BrowserStorage {
  readonly #storage: Storage | null;

  constructor(storage: Storage | null) {
    this.#storage = storage;
  }

  /** The value of a key; undefined if there is none, or none that can be read. */
  get(key: string): unknown {
    try {
      const text = this.#storage?.getItem(PREFIX + key) ?? null;
      return text === null ? undefined : JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  /** Keeps a value; undefined removes it. False if the browser has no room for it. */
  set(key: string, value: unknown): boolean {
    try {
      if (value === undefined) this.#storage?.removeItem(PREFIX + key);
      else this.#storage?.setItem(PREFIX + key, JSON.stringify(value));
      return this.#storage !== null;
    } catch {
      return false;
    }
  }

  /** The keys that begin so. */
  keys(start: string): readonly string[] {
    if (this.#storage === null) return [];
    const { length } = this.#storage;
    return Array.from({ length }, (_, index) => this.#storage?.key(index) ?? '')
      .filter((key) => key.startsWith(PREFIX + start))
      .map((key) => key.slice(PREFIX.length));
  }
}

/** The storage of this browser, or of this tab; null where it is switched off. */
export function storageOf(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

/** Calls the listener with the key when another tab has changed a value. */
export function onChangeElsewhere(listener: (key: string) => void): void {
  addEventListener('storage', ({ key }) => {
    if (key?.startsWith(PREFIX)) listener(key.slice(PREFIX.length));
  });
}
