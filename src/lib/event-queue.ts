type Waiting<T> = {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: Error) => void;
};

/**
 * Carries values to one reader who takes them in his own time. Of more than `limit` unread ones the oldest make room,
 * and what `missed` makes of their number is read in their place.
 */
export class EventQueue<T> implements AsyncIterable<T> {
  readonly #limit: number;
  readonly #missed: (count: number) => T;
  readonly #unread: T[] = [];
  readonly #waiting: Waiting<T>[] = [];
  #lost = 0;
  #end: { error: Error | null } | null = null;

  constructor(limit: number, missed: (count: number) => T) {
    this.#limit = limit;
    this.#missed = missed;
  }

  /** Gives a value to the reader; ignored after the end. */
  push(value: T): void {
    if (this.#end !== null) return;
    const reader = this.#waiting.shift();
    if (reader !== undefined) return reader.resolve({ done: false, value });
    this.#unread.push(value);
    if (this.#unread.length <= this.#limit) return;
    this.#unread.shift();
    this.#lost++;
  }

  /** Ends the feed: what is unread can still be read, then an error, if there is one, is thrown once. */
  end(error: Error | null): void {
    if (this.#end !== null) return;
    this.#end = { error };
    for (const reader of this.#waiting.splice(0)) void this.#next().then(reader.resolve, reader.reject);
  }

  /** All readers share the values: each is read once. Leaving a loop leaves the rest to the next one. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.#next() };
  }

  #next(): Promise<IteratorResult<T, undefined>> {
    if (this.#lost > 0) {
      const value = this.#missed(this.#lost);
      this.#lost = 0;
      return Promise.resolve({ done: false, value });
    }
    if (this.#unread.length > 0) return Promise.resolve({ done: false, value: this.#unread.shift() as T });
    if (this.#end === null) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    const { error } = this.#end;
    this.#end.error = null;
    return error === null ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
  }
}
