import type { Event } from '../../core/model/events.ts';
import type { Outbox } from '../output/outbox.ts';
import type { Variant } from '../variant.ts';
import type { Receiver } from './cursor.ts';

/** What a receiver needs of its connection. */
export type ReceiverContext = {
  readonly outbox: Outbox;
  /** Whether an answer waits for an earlier one. */
  readonly replies: { readonly hasWaitingReply: boolean };
  readonly tooSlow: () => void;
  /** Called whenever a cursor has caught up. */
  readonly delivered: () => void;
};

/**
 * What the cursors of one variant deliver to, on one connection. A class, because every delivery uses it, and engines are fast
 * if all objects have one shape.
 */
export class SubscriptionReceiver implements Receiver {
  variant: Variant;
  readonly outbox: Outbox;
  readonly #context: ReceiverContext;
  readonly #replies: ReceiverContext['replies'];
  readonly #hides: (event: Event) => boolean;

  constructor(context: ReceiverContext, variant: Variant, hides: (event: Event) => boolean) {
    this.variant = variant;
    this.outbox = context.outbox;
    this.#context = context;
    this.#replies = context.replies;
    this.#hides = hides;
  }

  get hasWaitingReply(): boolean {
    return this.#replies.hasWaitingReply;
  }

  hides(event: Event): boolean {
    return this.#hides(event);
  }

  tooSlow(): void {
    this.#context.tooSlow();
  }

  caughtUp(): void {
    this.#context.delivered();
  }
}
