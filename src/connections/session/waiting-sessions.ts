import type { Carried } from './connection-control.ts';

/** The sessions in memory that wait may weigh so much: 1 each, and 1 for each document that they watch. */
const MOST = 200_000;

/** The sessions of this process that wait for their clients, the one that waits longest first. */
export class WaitingSessions {
  readonly #weights = new Map<Carried, number>();
  #weight = 0;

  /** Beyond the limit those that wait longest leave memory; storage still knows those of accounts. */
  add(session: Carried): void {
    const weight = 1 + session.login.watches;
    this.#weights.set(session, weight);
    this.#weight += weight;
    for (const longest of this.#weights.keys()) {
      if (this.#weight <= MOST || longest === session) break;
      longest.login.forget(); // CONN-132
    }
  }

  delete(session: Carried): void {
    this.#weight -= this.#weights.get(session) ?? 0;
    this.#weights.delete(session);
  }

  /** Ends all timers. */
  stop(): void {
    for (const { login } of this.#weights.keys()) login.release();
  }
}
