import type { Event } from '../core/model/events.ts';
import type { Departure, Person } from '../core/model/person.ts';
import type { PersonId } from '../core/model/ids.ts';
import type { Message } from '../core/model/message.ts';
import type { Conversation } from '../core/model/conversation.ts';
import type { Refusal } from '../core/model/refusals.ts';
import type { Link } from '../transports/link.ts';
import type { RosterUpdate, SessionApi } from './session/session-api.ts';

export type Framing = Link['framing'];

/** In which of its two forms a wire is spoken on a connection; most wires have one, `plain`. */
export type Encoding = 'plain' | 'wrapped';

/** What a decoder makes of bytes: a message, or what is wrong with it (`fatal`: the stream cannot be read on). */
export type Decoded<In> =
  | { readonly ok: true; readonly message: In }
  | { readonly ok: false; readonly reason: string; readonly fatal: boolean };

/** Turns bytes into messages; keeps what is incomplete, never more than its limit. */
export interface Decoder<In> {
  /** In which form the peer speaks, as far as it has been read: it is answered in the same. */
  readonly encoding: Encoding;
  push(bytes: Uint8Array): Iterable<Decoded<In>>;
}

/** One connection's side of the conversation: it takes requests, and says what answers them. */
export interface ProtocolSession<In, Out> {
  /**
   * Handles one request: calls `answer` exactly once, now or later, or never where the link is lost meanwhile; with `null`
   * where the wire has no answer to it, a list where it has several.
   */
  receive(message: In, answer: (message: Out | readonly Out[] | null) => void): void;
}

/** What a protocol gives, so that connections can carry it without knowing it. `In` comes up, `Out` goes down. */
export interface ProtocolAdapter<In, Out> {
  readonly name: string;
  decoder(framing: Framing): Decoder<In>;
  /** The bytes of one message; in a stream with what separates it from the next. */
  encode(message: Out, framing: Framing, encoding: Encoding): Uint8Array;
  /** Whether people are shown, on their own connections, that they entered or bear another name. */
  readonly showsOwnMoves: boolean;
  /** Whether an edit or a deletion is a line of its own here, which only those are to see who saw the original. */
  readonly showsChangesAsMessages: boolean;
  /**
   * What an event looks like on this wire, which may be several messages; `null` if it is not shown. Never asks for more
   * than the event. `viewer` is who looks at a conversation of two, and `null` elsewhere, where all see the same.
   */
  render(event: Event, viewer: PersonId | null): Out | readonly Out[] | null;
  /** The last words to whoever leaves or is sent away; `null` where there are none. */
  renderFarewell(person: Person, departure: Departure): Out | null;
  /** A message of the history, or one that waited, as it stands. */
  renderHistory(message: Message, conversation: Conversation, viewer: PersonId | null): Out | null;
  renderRosterUpdate(notice: RosterUpdate): Out | null;
  /** The error for what is refused before its session sees it; the request is null where it could not be read. */
  refuse(refusal: Refusal, request: In | null): Out;
  /** The error for bytes that could not be read. */
  refuseBytes(reason: string): Out;
  openSession(peer: SessionApi): ProtocolSession<In, Out>;
}
