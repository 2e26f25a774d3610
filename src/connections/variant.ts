import type { Conversation } from '../core/model/conversation.ts';
import type { Event } from '../core/model/events.ts';
import type { PersonId } from '../core/model/ids.ts';
import type { ShownMessage } from '../core/model/message.ts';
import { quoting, quotingEvent } from './quoting.ts';
import { concat } from '../lib/bytes.ts';
import type { Link } from '../transports/link.ts';
import type { Encoding, ProtocolAdapter } from './protocol-adapter.ts';

/** One way to turn events into bytes. Connections whose variants have equal keys are sent the same bytes. */
export type Variant = {
  readonly key: string;
  /** Whether people are shown that they themselves entered or were renamed. */
  readonly showsOwnMoves: boolean;
  /** Whether edits and deletions are messages of their own, only for connections that delivered the original. */
  readonly showsChangesAsMessages: boolean;
  /** The event's framed bytes; null if the protocol does not show it. */
  event(event: Event): Uint8Array | null;
  message(message: ShownMessage, conversation: Conversation): Uint8Array | null;
};

/** The variant for a link. `viewer` is the person who sees a direct, and null for other rooms, where all see the same. */
export function variantOf<In, Out>(
  adapter: ProtocolAdapter<In, Out>,
  link: Link,
  encoding: Encoding,
  viewer: PersonId | null,
): Variant {
  return new AdapterVariant(adapter, link, encoding, viewer);
}

/** A class, because every connection has one, and closures would take several times the memory. */
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
    return this.#bytes(this.#adapter.render(quotingEvent(event, this.showsChangesAsMessages), this.#viewer));
  }

  message(message: ShownMessage, conversation: Conversation): Uint8Array | null {
    return this.#bytes(this.#adapter.renderHistory(quoting(message), conversation, this.#viewer)); // CONN-127
  }

  #bytes(message: Out | readonly Out[] | null): Uint8Array | null {
    return message === null ? null : encodeFramed(this.#adapter, this.#link, this.#encoding, message);
  }
}

/** The framed bytes of one message, or of several joined. */
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
