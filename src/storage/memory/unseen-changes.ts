import type { StreamId } from '../../core/model/ids.ts';
import type { StreamPosition } from '../../core/ports.ts';

/** The most streams that are noted: a node that does not ask is not remembered for. */
export const UNSEEN_LIMIT = 10_000;

/** The streams that other nodes wrote to since this node asked. */
export class UnseenChanges {
  /** Null when there were too many. */
  #positions: Map<StreamId, number> | null = new Map();

  /** Another node has written to these streams. */
  note(heads: ReadonlyMap<StreamId, number>): void {
    for (const [stream, head] of heads) this.#positions?.set(stream, head);
    if (this.#positions !== null && this.#positions.size > UNSEEN_LIMIT) this.#positions = null; // STORE-176
  }

  /** Each stream once, with its last position; null if there were too many. It begins anew then. */
  take(): readonly StreamPosition[] | null {
    const positions = this.#positions;
    this.#positions = new Map();
    return positions && [...positions];
  }
}
