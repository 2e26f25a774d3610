/** Lets a test wait for something to become true, looked at whenever something happened; a test that waits in vain times out. */
export class Condition {
  #waiters: (() => void)[] = [];

  /** To be called after everything that may change what is waited for. */
  notify(): void {
    for (const look of this.#waiters) look();
  }

  until(isSo: () => boolean): Promise<void> {
    return new Promise((done) => {
      const look = () => {
        if (!isSo()) return;
        this.#waiters = this.#waiters.filter((other) => other !== look);
        done();
      };
      this.#waiters.push(look);
      look();
    });
  }
}

/** So many turns of the event loop that what is under way on loopback has arrived. For what must not happen, or need not be seen. */
export async function waitForIo(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
}
