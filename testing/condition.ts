/** A condition variable: lets a test wait until something is true. A test that waits in vain times out. */
export class Condition {
  #checks: (() => void)[] = [];

  /** Call it after every change. */
  notify(): void {
    for (const check of this.#checks) check();
  }

  until(isTrue: () => boolean): Promise<void> {
    return new Promise((done) => {
      const check = () => {
        if (!isTrue()) return;
        this.#checks = this.#checks.filter((other) => other !== check);
        done();
      };
      this.#checks.push(check);
      check();
    });
  }
}

/** Waits so many event-loop turns that bytes on loopback have arrived. For events that must not come, or that a test cannot see. */
export async function waitForIo(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
}
