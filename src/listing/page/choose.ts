import { foldText } from '../../lib/search/fold.ts';
import type { KnownNames } from './known-names.ts';
import type { PageQuery, Sort } from './query.ts';
import type { ShownServer } from './shown-server.ts';

/** The servers of one page. */
export type Choice = {
  readonly servers: readonly ShownServer[];
  /** How many servers all pages have together. */
  readonly found: number;
  /** From 1 to `pages`. */
  readonly page: number;
  readonly pages: number;
};

/** How many servers a page has. */
export const PAGE_SIZE = 100;

type Placed = { readonly server: ShownServer; readonly place: number };

const orders: { readonly [sort in Sort]: (a: ShownServer, b: ShownServer) => number } = {
  name: () => 0,
  users: (a, b) => b.connectedUsers - a.connectedUsers, // LIST-82
  ping: (a, b) => a.pingMs - b.pingMs, // LIST-82
  uptime: (a, b) => a.upSince - b.upSince, // LIST-82
};

/** Searches and sorts all servers, and takes one page of them. */
export function choose(servers: readonly ShownServer[], query: PageQuery, names: KnownNames): Choice {
  names.learn(servers.map(({ serverName }) => serverName));
  const order = orders[query.sort];
  const sorted = search(servers, query.q, names)
    .map((server) => ({ server, place: names.placeOf(server.serverName) }))
    .sort((a, b) => order(a.server, b.server) || byName(a, b));
  const pages = Math.max(1, Math.ceil(sorted.length / PAGE_SIZE)); // LIST-83
  const page = Math.min(query.page, pages); // LIST-80
  const shown = sorted.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE); // LIST-83
  return { servers: shown.map(({ server }) => server), found: sorted.length, page, pages };
}

function search(servers: readonly ShownServer[], q: string, names: KnownNames): readonly ShownServer[] {
  const wanted = foldText(q); // LIST-81
  if (wanted === '') return servers;
  return servers.filter(
    ({ serverName, address }) => names.foldedOf(serverName).includes(wanted) || foldText(address).includes(wanted), // LIST-81
  );
}

function byName(a: Placed, b: Placed): number {
  return a.place - b.place || a.server.id - b.server.id; // LIST-82
}
