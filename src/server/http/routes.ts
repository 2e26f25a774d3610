import type { HttpHandler } from '../../transports/accept/http-upgrader.ts';
import { parseTarget } from '../../transports/accept/target.ts';
import { MEDIA } from '../media/paths.ts';

/** Answers requests below `/media/` with one handler and all others with the other. */
export function routeRequests(media: HttpHandler, pages: HttpHandler): HttpHandler {
  return (request, response, visitor) => {
    const { path } = parseTarget(request.url ?? '');
    const handler = path.startsWith(MEDIA) ? media : pages; // SERVER-190
    handler(request, response, visitor);
  };
}
