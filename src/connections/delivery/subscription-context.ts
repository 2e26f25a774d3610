import type { PersonId } from '../../core/model/ids.ts';
import type { Link } from '../../transports/link.ts';
import type { Outbox } from '../output/outbox.ts';
import type { ConnectionServices } from '../services.ts';
import type { Variant } from '../variant.ts';

/** What subscriptions need of their connection. */
export type SubscriptionContext = {
  readonly services: ConnectionServices;
  readonly outbox: Outbox;
  /** The variant for directs, or, if `viewer` is null, for rooms that all see alike. */
  variantFor(viewer: PersonId | null): Variant;
  /** Whether an answer waits for an earlier one. */
  readonly replies: { readonly hasWaitingReply: boolean };
  readonly tooSlow: () => void;
  /** Called whenever `isDelivered` may have become true. */
  readonly delivered: () => void;
  readonly link: Pick<Link, 'probe'>;
};
