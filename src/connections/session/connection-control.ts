import type { RoomId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { Person } from '../../core/model/person.ts';
import type { CloseKind } from '../../transports/link.ts';
import type { SubscriptionOptions } from './session-api.ts';

/** What a client session asks of its connection. */
export interface ConnectionControl {
  /** Whether the link is closed. */
  readonly isClosed: boolean;
  /** Holds back later requests until the returned function is called, which runs `then` and takes the next request. */
  hold(): (then: () => void) => void;
  /** Calls `run` once all requests before the current one are answered, unless the connection ends first. */
  whenAnswered(run: () => void): void;
  loggedIn(person: Person): void;
  /** The person left, and the connection stays for another login; false if it is ending. */
  loggedOut(person: Person): boolean;
  /** The person sent or changed this message on this connection. */
  sent(message: Message): void;
  subscribe(options: SubscriptionOptions): void;
  /** What the connection delivers; null while it delivers nothing. */
  readonly subscriptions: { fetched(room: RoomId, first: number, last: number): void } | null;
  /** Ends the connection on purpose, once all requests are answered. */
  leave(): void;
  pinged(): void;
  end(kind: CloseKind, reason: string): void;
}
