type PendingRead<T> = {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: Error) => void;
};

/**
 * A queue of values that are read with `for await`. It keeps at most `limit` unread values: over that it drops the oldest,
 * and the next read gives `missed(how many)` in their place.
 */
export class EventQueue<T> implements AsyncIterable<T> {
  readonly #limit: number;
  readonly #missed: (count: number) => T;
  readonly #unread: T[] = [];
  readonly #reads: PendingRead<T>[] = [];
  #dropped = 0;
  #end: { error: Error | null } | null = null;

  constructor(limit: number, missed: (count: number) => T) {
    this.#limit = limit;
    this.#missed = missed;
  }

  /** Adds a value; ignored after the end. */
  push(value: T): void {
    if (this.#end !== null) return;
    const read = this.#reads.shift();
    if (read !== undefined) return read.resolve({ done: false, value });
    this.#unread.push(value);
    if (this.#unread.length <= this.#limit) return;
    this.#unread.shift();
    this.#dropped++;
  }

  /** Ends the queue. Unread values can still be read; then the error, if there is one, is thrown once. */
  end(error: Error | null): void {
    if (this.#end !== null) return;
    this.#end = { error };
    for (const read of this.#reads.splice(0)) void this.#next().then(read.resolve, read.reject);
  }

  /** All iterators share the values: each value is read once. Leaving a loop keeps the rest for the next one. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.#next() };
  }

  #next(): Promise<IteratorResult<T, undefined>> {
    if (this.#dropped > 0) {
      const value = this.#missed(this.#dropped);
      this.#dropped = 0;
      return Promise.resolve({ done: false, value });
    }
    if (this.#unread.length > 0) return Promise.resolve({ done: false, value: this.#unread.shift() as T });
    if (this.#end === null) return new Promise((resolve, reject) => this.#reads.push({ resolve, reject }));
    const { error } = this.#end;
    this.#end.error = null;
    return error === null ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
  }
}
