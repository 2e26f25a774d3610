import { type Choice, choose, PAGE_SIZE } from './choose.ts';
import { formatCount, formatServers } from './format.ts';
import { type Html, html } from './html.ts';
import type { KnownNames } from './known-names.ts';
import { linkTo, MAX_SEARCH, type PageQuery } from './query.ts';
import type { ShownServer } from './shown-server.ts';
import { serverTable } from './table.ts';

const NOTHING = html``;
/** A speech bubble. It is part of the page, so that no browser asks for a `favicon.ico`. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%232a5bd0' " +
  "d='M3 1h10a3 3 0 0 1 3 3v5a3 3 0 0 1-3 3H8l-4 4v-4H3a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3z'/%3E%3C/svg%3E";

/** The directory as an HTML page for people. Give the same `names` for all pages: they make it fast. */
export function listingPage(servers: readonly ShownServer[], query: PageQuery, now: number, names: KnownNames): string {
  const choice = choose(servers, query, names);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${titleOf(query, choice)}</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="style.css">
</head>
<body>
<header>
<h1>Chat servers</h1>
<p>Choose a server and join the conversation in your browser.</p>
</header>
<main>
${servers.length === 0 ? html`<p class="empty">No server has announced itself here yet.</p>` : directory(choice, query, now)}
</main>
<footer>
<p>To announce a server here, start it with <code>--listing</code> and this page’s address.</p>
</footer>
</body>
</html>
`.text; // LIST-88
}

function titleOf({ q }: PageQuery, { page }: Choice): string {
  return `${q === '' ? '' : `${q} – `}Chat servers${page === 1 ? '' : `, page ${page}`}`;
}

function directory(choice: Choice, query: PageQuery, now: number): Html {
  return html`${searchForm(query)}${choice.found === 0 ? noHits(query) : hits(choice, query, now)}`; // LIST-88
}

function searchForm({ q, sort }: PageQuery): Html {
  return html`<form role="search">
<label for="q">Search by name or address</label>
<div class="search">
<input type="search" id="q" name="q" value="${q}" maxlength="${MAX_SEARCH}" autocapitalize="none" spellcheck="false">
<input type="hidden" name="sort" value="${sort}">
<button>Search</button>
</div>
</form>`; // LIST-89
}

function noHits(query: PageQuery): Html {
  return html`
<p class="empty">No server has <q><bdi>${query.q}</bdi></q> in its name or address. ${showAll(query)}</p>`;
}

function hits(choice: Choice, query: PageQuery, now: number): Html {
  return html`
<p class="found"><span id="found">${foundText(choice, query)}</span> ${query.q === '' ? NOTHING : showAll(query)}</p>
${serverTable(choice.servers, query, now)}
${pages(choice, query)}
<p class="note">Servers report their users themselves. Ping and uptime are measured from here.</p>`;
}

function showAll(query: PageQuery): Html {
  return html`<a href="${linkTo({ ...query, q: '', page: 1 })}">Show all servers</a>`;
}

function foundText({ found, page, pages, servers }: Choice, { q }: PageQuery): Html {
  const first = (page - 1) * PAGE_SIZE + 1;
  const part = pages === 1 ? '' : `, ${formatCount(first)} to ${formatCount(first + servers.length - 1)}`;
  return html`${formatServers(found)}${q === '' ? NOTHING : html` with <q><bdi>${q}</bdi></q>`}${part}`;
}

function pages({ page, pages }: Choice, query: PageQuery): Html {
  if (pages === 1) return NOTHING; // LIST-83
  const previous = html`<a rel="prev" href="${linkTo({ ...query, page: page - 1 })}">Previous page</a>`;
  const next = html`<a rel="next" href="${linkTo({ ...query, page: page + 1 })}">Next page</a>`;
  return html`
<nav aria-label="Pages">
${page > 1 ? previous : NOTHING}
<span>Page ${formatCount(page)} of ${formatCount(pages)}</span>
${page < pages ? next : NOTHING}
</nav>`; // LIST-83
}
