import type { Decide } from '../engine/decide.ts';
import type { OnceOnly } from '../engine/queue.ts';
import type { StreamId } from '../model/ids.ts';
import { type Done, ServiceContext } from './context.ts';

/** The context for services that run one command which may be sent again: its result is kept in the same commit (WORLD-210). */
export class OnceContext extends ServiceContext {
  readonly #once: OnceOnly;

  constructor(base: ServiceContext, once: OnceOnly) {
    super(base, base.cache, base.processor, base.cluster);
    this.lobby = base.lobby;
    this.#once = once;
  }

  override submit<T>(streams: readonly StreamId[], decide: Decide<T>, done: Done<T>): void {
    super.submit(streams, decide, done, this.#once); // WORLD-210
  }
}
