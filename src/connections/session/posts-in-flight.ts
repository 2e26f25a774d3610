/** The messages of one session that are being posted, and what waits until others can see them. */
export class PostsInFlight {
  #count = 0;
  /** Null for nothing, to save memory. */
  #waiting: (() => void)[] | null = null;

  /** A message is being posted; the returned function is to be called once its result is known, before it is published. */
  begin(): () => void {
    this.#count += 1;
    return () => queueMicrotask(() => this.#end());
  }

  /** Calls `run` when everything posted so far is published; at once if nothing is in flight. */
  whenPublished(run: () => void): void {
    if (this.#count === 0) run();
    else (this.#waiting ??= []).push(run);
  }

  #end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const run of waiting) run();
  }
}
