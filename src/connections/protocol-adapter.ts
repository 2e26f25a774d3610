import type { Conversation } from '../core/model/conversation.ts';
import type { Event } from '../core/model/events.ts';
import type { PersonId } from '../core/model/ids.ts';
import type { Message } from '../core/model/message.ts';
import type { Departure, Person } from '../core/model/person.ts';
import type { Refusal } from '../core/model/refusals.ts';
import type { Link } from '../transports/link.ts';
import type { Decoded } from './decoded.ts';
import type { RosterUpdate, SessionApi } from './session/session-api.ts';

export type Framing = Link['framing'];

/** The encoding of a connection. Most protocols have only `plain`. */
export type Encoding = 'plain' | 'wrapped';

/** Turns bytes into messages. Keeps the bytes of an incomplete message, never more than its limit. */
export interface Decoder<In> {
  /** The encoding for answers and events, as the bytes so far have decided it. */
  readonly encoding: Encoding;
  push(bytes: Uint8Array): Iterable<Decoded<In>>;
}

/** One client's side of one protocol: receives requests and answers them. */
export interface ProtocolSession<In, Out> {
  /**
   * Handles one request. Calls `answer` exactly once, at once or later; not at all if the link is lost meanwhile. The answer
   * may be several messages, or `null` if the protocol answers nothing.
   */
  receive(message: In, answer: (message: Out | readonly Out[] | null) => void): void;
  /** Only where sessions outlive their connections: the connection is lost, and nothing is to be sent for now. */
  lost?(): void;
  /** A connection carries the session again. `stored` are the documents of a session that only storage knew, else null. */
  resumed?(stored: readonly string[] | null): void;
}

/** What a protocol provides to be carried over connections. Clients send `In`, the server sends `Out`. */
export interface ProtocolAdapter<In, Out> {
  readonly name: string;
  decoder(framing: Framing): Decoder<In>;
  /** Whether a message answers a request of the server, which no limit of requests may keep from it. */
  isConfirmation?(message: In): boolean;
  /** The bytes of one message; in a stream, with the separator from the next one. */
  encode(message: Out, framing: Framing, encoding: Encoding): Uint8Array;
  /** Whether people are shown, on their own connections, that they entered or were renamed. */
  readonly showsOwnMoves: boolean;
  /** Whether edits and deletions are messages of their own, which only clients that were shown the original may see. */
  readonly showsChangesAsMessages: boolean;
  /**
   * Renders an event as one or several messages, or `null` if the protocol does not show it. Uses nothing but the event.
   * `viewer` is the person who sees a direct; `null` in other rooms, where all people see the same.
   */
  render(event: Event, viewer: PersonId | null): Out | readonly Out[] | null;
  /** The last message to a person who leaves or is removed; `null` if there is none. */
  renderFarewell(person: Person, departure: Departure): Out | null;
  /** Renders a message of the history or the backlog as it is now; `null` if the protocol does not show it. */
  renderHistory(message: Message, conversation: Conversation, viewer: PersonId | null): Out | null;
  renderRosterUpdate(update: RosterUpdate): Out | null;
  /** The error for a request that is refused before its session receives it; `request` is null if it could not be decoded. */
  refuse(refusal: Refusal, request: In | null): Out;
  /** The error for bytes that could not be decoded. */
  refuseBytes(reason: string): Out;
  /** `push` sends a message that answers no request; nothing once the connection is ending. */
  openSession(api: SessionApi, push: (message: Out) => void): ProtocolSession<In, Out>;
}
