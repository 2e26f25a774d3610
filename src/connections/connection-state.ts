const ORDER = ['open', 'half-closed', 'leaving', 'stopping', 'unreadable', 'ending', 'closed'] as const;

/**
 * How far a connection is on the way to its end. The state only moves forward in this order. Until
 * `ending`, requests that were taken are still answered.
 */
export class ConnectionState {
  /** Whether the client left on purpose. */
  hasLeft = false;
  /** Why nothing more can be decoded, in the state `unreadable`. */
  reason = '';
  #type: (typeof ORDER)[number] = 'open';

  get type(): (typeof ORDER)[number] {
    return this.#type;
  }

  get isEnding(): boolean {
    return this.#type === 'ending' || this.#type === 'closed';
  }

  enter(type: (typeof ORDER)[number], reason = ''): void {
    if (ORDER.indexOf(type) <= ORDER.indexOf(this.#type)) return;
    this.hasLeft ||= type === 'leaving';
    this.#type = type;
    this.reason = reason;
  }
}
