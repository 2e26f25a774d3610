import type { Event } from '../core/model/events.ts';
import type { PersonId } from '../core/model/ids.ts';
import type { Message } from '../core/model/message.ts';
import type { Conversation } from '../core/model/conversation.ts';
import { concat } from '../lib/bytes.ts';
import type { Link } from '../transports/link.ts';
import type { Encoding, ProtocolAdapter } from './protocol-adapter.ts';

/** One way of putting events into bytes; connections with equal keys take the very same bytes. */
export type Variant = {
  readonly key: string;
  /** Whether people are shown their own moves. */
  readonly showsOwnMoves: boolean;
  /** Whether edits and deletions are lines of their own, for those alone who saw the original. */
  readonly showsChangesAsMessages: boolean;
  /** Framed bytes; null if this wire does not show the event. */
  event(event: Event): Uint8Array | null;
  message(message: Message, conversation: Conversation): Uint8Array | null;
};

/** The variant of a wire, in a form of it, on a link; `viewer` is whose it is in a conversation of two, and null where all see the same. */
export function variantOf<In, Out>(
  adapter: ProtocolAdapter<In, Out>,
  link: Link,
  encoding: Encoding,
  viewer: PersonId | null,
): Variant {
  return new AdapterVariant(adapter, link, encoding, viewer);
}

/** A class, since every connection has one: functions made for each would take several times the memory. */
class AdapterVariant<In, Out> implements Variant {
  readonly key: string;
  readonly #adapter: ProtocolAdapter<In, Out>;
  readonly #link: Link;
  readonly #encoding: Encoding;
  readonly #viewer: PersonId | null;

  constructor(adapter: ProtocolAdapter<In, Out>, link: Link, encoding: Encoding, viewer: PersonId | null) {
    const shared = `${adapter.name}/${link.kind}/${link.framing}/${encoding}`;
    this.key = viewer === null ? shared : `${shared}/${viewer}`;
    this.#adapter = adapter;
    this.#link = link;
    this.#encoding = encoding;
    this.#viewer = viewer;
  }

  get showsOwnMoves(): boolean {
    return this.#adapter.showsOwnMoves;
  }

  get showsChangesAsMessages(): boolean {
    return this.#adapter.showsChangesAsMessages;
  }

  event(event: Event): Uint8Array | null {
    return this.#bytes(this.#adapter.render(event, this.#viewer));
  }

  message(message: Message, conversation: Conversation): Uint8Array | null {
    return this.#bytes(this.#adapter.renderHistory(message, conversation, this.#viewer));
  }

  #bytes(message: Out | readonly Out[] | null): Uint8Array | null {
    return message === null ? null : encodeFramed(this.#adapter, this.#link, this.#encoding, message);
  }
}

/** The bytes of a message, or of several one behind the other, as they go over the link. */
export function encodeFramed<Out>(
  adapter: Pick<ProtocolAdapter<never, Out>, 'encode'>,
  link: Link,
  encoding: Encoding,
  message: Out | readonly Out[],
): Uint8Array {
  const bytes = (one: Out) => link.frame(adapter.encode(one, link.framing, encoding));
  return isList(message) ? concat(message.map(bytes)) : bytes(message);
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
