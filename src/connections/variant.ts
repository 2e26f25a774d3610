import type { Event } from '../core/events.ts';
import type { PersonId } from '../core/ids.ts';
import type { Message } from '../core/message.ts';
import type { Place } from '../core/place.ts';
import type { Link } from '../transports/link.ts';
import type { Wire } from './wire.ts';

/** One way of putting events into bytes; connections with equal keys take the very same bytes. */
export type Variant = {
  readonly key: string;
  /** Whether edits and deletions are lines of their own, for those alone who saw the original. */
  readonly changesAreLines: boolean;
  /** Framed bytes; null if this wire does not show the event. */
  event(event: Event): Uint8Array | null;
  message(message: Message, place: Place): Uint8Array | null;
};

/** The variant of a wire on a link; `viewer` is whose it is in a conversation of two, and null where all see the same. */
export function variantOf<In, Out>(wire: Wire<In, Out>, link: Link, viewer: PersonId | null): Variant {
  const bytes = (message: Out | null) => message && link.frame(wire.encode(message, link.framing));
  const shared = `${wire.name}/${link.kind}/${link.framing}`;
  return {
    key: viewer === null ? shared : `${shared}/${viewer}`,
    changesAreLines: wire.changesAreLines,
    event: (event) => bytes(wire.render(event, viewer)),
    message: (message, place) => bytes(wire.renderHistory(message, place, viewer)),
  };
}
