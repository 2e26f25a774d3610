import type { Version } from '../schema.ts';
import type { DocumentsError } from './error.ts';
import { Listeners } from './listeners.ts';

/** What a live value is at one moment. It never changes; unchanged parts of the next one are the same objects. */
export type Snapshot<T> = {
  /** Undefined until it is loaded, and while the server refuses it. */
  readonly value: T | undefined;
  /** Why there is no value; null while there is one, or none yet. */
  readonly error: DocumentsError | null;
  readonly version: Version | null;
};

const NOTHING: Snapshot<never> = { value: undefined, error: null, version: null };

/** Where live values come from: the present snapshot and those who listen. */
export class LiveSource<T> {
  #snapshot: Snapshot<T> = NOTHING;
  readonly #listeners = new Listeners<void>();
  /** Why it ended, or null for no special reason; undefined before. */
  #end: DocumentsError | null | undefined;

  get snapshot(): Snapshot<T> {
    return this.#snapshot;
  }

  get end(): DocumentsError | null | undefined {
    return this.#end;
  }

  /** Takes the next snapshot, and tells listeners if the value or the error is another one. */
  set(next: Snapshot<T>): void {
    const before = this.#snapshot;
    this.#snapshot = next;
    if (next.value !== before.value || next.error !== before.error) this.#listeners.tell();
  }

  /** The value stays what it is. */
  finish(error: DocumentsError | null = null): void {
    this.#end = error;
    this.#listeners.tell();
    this.#listeners.clear();
  }

  /** Calls the listener after each change, until the returned function is called. */
  listen(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }
}

/**
 * A value that keeps itself fresh. `value` is the present one; read it after each change that `subscribe` tells of, or iterate
 * over the values. Iterating skips values that a newer one has replaced meanwhile, and ends with `close`.
 */
export class LiveValue<T> implements AsyncIterable<T> {
  readonly #source: LiveSource<T>;
  readonly #release: () => void;
  /** What to do when this is closed. */
  readonly #ends = new Set<() => void>();
  #isClosed = false;

  /** `release` is called when this is closed. */
  constructor(source: LiveSource<T>, release: () => void = () => {}) {
    this.#source = source;
    this.#release = release;
  }

  /** Undefined until it is loaded, and while the server refuses it: `error` says why. */
  get value(): T | undefined {
    return this.#source.snapshot.value;
  }

  /** Why the server refuses it; null if it does not. */
  get error(): DocumentsError | null {
    return this.#source.snapshot.error;
  }

  /** The version of the value, for a change that must not overwrite another one. */
  get version(): Version | null {
    return this.#source.snapshot.version;
  }

  /** Calls the listener after each change of `value` or `error`, until the returned function is called or this is closed. */
  subscribe(listener: (live: this) => void): () => void {
    if (this.#isClosed) return () => {};
    return this.#untilClosed(this.#source.listen(() => listener(this)));
  }

  /** Ends listeners and iterations. When all who watch the same have closed, the server is told so. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const end of this.#ends) end();
    this.#release();
  }

  /** The present value, if there is one, and then the newest one each time. Throws when the server has refused the person. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, undefined> {
    let shown: T | undefined;
    while (!this.#isClosed) {
      const { value } = this.#source.snapshot;
      const { end } = this.#source;
      if (value !== undefined && value !== shown) {
        shown = value;
        yield value; // DOC-190
      } else if (end === undefined) await this.#nextChange();
      else if (end === null) return;
      else throw end;
    }
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const end = this.#untilClosed(() => {
        stop();
        resolve();
      });
      const stop = this.#source.listen(() => end());
    });
  }

  /** Calls `end` once: when the returned function is called, or when this is closed. */
  #untilClosed(end: () => void): () => void {
    const once = () => {
      if (this.#ends.delete(once)) end();
    };
    this.#ends.add(once);
    return once;
  }
}
