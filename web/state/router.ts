import { signal } from '@preact/signals';
import { formatRoute, parseRoute, type Route } from '../model/route.ts';

/** What the page shows; the address of the page follows it, and it follows the address. */
export class Router {
  readonly route = signal<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      if (formatRoute(this.route.peek()) !== location.hash) this.route.value = parseRoute(location.hash);
    });
    // A link to where one is changes no address, but the message that it names is to be shown again.
    document.addEventListener('click', ({ target }) => {
      const link = target instanceof Element ? target.closest('a') : null;
      if (link?.getAttribute('href') === location.hash) this.route.value = parseRoute(location.hash); // WEB-144
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
