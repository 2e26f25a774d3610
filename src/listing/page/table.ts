import { formatCount, formatPing, formatUptime } from './format.ts';
import { type Html, html } from './html.ts';
import { joinUrl } from './join-url.ts';
import { linkTo, type PageQuery, type Sort } from './query.ts';
import type { ShownServer } from './shown-server.ts';

type Column = { readonly title: string; readonly order: 'ascending' | 'descending' };

/** Columns that can be sorted, and what the order of each is to a screen reader. */
const COLUMNS: { readonly [sort in Sort]: Column } = {
  name: { title: 'Name', order: 'ascending' },
  users: { title: 'Users', order: 'descending' },
  ping: { title: 'Ping', order: 'ascending' },
  uptime: { title: 'Uptime', order: 'descending' },
};

/** The table of these servers. The element with the id `found` is its name. */
export function serverTable(servers: readonly ShownServer[], query: PageQuery, now: number): Html {
  // The style makes cards of the rows on a phone. Browsers then drop the roles of a table, unless they are written out (LIST-90).
  return html`
<table role="table" aria-labelledby="found">
<thead role="rowgroup">
<tr role="row">
${sortHeader('name', query)}
<th role="columnheader" scope="col">Address</th>
${sortHeader('users', query)}
${sortHeader('ping', query)}
${sortHeader('uptime', query)}
<th role="columnheader" scope="col"><span class="unseen">Join</span></th>
</tr>
</thead>
<tbody role="rowgroup">${servers.map((server) => row(server, now))}
</tbody>
</table>`;
}

function sortHeader(sort: Sort, query: PageQuery): Html {
  const { title, order } = COLUMNS[sort];
  const link = html`<a href="${linkTo({ ...query, sort, page: 1 })}">${title}</a>`; // LIST-89
  return sort === query.sort // LIST-90
    ? html`<th role="columnheader" scope="col" class="${sort}" aria-sort="${order}">${link}</th>`
    : html`<th role="columnheader" scope="col" class="${sort}">${link}</th>`;
}

function row(server: ShownServer, now: number): Html {
  const { serverName, address, connectedUsers, maxUsers, pingMs, upSince } = server;
  return html`
<tr role="row">
<th role="rowheader" scope="row" class="name"><bdi>${serverName}</bdi></th>
<td role="cell" class="address"><bdi>${breakable(address)}</bdi></td>
<td role="cell" class="users" data-label="Users">${formatCount(connectedUsers)} of ${formatCount(maxUsers)}</td>
<td role="cell" class="ping" data-label="Ping">${formatPing(pingMs)}</td>
<td role="cell" class="uptime" data-label="Uptime">${formatUptime(now - upSince)}</td>
<td role="cell" class="join"><a href="${joinUrl(address)}" aria-label="Join ${serverName}" rel="noopener nofollow" referrerpolicy="no-referrer">Join</a></td>
</tr>`; // LIST-85 LIST-86
}

/** The port begins a line of its own where the whole address has no room. */
function breakable(address: string): Html {
  const colon = address.lastIndexOf(':');
  return html`${address.slice(0, colon)}<wbr>${address.slice(colon)}`;
}
