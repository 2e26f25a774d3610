import { Condition } from '../../testing/condition.ts';
import type { ShownMessage } from './chaos-client.ts';

/** What a client was shown on each of its connections. */
export class ShownLog {
  readonly changed = new Condition();
  readonly connections: ShownMessage[][] = [[]];
  #error: Error | null = null;

  add(message: ShownMessage): void {
    this.connections.at(-1)?.push(message);
    this.changed.notify();
  }

  /** A new connection begins. */
  next(): void {
    this.connections.push([]);
  }

  /** Everybody who waits, now or later, is told. */
  fail(error: Error): void {
    this.#error ??= error;
    this.changed.notify();
  }

  sees(text: string): Promise<void> {
    return this.until(() => this.connections.some((messages) => messages.some((message) => message.text === text)));
  }

  /** Resolves once this is true; rejects once the client has failed. */
  async until(isSo: () => boolean): Promise<void> {
    await this.changed.until(() => this.#error !== null || isSo());
    if (this.#error !== null) throw this.#error;
  }
}
