import type { Departure, Person } from '../core/model/person.ts';
import type { Refusal } from '../core/model/refusals.ts';
import type { CloseKind } from '../transports/link.ts';
import type { Decoded } from './decoded.ts';
import type { ProtocolAdapter } from './protocol-adapter.ts';

type Ban = Extract<Refusal, { type: 'banned' }>;

/** The answer after which nothing more is read, and how the link ends then. */
export type LastAnswer<Out> = { readonly kind: CloseKind; readonly reason: string; readonly message: Out };

/** The last answer to a client whose address is banned, or whose bytes cannot be decoded any further; else null. */
export function lastAnswer<In, Out>(
  adapter: ProtocolAdapter<In, Out>,
  ban: Ban | null,
  decoded: Decoded<In>,
): LastAnswer<Out> | null {
  if (ban !== null) {
    const message = adapter.refuse(ban, decoded.ok ? decoded.message : null); // CONN-102
    return { kind: 'removed', reason: `banned: ${ban.reason}`, message };
  }
  if (decoded.ok || !decoded.fatal) return null;
  return { kind: 'broken', reason: decoded.reason, message: adapter.refuseBytes(decoded.reason) }; // CONN-18
}

/** The last message to a client that nobody asked for; null if the protocol has none. Without a person only a ban has one. */
export function farewellOf<In, Out>(
  adapter: ProtocolAdapter<In, Out>,
  person: Person | null,
  departure: Departure,
): Out | null {
  if (person !== null) return departure.type === 'lost' ? null : adapter.renderFarewell(person, departure); // CONN-41
  if (departure.type !== 'removed') return null;
  return adapter.refuse({ type: 'banned', reason: departure.reason }, null); // CONN-103
}
