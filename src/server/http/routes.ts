import type { HttpHandler } from '../../transports/accept/http-upgrader.ts';
import { parseTarget } from '../../transports/accept/target.ts';
import { FILES, UPLOADS } from '../files/paths.ts';
import { MEDIA } from '../media/paths.ts';
import { asksForHtml } from '../web/negotiate.ts';
import { WEB } from '../web/page.ts';

/** Who answers which requests. */
export type Routes = {
  readonly media: HttpHandler;
  readonly files: HttpHandler;
  readonly web: HttpHandler;
  readonly pages: HttpHandler;
};

/** Answers requests for pictures, for files, those of the web client, and all others, each by its own handler. */
export function routeRequests({ media, files, web, pages }: Routes): HttpHandler {
  return (request, response, visitor) => {
    const { path } = parseTarget(request.url ?? '');
    const handler = path.startsWith(MEDIA)
      ? media // SERVER-190
      : path === UPLOADS || path.startsWith(FILES)
        ? files // SERVER-271
        : path.startsWith(WEB) || (path === '/' && asksForHtml(request.headers.accept)) // SERVER-240
          ? web
          : pages;
    handler(request, response, visitor);
  };
}
