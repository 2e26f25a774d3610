import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { type Answer, startFakeListing } from '../../testing/listing.ts';
import { ListingClient, ListingError } from './client.ts';

const ROW = { id: 7, displayName: 'Tea room', address: '192.0.2.7:5000', connectedUsers: 2, maxUsers: 50 };
const STATUS = { ...ROW, visible: false, seen: '2026-01-01T00:00:00.000Z', problem: 'no answer in 5 s' };
const MEBIBYTE = 2 ** 20;

/** A client of a service that always answers like this. */
async function answered(t: TestContext, answer: Answer) {
  const listing = await startFakeListing(t, () => answer);
  return { listing, client: new ListingClient(listing.url) };
}

function failed(status: number, message: string | RegExp, retryAfterMs: number | null = null) {
  return (error: unknown) => {
    assert.ok(error instanceof ListingError, String(error));
    assert.deepEqual([error.status, error.retryAfterMs], [status, retryAfterMs]);
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  };
}

test('LIST-100 a URL that cannot be one of a service is refused', () => {
  for (const url of [
    '',
    'listing.example',
    'ftp://a',
    'ws://a',
    'http://a@b',
    'http://:b@c',
    'http://a/?b',
    'http://a/#b',
  ])
    assert.throws(() => new ListingClient(url), TypeError, url);
});

test('LIST-100 LIST-106 each request has the path of the document below the URL of the service', async (t) => {
  const listing = await startFakeListing(t, ({ path }) => ({
    status: path.endsWith('/servers') ? 200 : 201,
    body: path.endsWith('/servers') ? '{"servers":[]}' : 'a-key',
  }));
  for (const end of ['', '/', '/some/path', '/some/path//', '/?']) {
    const client = new ListingClient(`${listing.url}${end}`);
    await client.list();
    await client.register(7, {});
  }
  const paths = ['', '', '/some/path', '/some/path', ''].flatMap((base) => [`${base}/servers`, `${base}/servers/7`]);
  assert.deepEqual(
    listing.asked.map(({ path }) => path),
    paths,
  );
});

test('LIST-106 a registration, a change and a removal say what was given, and the key only where there is one', async (t) => {
  const { listing, client } = await answered(t, { status: 201, body: 'a-key\n' });
  assert.equal(await client.register(7, { serverName: 'Tea room', maxUsers: 9 }), 'a-key');
  assert.equal(await client.register(7, {}, 'mine'), 'a-key');
  await client.update(7, 'mine', { connectedUsers: 3 });
  await client.remove(7, 'mine');
  const [path, authorization] = ['/servers/7', 'C2Listing mine'];
  assert.deepEqual(listing.asked, [
    { method: 'POST', path, authorization: null, body: { serverName: 'Tea room', maxUsers: 9 } },
    { method: 'POST', path, authorization, body: {} },
    { method: 'PUT', path, authorization, body: { connectedUsers: 3 } },
    { method: 'DELETE', path, authorization, body: null },
  ]);
});

test('LIST-106 no cookies are sent, and a fetch of the platform is called without a this', async () => {
  const calls: unknown[] = [];
  const fetch = async function (this: unknown, _url: unknown, init?: RequestInit) {
    calls.push([this, init?.credentials]);
    return new Response('{"servers":[]}');
  };
  assert.deepEqual(await new ListingClient('http://a/', { fetch }).list(), []);
  assert.deepEqual(calls, [[undefined, 'omit']]);
});

test('LIST-104 the list and the status have exactly their properties', async (t) => {
  const rows = await answered(t, { status: 200, body: JSON.stringify({ servers: [{ ...ROW, more: 1 }, ROW] }) });
  assert.deepEqual(await rows.client.list(), [ROW, ROW]);
  const one = await answered(t, { status: 200, body: JSON.stringify({ ...STATUS, more: 1 }) });
  assert.deepEqual(await one.client.status(7, 'mine'), STATUS);
  assert.equal(one.listing.asked[0]?.authorization, 'C2Listing mine');
});

test('LIST-104 an answer that is not what it should be is refused', async (t) => {
  let body = '';
  const listing = await startFakeListing(t, () => ({ status: 200, body }));
  const client = new ListingClient(listing.url);
  const unreadable = failed(0, 'the listing sent an answer that cannot be read');
  for (const wrong of ['', 'a key', 'x'.repeat(257), 'ключ', 'a\u0000b']) {
    body = wrong;
    await assert.rejects(client.register(7, {}), unreadable, wrong);
  }
  const rows = [{ id: '7' }, { displayName: 5 }, { address: null }, { connectedUsers: 1.5 }, { maxUsers: 'many' }];
  const lists: unknown[] = [null, 5, [], {}, { servers: {} }, { servers: [null] }];
  for (const wrong of [...lists, ...rows.map((part) => ({ servers: [ROW, { ...ROW, ...part }] }))]) {
    body = JSON.stringify(wrong);
    await assert.rejects(client.list(), unreadable, body);
  }
  for (const wrong of ['', '{"servers":[', '<html>']) {
    body = wrong;
    await assert.rejects(client.list(), unreadable, body);
  }
  for (const part of [{ visible: 1 }, { seen: 'today' }, { seen: null }, { problem: 5 }, { id: null }]) {
    body = JSON.stringify({ ...STATUS, ...part });
    await assert.rejects(client.status(7, 'mine'), unreadable, body);
  }
});

test('LIST-101 a refusal has the status, the sentence of the service, and how long to wait', async (t) => {
  const error = (name: string) => ({ 'listing-error': name });
  const cases: [Answer, ReturnType<typeof failed>][] = [
    [{ status: 400, headers: error('no answer to a ping') }, failed(400, 'no answer to a ping')],
    [{ status: 401, body: 'a text' }, failed(401, 'the listing answered 401')],
    [{ status: 429, headers: { ...error('slow down'), 'retry-after': '30' } }, failed(429, 'slow down', 30_000)],
    [{ status: 503, headers: { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' } }, failed(503, /503/)],
    [{ status: 502, headers: error('x'.repeat(300)) }, failed(502, 'x'.repeat(256))],
  ];
  for (const [answer, expected] of cases) {
    const { client } = await answered(t, answer);
    await assert.rejects(client.register(7, {}), expected);
  }
});

test('LIST-102 a service that is not there is a failure with status 0 that says why', async (t) => {
  const broken = await startFakeListing(t, () => {
    throw new Error('the connection ends without an answer');
  });
  await assert.rejects(new ListingClient(broken.url).list(), failed(0, /other side closed|ECONNRESET/));
  const causes: [unknown, string][] = [
    [{ cause: new Error('getaddrinfo ENOTFOUND a') }, 'getaddrinfo ENOTFOUND a'],
    [{ cause: Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }) }, 'ECONNREFUSED'],
    [{}, 'fetch failed'],
  ];
  for (const [options, message] of causes) {
    const fetch = async () => {
      throw new TypeError('fetch failed', options as ErrorOptions);
    };
    await assert.rejects(new ListingClient('http://a/', { fetch }).list(), failed(0, message));
  }
});

test('LIST-102 a service that does not answer, or not to the end, is given up after 15 s', async (t) => {
  for (const head of [false, true]) {
    const clock = new FakeClock();
    const listing = await startFakeListing(t, () =>
      head ? { status: 200, headers: { 'content-length': '9' }, body: 'part' } : null,
    );
    const platform = { after: clock.after.bind(clock) };
    const asking = new ListingClient(listing.url, { platform }).list();
    const result = assert.rejects(asking, failed(0, 'no answer in 15 s'));
    await listing.request(({ method }) => method === 'GET');
    clock.advance(14_999);
    assert.equal(clock.timers, 1);
    clock.advance(1);
    await result;
    assert.equal(clock.timers, 0);
  }
});

test('LIST-102 nothing is left behind after an answer', async (t) => {
  const clock = new FakeClock();
  const listing = await startFakeListing(t, () => ({ status: 200, body: '{"servers":[]}' }));
  await new ListingClient(listing.url, { platform: { after: clock.after.bind(clock) } }).list();
  assert.equal(clock.timers, 0);
});

test('LIST-103 a redirect is not followed', async (t) => {
  const elsewhere = await answered(t, { status: 201, body: 'a-key' });
  const { client } = await answered(t, { status: 307, headers: { location: `${elsewhere.listing.url}/servers/7` } });
  await assert.rejects(client.register(7, {}, 'mine'), failed(0, /redirect/));
  assert.deepEqual(elsewhere.listing.asked, []);
});

test('LIST-103 an answer has at most 4 MiB, and all of them are read', async (t) => {
  const list = JSON.stringify({ servers: [ROW] });
  const longest = await answered(t, { status: 200, body: list.padEnd(4 * MEBIBYTE) });
  assert.deepEqual(await longest.client.list(), [ROW]);
  const longer = await answered(t, { status: 200, body: list.padEnd(4 * MEBIBYTE + 1) });
  await assert.rejects(longer.client.list(), failed(0, /too long/));
});

test('LIST-105 a request that is given up rejects at once', async (t) => {
  const { listing, client } = await answered(t, null);
  const given = new AbortController();
  const asking = assert.rejects(client.update(7, 'mine', {}, given.signal), failed(0, /abort/));
  await listing.request(({ method }) => method === 'PUT');
  given.abort();
  await asking;
  await assert.rejects(client.remove(7, 'mine', given.signal), failed(0, /abort/));
  assert.equal(listing.asked.length, 1);
});
