import type { RoomId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { Departure, Person } from '../../core/model/person.ts';
import type { SessionRow } from '../../core/model/session.ts';
import type { PresenceSession } from '../../core/presence/local-sessions.ts';
import type { CloseKind, Link } from '../../transports/link.ts';
import type { Receiver } from '../delivery/cursor.ts';
import type { SubscriptionOptions } from './session-api.ts';

/** One login, as what carries it, lets it wait or finds it again needs it. `ClientSession` implements it. */
export interface Login {
  readonly person: Person | null;
  presenceSession: PresenceSession | null;
  /** The digest of the secret that names the session; null if it has no name. */
  digest: string | null;
  /** The position of the entry that set the password on which the login rests; null for guests. */
  readonly passwordPosition: number | null;
  /** The digest of the token on which the login rests; null without one. */
  readonly token: string | null;
  /** Another connection carries the session, or it waits for one. */
  attach(control: ConnectionControl, client: Pick<Link, 'address' | 'secure'>): void;
  /** What carries the session, does so no more. */
  release(): void;
  /** Takes the place of a session that only storage knew. */
  restore(stored: SessionRow, person: Person): void;
  credentialsRevoked(digest: string | null): void;
  /** How many documents the session watches. */
  readonly watches: number;
  /** The session leaves memory; storage still knows it. */
  forget(): void;
  /** The session is over: the person leaves the world, if one is logged in. */
  end(departure: Departure): void;
}

/** The sessions of one client, which a connection carries: the login, and how its protocol goes on with it. */
export interface Carried {
  readonly protocolName: string;
  readonly login: Login;
  /** Whether no connection carries the session. */
  readonly isWaiting: boolean;
  /** The connection is lost, and the session begins to wait. */
  lost(): void;
  /** A connection carries the session again. `stored` are the documents of one that only storage knew, else null. */
  resumed(stored: readonly string[] | null): void;
}

/** The session that a connection carries. */
export interface CarriedSessions {
  readonly carried: Carried;
  /** Carries this session of the same protocol in place of a new one. */
  adopt(session: Carried): void;
}

/** What a client session asks of the connection that carries it, or of what stands in for one while the session waits. */
export interface ConnectionControl {
  /** Whether the link is closed. */
  readonly isClosed: boolean;
  readonly sessions: CarriedSessions;
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
  readonly subscriptions: {
    /** The client was sent these messages of a room because it asked for them. */
    fetched(room: RoomId, first: number, last: number): void;
    receiverOf(direct: boolean): Receiver;
  } | null;
  /** Ends the connection on purpose, once all requests are answered. */
  leave(): void;
  pinged(): void;
  end(kind: CloseKind, reason: string): void;
  /** Another connection takes the session over, or it has ended: carries it no more. */
  release(): void;
}
