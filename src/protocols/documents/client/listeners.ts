/** Functions of the application that are told of something. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  /** Adds one; returns what takes it away again. */
  add(listener: (value: T) => void): () => void {
    const own = (value: T) => listener(value);
    this.#all.add(own);
    return () => this.#all.delete(own);
  }

  /** Tells all that are there now. One that throws keeps nobody else from hearing it; its error is reported as uncaught. */
  tell(value: T): void {
    const listeners = [...this.#all];
    for (const listener of listeners) {
      try {
        if (this.#all.has(listener)) listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.#all.clear();
  }
}
