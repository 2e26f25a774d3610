import type { Departure, Person } from '../core/events.ts';

/** What the rest of the house sees of a connection, whatever its wire. */
export interface Connection {
  readonly person: Person | null;
  /** The person bears another name from now on. */
  renamed(person: Person): void;
  /** The person has left the world: the link ends. */
  departed(departure: Departure): void;
  /** Calls at the next sign of life; at once where the link cannot be asked. */
  probe(alive: () => void): void;
  /** Answers what was begun, refuses the rest, and ends; `done` when the link is gone. */
  stop(done: () => void): void;
}
