import { hash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { HttpHandler } from '../../transports/accept/http-upgrader.ts';
import { parseTarget } from '../../transports/accept/target.ts';
import { CANNOT_BE_SHOWN, COMMON_HEADERS, isReading, NO_SUCH_PAGE, ONLY_READ, sendPage } from '../http/answer.ts';
import { hasTag } from '../http/etag.ts';
import type { WebFacts } from './facts.ts';
import { encodingFor } from './negotiate.ts';
import { type Asset, WEB, type WebPage } from './page.ts';
import { renderPage, type ToldFacts } from './render.ts';

/** What the page may do: run and show what comes from here, and nothing that was written into it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = { ...COMMON_HEADERS, 'Content-Security-Policy': POLICY };

type Answer = { readonly headers: OutgoingHttpHeaders & { readonly ETag: string }; readonly body: string | Uint8Array };
type Served = { readonly template: string; readonly assets: ReadonlyMap<string, Asset> };

/** Serves the page at `/` and its files below `/web/`, once it is there. Where there is none, `otherwise` answers. */
export function serveWeb(page: Promise<WebPage | null>, facts: WebFacts, otherwise: HttpHandler): HttpHandler {
  const served = page.then(
    (found): Served | null => found && { ...found, assets: new Map(found.assets.map((asset) => [asset.name, asset])) },
  );
  return (request, response, visitor) => {
    const { missingOption } = visitor;
    void served
      .then((found) => {
        if (found === null) return otherwise(request, response, visitor); // SERVER-242
        answer(found, { ...facts, missingOption }, request, response); // SERVER-244
      })
      .catch(() => sendPage(request, response, CANNOT_BE_SHOWN));
  };
}

function answer(page: Served, facts: ToldFacts, request: IncomingMessage, response: ServerResponse): void {
  const { path } = parseTarget(request.url ?? '');
  const asset = page.assets.get(path.slice(WEB.length)); // SERVER-247
  if (path !== '/' && asset === undefined) return sendPage(request, response, NO_SUCH_PAGE);
  if (!isReading(request)) return sendPage(request, response, ONLY_READ);
  send(request, response, asset === undefined ? pageAnswer(page, facts) : assetAnswer(asset, request));
}

function pageAnswer({ template }: Served, facts: ToldFacts): Answer {
  const body = renderPage(template, facts);
  const kept = { 'Cache-Control': 'no-cache', ETag: `"${hash('sha256', body).slice(0, 16)}"`, Vary: 'Accept' };
  return { headers: { ...kept, 'Content-Type': 'text/html; charset=utf-8' }, body };
}

/** The name of an asset stands for its content, so it can be kept for ever. */
function assetAnswer({ name, type, bodies }: Asset, { headers }: IncomingMessage): Answer {
  const encoding = encodingFor(headers['accept-encoding'], bodies);
  const encoded = encoding === 'identity' ? {} : { 'Content-Encoding': encoding };
  const kept = { 'Cache-Control': 'public, max-age=31536000, immutable', ETag: `"${name}-${encoding}"` };
  const body = bodies.get(encoding) ?? '';
  return { headers: { ...kept, ...encoded, 'Content-Type': type, Vary: 'Accept-Encoding' }, body }; // SERVER-246
}

function send(request: IncomingMessage, response: ServerResponse, { headers, body }: Answer): void {
  if (hasTag(request, headers.ETag)) {
    const { 'Content-Type': _, 'Content-Encoding': __, ...kept } = headers;
    return void response.writeHead(304, { ...HEADERS, ...kept }).end();
  }
  response.writeHead(200, { ...HEADERS, ...headers, 'Content-Length': Buffer.byteLength(body) }); // SERVER-245
  response.end(request.method === 'HEAD' ? '' : body);
}
