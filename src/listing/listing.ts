import { getRequestListener } from '@hono/node-server';
import type { IncomingMessage } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Ids, Log } from '../core/ports.ts';
import { isForwarded } from '../transports/accept/forwarded.ts';
import type { HttpHandler } from '../transports/accept/http-upgrader.ts';
import { isLoopback } from '../transports/address.ts';
import { listingApi } from './api.ts';
import { CallerLimits } from './caller-limits.ts';
import { Checks } from './checks.ts';
import { Directory } from './directory.ts';
import { isVisible } from './listed-server.ts';
import { addPage } from './page/routes.ts';
import { PingLimits } from './ping/ping-limits.ts';
import { pingServer, type PingResult } from './ping/ping.ts';
import { PublicAddresses } from './ping/public-addresses.ts';
import { type Caller, Registrations } from './registrations.ts';
import type { Resolve } from './ping/resolve.ts';
import { ListingStore } from './store.ts';

/** What counts as one caller that a proxy forwarded, if that proxy is not trusted. */
const UNKNOWN_CALLER = 'unknown';

export type ListingOptions = {
  /** A new connection to the file of the list; the listing closes it. */
  readonly database: DatabaseSync;
  /** Whether servers in private networks and on this machine may be listed, too. */
  readonly allowPrivate: boolean;
  readonly resolve: Resolve;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'identity'>;
  readonly log: Log;
};

/** A running listing service. */
export type Listing = {
  readonly handler: HttpHandler;
  /** Ends the checks, stores what waits and closes the database. */
  readonly close: () => void;
};

/** Opens a directory of servers; throws if its database cannot be used. */
export function openListing({ database, allowPrivate, resolve, clock, ids, log }: ListingOptions): Listing {
  const store = new ListingStore(database, clock);
  const directory = new Directory(store, clock);
  const limits = new PingLimits(clock);
  const network = { clock, resolve, allowed: new PublicAddresses(allowPrivate) };
  const checks = new Checks({
    directory,
    ping: (server) => pingServer(server, network, (targets) => limits.admitCheck(targets, isVisible(server))),
    clock,
    log,
  });
  const pingForCaller = async (target: { address: string; id: number }, caller: string): Promise<PingResult> => {
    const retryAfterMs = limits.admitCaller(caller); // LIST-62
    if (retryAfterMs > 0) return { type: 'later', retryAfterMs };
    return pingServer(target, network, (targets) => limits.admitCallersPing(targets));
  };
  const registrations = new Registrations({
    directory,
    ping: pingForCaller,
    pinged: (id) => checks.pinged(id),
    clock,
    ids,
  });
  const app = listingApi({
    registrations,
    list: () => directory.list(),
    takesWrites: () => store.takesWrites(),
    limits: new CallerLimits(clock),
    log,
  });
  addPage(app, { servers: () => directory.visible, now: () => clock.now() });
  const callers = new WeakMap<IncomingMessage, Caller>();
  const listener = getRequestListener(
    (request, env) => app.fetch(request, { caller: callers.get((env as { incoming: IncomingMessage }).incoming) }),
    { overrideGlobalObjects: false },
  );
  checks.start();
  return {
    handler(request, response, { address, ip }) {
      const isHidden = isLoopback(address) && isForwarded(request.headers); // LIST-18
      callers.set(request, isHidden ? { address: UNKNOWN_CALLER, ip: null } : { address, ip });
      void listener(request, response);
    },
    close() {
      checks.stop();
      store.close();
    },
  };
}
