import type { Message } from '../../core/model/message.ts';
import type { Person } from '../../core/model/person.ts';
import type { CloseKind } from '../../transports/link.ts';
import type { SubscriptionOptions } from './session-api.ts';

/** What a session needs of the connection it is on. */
export interface ConnectionControl {
  /** Whether the link is gone. */
  readonly isClosed: boolean;
  /** Holds requests back until the returned function is called; what is given to it runs before the next request. */
  hold(): (then: () => void) => void;
  /** Runs once all earlier requests are answered, unless the connection ends before. */
  whenAnswered(run: () => void): void;
  loggedIn(person: Person): void;
  /** The person left, and the connection stays; false if it is ending. */
  loggedOut(person: Person): boolean;
  /** The author sent this message on this connection, or changed it. */
  sent(message: Message): void;
  subscribe(options: SubscriptionOptions): void;
  /** Ends the connection on purpose, once all requests are answered. */
  leave(): void;
  pinged(): void;
  end(kind: CloseKind, reason: string): void;
}
