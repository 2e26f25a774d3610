import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { routeRequests } from '../http/routes.ts';
import { answerPages } from '../http/pages.ts';
import { compressed } from './compress.ts';
import { FACTS_PLACE, type WebPage } from './page.ts';
import { serveWeb } from './serve.ts';

const SCRIPT = `// ${'a long line '.repeat(100)}\n`;
const template = `<html>${FACTS_PLACE}</html>`;
const facts = {
  name: 'Tea',
  protocols: [],
  registration: 'open',
  guests: true,
  maxFileBytes: 1,
  version: '1.0.0',
} as const;
const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

async function thePage(): Promise<WebPage> {
  const assets = [await compressed('main-1.js', Buffer.from(SCRIPT)), await compressed('a-2.png', Buffer.from(SCRIPT))];
  return { template, assets };
}

/** Serves this page beside the pages of text; returns a function that requests something. */
async function serving(t: TestContext, page: Promise<WebPage | null> = thePage(), missingOption: string | null = null) {
  const { name, protocols } = facts;
  const metrics = async () => ({ type: 'text/plain', text: '' });
  const pages = answerPages({ name, protocols, problem: async () => null, metrics, publicMetrics: false });
  const handler = routeRequests({ media: pages, files: pages, web: serveWeb(page, facts, pages), pages });
  const visitor = {
    address: '127.0.0.1',
    ip: '127.0.0.1',
    missingOption,
    originRefusal: () => null,
    origin: null,
    extendBody: () => {},
  };
  const server = createServer((asked, response) => handler(asked, response, visitor));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return async (path: string, headers = {}, method = 'GET') => {
    const asking = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
    asking.end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
  };
}

/** The headers of an answer that depend on neither the time nor the connection. */
function lasting({ date: _, connection: __, ...headers }: IncomingMessage['headers']): IncomingMessage['headers'] {
  return headers;
}

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const COMMON = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

test('SERVER-240 SERVER-248 a browser gets the page with the facts, and other programs the text', async (t) => {
  const get = await serving(t, thePage(), '--public-host chat.example.org');
  const page = await get('/?from=there', BROWSER);
  assert.equal(page.status, 200);
  const json = /^<html><script type="application\/json" id="server">(.*)<\/script><\/html>$/.exec(
    String(page.body),
  )?.[1];
  assert.deepEqual(JSON.parse(json ?? ''), { ...facts, missingOption: '--public-host chat.example.org' });
  for (const headers of [{}, { Accept: '*/*' }]) {
    const text = await get('/', headers);
    assert.equal(text.headers['content-type'], 'text/plain; charset=utf-8');
    assert.match(String(text.body), /^Tea: a chat server/);
  }
  assert.equal(String((await get('/healthz', BROWSER)).body), '{"status":"ok"}\n');
});

test('SERVER-245 T39 T44 the headers of the page', async (t) => {
  const { headers } = await (await serving(t))('/', BROWSER);
  const { etag, 'content-length': length, ...others } = lasting(headers);
  assert.match(String(etag), /^"[0-9a-f]{16}"$/);
  assert.ok(Number(length) > 0);
  assert.deepEqual(others, {
    ...COMMON,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    vary: 'Accept',
  });
});

test('SERVER-246 T44 the headers of a file', async (t) => {
  const { headers } = await (await serving(t))('/web/main-1.js', { 'Accept-Encoding': 'br' });
  const { 'content-length': length, ...others } = lasting(headers);
  assert.ok(Number(length) < SCRIPT.length);
  assert.deepEqual(others, {
    ...COMMON,
    'content-type': 'text/javascript; charset=utf-8',
    'content-encoding': 'br',
    'cache-control': 'public, max-age=31536000, immutable',
    etag: '"main-1.js-br"',
    vary: 'Accept-Encoding',
  });
});

test('SERVER-246 a file is sent in each encoding, and as it is to those who name none', async (t) => {
  const get = await serving(t);
  const path = '/web/main-1.js';
  const bodyBy = async (encoding: string) => (await get(path, { 'Accept-Encoding': encoding })).body;
  assert.equal(String(brotliDecompressSync(await bodyBy('gzip, br'))), SCRIPT);
  assert.equal(String(gunzipSync(await bodyBy('gzip'))), SCRIPT);
  const plain = await get(path);
  assert.deepEqual([String(plain.body), plain.headers['content-encoding']], [SCRIPT, undefined]);
  const picture = await get('/web/a-2.png', { 'Accept-Encoding': 'br' });
  assert.deepEqual([picture.headers['content-type'], picture.headers['content-encoding']], ['image/png', undefined]);
});

test('SERVER-245 SERVER-246 what the client has is not sent again, and another encoding is another thing', async (t) => {
  const get = await serving(t);
  for (const [path, headers] of [
    ['/', BROWSER],
    ['/web/main-1.js', { 'Accept-Encoding': 'gzip' }],
  ] as const) {
    const first = await get(path, headers);
    const again = await get(path, { ...headers, 'If-None-Match': `"other", W/${first.headers.etag}` });
    assert.deepEqual([again.status, again.body.length, again.headers.etag], [304, 0, first.headers.etag]);
    assert.deepEqual(
      [again.headers.vary, again.headers['cache-control'], again.headers['content-security-policy']],
      [first.headers.vary, first.headers['cache-control'], POLICY],
    );
    assert.equal((await get(path, { ...headers, 'If-None-Match': '"other"' })).status, 200);
  }
  const other = { 'Accept-Encoding': 'br', 'If-None-Match': '"main-1.js-gzip"' };
  assert.equal((await get('/web/main-1.js', other)).status, 200);
});

test('SERVER-246 SERVER-247 HEAD is GET without the body, and other methods are 405', async (t) => {
  const get = await serving(t);
  for (const path of ['/', '/web/main-1.js']) {
    const whole = await get(path, BROWSER);
    const head = await get(path, BROWSER, 'HEAD');
    assert.deepEqual([head.status, head.body.length, lasting(head.headers)], [200, 0, lasting(whole.headers)], path);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const refused = await get(path, BROWSER, method);
      assert.deepEqual([refused.status, refused.headers.allow], [405, 'GET, HEAD'], `${method} ${path}`);
    }
  }
});

test('SERVER-247 there is nothing else below /web/, whatever the path is', async (t) => {
  const get = await serving(t);
  for (const path of [
    '/web/',
    '/web',
    '/web/main.js',
    '/web/main-1.js/',
    '/web/main-1.js.br',
    '/web/./main-1.js',
    '/web//main-1.js',
    '/web/../package.json',
    '/web/..%2f..%2fpackage.json',
    '/web/%2e%2e/page.json',
    '/web/..\\page.json',
    '/web/page.json',
    '/web/__proto__',
    '/web/constructor',
    '/index.html',
    '/web/%00',
    `/web/${'x'.repeat(4_000)}`,
  ]) {
    const { status, headers, body } = await get(path, BROWSER);
    assert.deepEqual([status, String(body)], [404, 'There is no such page here.\n'], path);
    assert.match(String(headers['content-security-policy']), /^default-src 'none'; /);
  }
});

test('SERVER-242 without a page everybody gets the text', async (t) => {
  const get = await serving(t, Promise.resolve(null));
  assert.match(String((await get('/', BROWSER)).body), /^Tea: a chat server/);
  assert.equal((await get('/web/main-1.js')).status, 404);
});

test('SERVER-244 who asks while the page is built waits for it, and nobody else does', async (t) => {
  const { promise, resolve } = Promise.withResolvers<WebPage | null>();
  const get = await serving(t, promise);
  const waiting = get('/', BROWSER);
  assert.equal((await get('/')).status, 200);
  assert.equal((await get('/healthz')).status, 200);
  resolve(await thePage());
  assert.match(String((await waiting).body), /^<html>/);
});
