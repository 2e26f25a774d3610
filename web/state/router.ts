import { signal } from '@preact/signals';
import { formatRoute, parseRoute, type Route } from '../model/route.ts';

/** What the page shows; the address of the page follows it, and it follows the address. */
export class Router {
  readonly route = signal<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.route.value = parseRoute(location.hash);
    });
  }

  go(route: Route): void {
    location.hash = formatRoute(route);
    this.route.value = route;
  }

  /** Goes there without a step back to where one was. */
  replace(route: Route): void {
    history.replaceState(null, '', formatRoute(route));
    this.route.value = route;
  }
}
