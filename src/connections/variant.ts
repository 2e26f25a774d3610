import type { Event } from '../core/events.ts';
import type { Message } from '../core/message.ts';
import type { Link } from '../transports/link.ts';
import type { Wire } from './wire.ts';

/** One way of putting events into bytes; connections with equal keys take the very same bytes. */
export type Variant = {
  readonly key: string;
  /** Framed bytes; null if this wire does not show the event. */
  event(event: Event): Uint8Array | null;
  message(message: Message): Uint8Array;
};

/** The variant of a wire on a link. */
export function variantOf<In, Out>(wire: Wire<In, Out>, link: Link): Variant {
  const bytes = (message: Out) => link.frame(wire.encode(message, link.framing));
  return {
    key: `${wire.name}/${link.kind}/${link.framing}`,
    event: (event) => {
      const message = wire.render(event);
      return message === null ? null : bytes(message);
    },
    message: (message) => bytes(wire.renderHistory(message)),
  };
}
