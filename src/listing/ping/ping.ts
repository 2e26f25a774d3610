import type { Clock } from '../../core/ports.ts';
import { isAllowedPort, type ListedAddress, parseListedAddress } from '../address.ts';
import { exchangePing } from './exchange.ts';
import type { ListedServer } from '../listed-server.ts';
import { MAX_ADDRESSES } from './ping-limits.ts';
import type { PublicAddresses } from './public-addresses.ts';
import type { Resolve } from './resolve.ts';

/** The most that a ping takes, resolving included. */
export const PING_MS = 5_000;

/** How a ping ended. `later`: the limit of its target forbids it now, and nothing was connected. */
export type PingResult =
  | { readonly type: 'good'; readonly ms: number; readonly addresses: readonly string[] }
  | { readonly type: 'bad' }
  | { readonly type: 'later'; readonly retryAfterMs: number };

const BAD: PingResult = { type: 'bad' };

/** What pings are made with. */
export type PingNetwork = {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  readonly resolve: Resolve;
  readonly allowed: Pick<PublicAddresses, 'has'>;
};

/** Returns 0 if these addresses may be pinged now, and counts the ping; else the milliseconds to wait. */
type Admit = (addresses: readonly string[]) => number;

/**
 * Asks the chat server at an address for its id. Never rejects: whatever else happens is a bad ping. A bad one may be known at once,
 * which tells something about the address: do not let strangers see the time.
 */
export async function pingServer(
  { address, id }: Pick<ListedServer, 'address' | 'id'>,
  network: PingNetwork,
  admit: Admit,
): Promise<PingResult> {
  const target = parseListedAddress(address);
  if (target === null || !isAllowedPort(target.port)) return BAD; // LIST-44
  const deadline = new AbortController();
  const cancel = network.clock.after(PING_MS, () => deadline.abort()); // LIST-56
  try {
    return await ping(target, id, network, admit, deadline.signal);
  } catch {
    return BAD; // LIST-58
  } finally {
    cancel();
  }
}

async function ping(
  target: ListedAddress,
  id: number,
  { clock, resolve, allowed }: PingNetwork,
  admit: Admit,
  deadline: AbortSignal,
): Promise<PingResult> {
  const { host } = target;
  const addresses = target.kind === 'ip' ? [host] : await beforeDeadline(resolve(host), deadline); // LIST-49
  if (addresses.length === 0 || addresses.length > MAX_ADDRESSES) return BAD; // LIST-50
  if (!addresses.every((address) => allowed.has(address))) return BAD; // LIST-50
  const retryAfterMs = admit(addresses);
  if (retryAfterMs > 0) return { type: 'later', retryAfterMs }; // LIST-63
  const ms = await exchangePing({ ...target, addresses }, id, clock, deadline);
  return ms === null ? BAD : { type: 'good', ms, addresses };
}

/** Rejects at the deadline; what the work comes to after that is ignored. */
async function beforeDeadline<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const giveUp = () => late.reject(deadline.reason);
  deadline.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    deadline.removeEventListener('abort', giveUp);
  }
}
