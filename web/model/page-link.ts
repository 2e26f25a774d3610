import { parseRoute, type Route } from './route.ts';

/** What a link leads to if it is one of this page; else null. `page` is the address of the page. */
export function routeOfLink(link: string, page: string): Route | null {
  const [to, here] = [URL.parse(link), URL.parse(page)];
  if (to === null || here === null) return null;
  const isHere = to.origin === here.origin && to.pathname === here.pathname && to.search === '' && to.username === '';
  const route = isHere ? parseRoute(to.hash) : null;
  return route === null || route.type === 'home' ? null : route;
}
