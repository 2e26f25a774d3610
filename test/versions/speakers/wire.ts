import type { TestApp } from '../../../testing/app.ts';

/** A connection in memory: what is sent is served before the answer is read. */
export class Wire {
  readonly #app: TestApp;
  readonly #peer: ReturnType<TestApp['connect']>['peer'];

  constructor(app: TestApp, protocol: string) {
    this.#app = app;
    this.#peer = app.connect(protocol).peer;
  }

  get isClosed(): boolean {
    return this.#peer.isClosed;
  }

  /** Sends bytes and returns all that came since the last call. */
  async exchange(bytes: Uint8Array): Promise<Uint8Array> {
    this.#peer.send(bytes);
    await this.#app.settle();
    return this.#peer.take();
  }

  /** The same with a line, and lines. */
  async lines(line: string): Promise<readonly string[]> {
    const bytes = await this.exchange(new TextEncoder().encode(`${line}\n`));
    return new TextDecoder().decode(bytes).split('\n').slice(0, -1);
  }

  async drop(): Promise<void> {
    this.#peer.close();
    await this.#app.settle();
  }
}
