import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import type { ListingEnv } from '../api.ts';
import { KnownNames } from './known-names.ts';
import { listingPage } from './page.ts';
import { parsePageQuery } from './query.ts';
import type { ShownServer } from './shown-server.ts';

const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Cache-Control': 'public, max-age=5',
};

/** What the page shows. */
export type PageSources = { readonly servers: () => readonly ShownServer[]; readonly now: () => number };

/** Adds the page for people and its style to the service. */
export function addPage(app: Hono<ListingEnv>, { servers, now }: PageSources): void {
  const style = readFileSync(new URL('./style.css', import.meta.url), 'utf8');
  const names = new KnownNames();
  app.get('/', (asked) => {
    const query = parsePageQuery(new URL(asked.req.url).searchParams);
    return asked.html(listingPage(servers(), query, now(), names), 200, PAGE_HEADERS); // LIST-90
  });
  app.get('/style.css', (asked) =>
    asked.body(style, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'public, max-age=3600' }),
  );
}
