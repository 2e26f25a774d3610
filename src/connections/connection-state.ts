import type { CloseKind } from '../transports/link.ts';

const ORDER = ['open', 'half-closed', 'leaving', 'stopping', 'finished', 'ending', 'closed'] as const;

/**
 * How far a connection is on the way to its end. The state only moves forward in this order. Until
 * `ending`, requests that were taken are still answered.
 */
export class ConnectionState {
  /** Whether the client left on purpose. */
  hasLeft = false;
  /** How the link ends once everything is answered, in the state `finished`, in which nothing more is read. */
  kind: CloseKind = 'broken';
  reason = '';
  #type: (typeof ORDER)[number] = 'open';

  get type(): (typeof ORDER)[number] {
    return this.#type;
  }

  get isEnding(): boolean {
    return this.#type === 'ending' || this.#type === 'closed';
  }

  /** Nothing more is read; the link ends once everything is answered. */
  finish(kind: CloseKind, reason: string): void {
    if (this.#type === 'finished' || this.isEnding) return;
    this.enter('finished');
    this.kind = kind;
    this.reason = reason;
  }

  enter(type: (typeof ORDER)[number]): void {
    if (ORDER.indexOf(type) <= ORDER.indexOf(this.#type)) return;
    this.hasLeft ||= type === 'leaving';
    this.#type = type;
  }
}
