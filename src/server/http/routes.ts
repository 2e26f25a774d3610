import type { HttpHandler } from '../../transports/accept/http-upgrader.ts';
import { parseTarget } from '../../transports/accept/target.ts';
import { MEDIA } from '../media/paths.ts';
import { asksForHtml } from '../web/negotiate.ts';
import { WEB } from '../web/page.ts';

/** Who answers which requests. */
export type Routes = { readonly media: HttpHandler; readonly web: HttpHandler; readonly pages: HttpHandler };

/** Answers requests below `/media/`, those of the web client, and all others, each by its own handler. */
export function routeRequests({ media, web, pages }: Routes): HttpHandler {
  return (request, response, visitor) => {
    const { path } = parseTarget(request.url ?? '');
    const isOfWeb = path.startsWith(WEB) || (path === '/' && asksForHtml(request.headers.accept)); // SERVER-240
    const handler = path.startsWith(MEDIA) ? media : isOfWeb ? web : pages; // SERVER-190
    handler(request, response, visitor);
  };
}
