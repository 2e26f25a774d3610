import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { ChatSession } from './session.ts';

/** What is to be said of the connection. */
export type ConnectionStatus =
  /** There is a connection, and nothing to say. */
  | { readonly type: 'good' }
  /** The device has no network. */
  | { readonly type: 'no-network' }
  /** The server said that it stops, perhaps to start again. */
  | { readonly type: 'stopped' }
  | { readonly type: 'lost' }
  /** There is a connection again, for a moment. */
  | { readonly type: 'back' }
  /** Sending takes a while. */
  | { readonly type: 'sending' };

/** Shorter interruptions are not worth a word. */
const GRACE_MS = 1_000;
const BACK_MS = 3_000;
const STOPPING = /\bstopping$/;

/** Says how the connection is, without blinking: what is short is not said, and what is said stays for a while. */
export class ConnectionWatch {
  readonly #session: ChatSession;
  readonly #isOnline = signal(navigator.onLine);
  readonly #isLong = signal(false);
  readonly #isBack = signal(false);
  readonly #isSlow = signal(false);
  readonly #hasStopped = signal(false);
  readonly #ending = new AbortController();
  readonly #stops: readonly (() => void)[];
  readonly status: ReadonlySignal<ConnectionStatus> = computed(() => this.#status());
  /** How many messages wait for the connection, or for their answer. */
  readonly unsent = computed(() => this.#count('waiting', 'sending'));
  /** How many messages the person has to decide about. */
  readonly stuck = computed(() => this.#count('unknown', 'refused'));

  constructor(session: ChatSession) {
    this.#session = session;
    const { signal: ended } = this.#ending;
    const update = () => {
      this.#isOnline.value = navigator.onLine;
    };
    addEventListener('online', update, { signal: ended });
    addEventListener('offline', update, { signal: ended });
    const isLost = computed(() => session.connection.value?.type === 'offline');
    const isSending = computed(() => !isLost.value && this.unsent.value > 0);
    this.#stops = [
      effect(() => {
        const state = session.connection.value;
        if (state?.type === 'connected') this.#hasStopped.value = false;
        if (state?.type === 'offline' && STOPPING.test(state.reason)) this.#hasStopped.value = true;
      }),
      effect(() => {
        if (isLost.value) {
          this.#isBack.value = false;
          return afterwards(GRACE_MS, () => (this.#isLong.value = true));
        }
        if (!this.#isLong.peek()) return;
        this.#isLong.value = false;
        this.#isBack.value = true;
        return afterwards(BACK_MS, () => (this.#isBack.value = false));
      }),
      effect(() => {
        this.#isSlow.value = false;
        return isSending.value ? afterwards(GRACE_MS, () => (this.#isSlow.value = true)) : undefined;
      }),
    ];
  }

  close(): void {
    this.#ending.abort();
    for (const stop of this.#stops) stop();
  }

  #status(): ConnectionStatus {
    const state = this.#session.connection.value;
    if (state?.type === 'offline' && this.#isLong.value) {
      if (!this.#isOnline.value) return { type: 'no-network' };
      return { type: this.#hasStopped.value ? 'stopped' : 'lost' };
    }
    if (this.#isBack.value) return { type: 'back' };
    return { type: this.#isSlow.value ? 'sending' : 'good' };
  }

  #count(...states: readonly string[]): number {
    return this.#session.outbox.value.filter(({ state }) => states.includes(state)).length;
  }
}

function afterwards(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}
