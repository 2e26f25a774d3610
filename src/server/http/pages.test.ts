import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { answerPages, type PageSources } from './pages.ts';

const sources: PageSources = {
  name: 'Tea Room',
  protocols: [
    { name: 'abc', title: 'letters', zeromq: false },
    { name: 'num', title: 'numbers', zeromq: true },
  ],
  problem: async () => null,
  metrics: async () => ({ type: 'text/plain; version=0.0.4', text: 'a 1\n' }),
  publicMetrics: false,
};

/** Serves the pages, as if requests came from this address; returns a function that requests one. */
async function serving(
  t: TestContext,
  changes: Partial<PageSources> = {},
  address = '127.0.0.1',
  missingOption: string | null = null,
) {
  const answer = answerPages({ ...sources, ...changes });
  const server = createServer((asked, response) => {
    const visitor = { address, ip: address, missingOption, origin: null, extendBody: () => {} };
    answer(asked, response, { ...visitor, originRefusal: () => null });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return async (path: string, method = 'GET', headers = {}) => {
    const asking = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
    asking.end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, text: await text(response) };
  };
}

test('SERVER-47 the home page says what this is, how to connect, and which protocols are spoken', async (t) => {
  const get = await serving(t);
  const page = await get('/?from=browser');
  assert.equal(page.status, 200);
  assert.equal(page.headers['content-type'], 'text/plain; charset=utf-8');
  assert.match(
    page.text,
    /^Tea Room: a chat server .*\n[^]*WebSocket or TCP[^]*\n {2}abc: letters\n {2}num: numbers \(also by ZeroMQ\)\n$/,
  );
});

test('SERVER-133 where a browser could not chat from this address, the home page names the option', async (t) => {
  const page = await (await serving(t, {}, '192.0.2.1', '--public-host chat.example.org'))('/');
  assert.match(page.text, /\n\n.* a browser cannot chat: .*\n.* with --public-host chat\.example\.org, .*\n$/);
});

test('SERVER-40 /healthz is 200 when the server is healthy, else 503', async (t) => {
  const { status, text: well, headers } = await (await serving(t))('/healthz');
  assert.deepEqual([status, well, headers['content-type']], [200, '{"status":"ok"}\n', 'application/json']);
  const ill = await (await serving(t, { problem: async () => 'the disk is full' }))('/healthz');
  assert.deepEqual([ill.status, ill.text], [503, '{"status":"unavailable","reason":"the disk is full"}\n']);
  const broken = await (await serving(t, { problem: () => Promise.reject(new Error('secret')) }))('/healthz');
  assert.deepEqual([broken.status, broken.text], [500, 'This page cannot be shown now.\n']);
});

test('SERVER-43 /metrics is for this machine, not through a proxy, unless it is public', async (t) => {
  for (const address of ['127.0.0.1', '::1', '127.9.9.9']) {
    const page = await (await serving(t, {}, address))('/metrics');
    assert.deepEqual([page.status, page.text], [200, 'a 1\n'], address);
    assert.equal(page.headers['content-type'], 'text/plain; version=0.0.4');
  }
  const here = await serving(t);
  assert.equal((await here('/metrics', 'GET', { 'X-Forwarded-For': '127.0.0.1' })).status, 403);
  assert.equal((await here('/metrics', 'GET', { Forwarded: 'for=127.0.0.1' })).status, 403);
  const elsewhere = await (await serving(t, {}, '192.0.2.1'))('/metrics');
  assert.equal(elsewhere.status, 403);
  assert.doesNotMatch(elsewhere.text, /a 1/);
  assert.equal((await (await serving(t, { publicMetrics: true }, '192.0.2.1'))('/metrics')).status, 200);
});

test('SERVER-44 T44 every page, also an error, has the security headers', async (t) => {
  const get = await serving(t);
  for (const path of ['/', '/healthz', '/metrics', '/none']) {
    const { headers } = await get(path);
    assert.equal(headers['content-security-policy'], "default-src 'none'; connect-src 'self'; frame-ancestors 'none'");
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cache-control'], 'no-store');
  }
});

test('SERVER-45 other pages are 404, other methods 405, and HEAD is GET without the body', async (t) => {
  const get = await serving(t);
  for (const path of ['/none', '/healthz/', '//', '/__proto__', '/metrics/..'])
    assert.equal((await get(path)).status, 404, path);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const page = await get('/healthz', method);
    assert.deepEqual([page.status, page.headers.allow], [405, 'GET, HEAD']);
  }
  const head = await get('/healthz', 'HEAD');
  assert.deepEqual([head.status, head.text, head.headers['content-length']], [200, '', '16']);
  assert.equal((await get('/healthz')).headers.allow, undefined);
});
