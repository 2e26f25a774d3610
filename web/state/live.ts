import { type ReadonlySignal, signal } from '@preact/signals';
import type { DocumentsError, LiveValue } from '../../src/protocols/documents/client.ts';

/** A live value of the client as signals, until it is closed. */
export class Live<T> {
  readonly #live: LiveValue<T>;
  readonly #value = signal<T | undefined>(undefined);
  readonly #error = signal<DocumentsError | null>(null);

  constructor(live: LiveValue<T>) {
    this.#live = live;
    this.#update();
    live.subscribe(() => this.#update());
  }

  /** Undefined until it is loaded, and while the server refuses it. */
  get value(): ReadonlySignal<T | undefined> {
    return this.#value;
  }

  get error(): ReadonlySignal<DocumentsError | null> {
    return this.#error;
  }

  close(): void {
    this.#live.close();
  }

  #update(): void {
    this.#value.value = this.#live.value;
    this.#error.value = this.#live.error;
  }
}
