import type { Event } from '../core/events.ts';
import type { PersonId } from '../core/ids.ts';
import type { Message } from '../core/message.ts';
import type { Place } from '../core/place.ts';
import { concat } from '../lib/bytes.ts';
import type { Link } from '../transports/link.ts';
import type { Form, Wire } from './wire.ts';

/** One way of putting events into bytes; connections with equal keys take the very same bytes. */
export type Variant = {
  readonly key: string;
  /** Whether people are shown their own moves. */
  readonly ownMoves: boolean;
  /** Whether edits and deletions are lines of their own, for those alone who saw the original. */
  readonly changesAreLines: boolean;
  /** Framed bytes; null if this wire does not show the event. */
  event(event: Event): Uint8Array | null;
  message(message: Message, place: Place): Uint8Array | null;
};

/** The variant of a wire, in a form of it, on a link; `viewer` is whose it is in a conversation of two, and null where all see the same. */
export function variantOf<In, Out>(wire: Wire<In, Out>, link: Link, form: Form, viewer: PersonId | null): Variant {
  return new WireVariant(wire, link, form, viewer);
}

/** A class, since every connection has one: functions made for each would take several times the memory. */
class WireVariant<In, Out> implements Variant {
  readonly key: string;
  readonly #wire: Wire<In, Out>;
  readonly #link: Link;
  readonly #form: Form;
  readonly #viewer: PersonId | null;

  constructor(wire: Wire<In, Out>, link: Link, form: Form, viewer: PersonId | null) {
    const shared = `${wire.name}/${link.kind}/${link.framing}/${form}`;
    this.key = viewer === null ? shared : `${shared}/${viewer}`;
    this.#wire = wire;
    this.#link = link;
    this.#form = form;
    this.#viewer = viewer;
  }

  get ownMoves(): boolean {
    return this.#wire.ownMoves;
  }

  get changesAreLines(): boolean {
    return this.#wire.changesAreLines;
  }

  event(event: Event): Uint8Array | null {
    return this.#bytes(this.#wire.render(event, this.#viewer));
  }

  message(message: Message, place: Place): Uint8Array | null {
    return this.#bytes(this.#wire.renderHistory(message, place, this.#viewer));
  }

  #bytes(message: Out | readonly Out[] | null): Uint8Array | null {
    return message === null ? null : framed(this.#wire, this.#link, this.#form, message);
  }
}

/** The bytes of a message, or of several one behind the other, as they go over the link. */
export function framed<Out>(
  wire: Pick<Wire<never, Out>, 'encode'>,
  link: Link,
  form: Form,
  message: Out | readonly Out[],
): Uint8Array {
  const bytes = (one: Out) => link.frame(wire.encode(one, link.framing, form));
  return isList(message) ? concat(message.map(bytes)) : bytes(message);
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
