/** Lets a test wait for something to become true, looked at whenever something happened; a test that waits in vain times out. */
export class Waiting {
  #waiters: (() => void)[] = [];

  /** To be called after everything that may change what is waited for. */
  happened(): void {
    for (const look of [...this.#waiters]) look();
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
