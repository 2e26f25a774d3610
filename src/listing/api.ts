import { Hono } from 'hono';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Log } from '../core/ports.ts';
import type { Result } from '../lib/result.ts';
import { keyIn } from './keys.ts';
import type { Caller, ListingRefusal, Registrations } from './registrations.ts';
import type { CallerLimits } from './caller-limits.ts';
import { openApi } from './openapi.ts';

const MOST_BODY_BYTES = 4_096;
const TOO_LONG = 'the body has more than 4 KiB';
const SECOND = 1_000;
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** What every answer forbids, unless it says otherwise: to be taken for something else, to run anything, to be framed, to be kept. */
const HEADERS: readonly (readonly [string, string])[] = [
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cache-Control', 'no-store'],
];
/** Pages of every origin may read. */
const FOR_PAGES: readonly (readonly [string, string])[] = [
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Expose-Headers', 'Listing-Error, Retry-After'],
];
const INTEGER = /^(?:0|[1-9]\d{0,15})$/;

/** Who sent a request: what the port knows of it. */
export type ListingEnv = { readonly Bindings: { readonly caller: Caller } };
type Asked = Context<ListingEnv>;

export type ApiOptions = {
  readonly registrations: Registrations;
  /** The body of `GET /servers`. */
  readonly list: () => Uint8Array<ArrayBuffer>;
  readonly takesWrites: () => boolean;
  readonly limits: CallerLimits;
  readonly log: Pick<Log, 'error'>;
};

/** The statuses of refusals: those of the document, and usual ones for what it does not know. */
const STATUS: { readonly [T in ListingRefusal['type']]: ContentfulStatusCode } = {
  'bad-id': 400,
  'bad-properties': 400,
  'no-answer': 400,
  'not-listed': 400,
  'wrong-key': 401,
  'too-many-pings': 429,
  full: 503,
  unavailable: 503,
};

const TEXTS: { readonly [T in Exclude<ListingRefusal['type'], 'bad-properties'>]: string } = {
  'bad-id': 'the id must be an integer from 0 to 2^53-1',
  'no-answer':
    'no valid answer to a ping at this address within 5 s; only ports 80, 443 and from 1024 up, and only public addresses unless this listing allows others',
  'not-listed': 'no server of this id is listed',
  'wrong-key': 'this is not the key of a listed server of this id',
  'too-many-pings': 'this address, or you, had too many pings; ask again later',
  full: 'this listing, or its room for servers at one address, is full',
  unavailable: 'the list cannot be stored now',
};

/** The REST service of c2.txt. */
export function listingApi({ registrations, list, takesWrites, limits, log }: ApiOptions): Hono<ListingEnv> {
  const app = new Hono<ListingEnv>({ strict: false });
  const document = JSON.stringify(openApi());
  app.onError((error, asked) => {
    log.error('listing-request-failed', { reason: error.message });
    return refuse(asked, 500, 'an error that should not happen');
  });
  app.use(async (asked, next) => {
    const kind = READING.has(asked.req.method) ? 'read' : 'write';
    // Before the answer is made: to change it later would copy its body.
    for (const [name, value] of kind === 'read' ? [...HEADERS, ...FOR_PAGES] : HEADERS) asked.header(name, value); // LIST-03 LIST-23
    const wait = limits.take(asked.env.caller.address, kind); // LIST-18
    return wait > 0 ? refuse(asked, 429, 'you ask too often; ask again later', wait) : next();
  });
  app.get('/servers', (asked) =>
    asked.body(list(), 200, {
      'Content-Type': 'application/json',
      'Cache-Control': 'public, max-age=5',
    }),
  ); // LIST-03
  app.post('/servers/:id', async (asked) => {
    const body = await bodyOf(asked);
    if (body === null) return refuse(asked, 413, TOO_LONG); // LIST-12
    const result = await registrations.register(asked.env.caller, idOf(asked), keyOf(asked), body);
    if (result.ok) return asked.text(result.value, 201); // LIST-01
    const { type } = result.error;
    return refused(asked, result.error, type === 'wrong-key' ? 400 : STATUS[type]); // LIST-06
  });
  app.put('/servers/:id', async (asked) => {
    const body = await bodyOf(asked);
    if (body === null) return refuse(asked, 413, TOO_LONG); // LIST-12
    return done(asked, await registrations.update(asked.env.caller, idOf(asked), keyOf(asked), body));
  });
  app.delete('/servers/:id', async (asked) => done(asked, await registrations.remove(idOf(asked), keyOf(asked))));
  app.get('/servers/:id', (asked) => {
    const result = registrations.status(idOf(asked), keyOf(asked));
    return result.ok ? asked.json(result.value) : refused(asked, result.error, STATUS[result.error.type]); // LIST-13
  });
  app.get('/openapi.json', (asked) => asked.body(document, 200, { 'Content-Type': 'application/json' })); // LIST-19
  app.get('/healthz', (asked) =>
    takesWrites()
      ? asked.json({ status: 'ok' })
      : asked.json({ status: 'unavailable', reason: 'the list cannot be stored' }, 503),
  ); // LIST-20
  for (const [path, allowed] of [
    ['/servers', 'GET, HEAD'],
    ['/servers/:id', 'GET, HEAD, POST, PUT, DELETE'],
    ['/openapi.json', 'GET, HEAD'],
    ['/healthz', 'GET, HEAD'],
  ] as const)
    app.all(path, (asked) => {
      asked.header('Allow', allowed);
      return refuse(asked, 405, `this takes ${allowed}`); // LIST-21
    });
  return app;
}

function idOf(asked: Asked): number | null {
  const text = asked.req.param('id') ?? '';
  const id = Number(text);
  return INTEGER.test(text) && Number.isSafeInteger(id) ? id : null; // LIST-05
}

/** The body as text; null if it is too long. */
async function bodyOf({ req: { raw } }: Asked): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of raw.body ?? []) {
    length += piece.length;
    if (length > MOST_BODY_BYTES) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function keyOf(asked: Asked): string | null {
  return keyIn(asked.req.header('Authorization'));
}

/** Answers a `PUT` or a `DELETE`. */
function done(asked: Asked, result: Result<null, ListingRefusal>): Response {
  return result.ok ? asked.body(null, 200) : refused(asked, result.error, STATUS[result.error.type]);
}

function refused(asked: Asked, error: ListingRefusal, status: ContentfulStatusCode): Response {
  const text = error.type === 'bad-properties' ? error.reason : TEXTS[error.type];
  return refuse(asked, status, text, error.type === 'too-many-pings' ? error.retryAfterMs : 0);
}

/** Says what is wrong: in a header, and where the document leaves the body open in the body, too. */
function refuse(asked: Context, status: ContentfulStatusCode, text: string, waitMs = 0): Response {
  asked.header('Listing-Error', encoded(text)); // LIST-22
  if (waitMs > 0) asked.header('Retry-After', String(Math.ceil(waitMs / SECOND)));
  const { method } = asked.req;
  return method === 'PUT' || method === 'DELETE' ? asked.body(null, status) : asked.text(`${text}\n`, status); // LIST-22
}

/** A header takes ASCII only. */
function encoded(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, '?');
}
