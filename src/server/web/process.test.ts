import assert from 'node:assert/strict';
import test from 'node:test';
import { startServerProcess } from '../../../testing/server.ts';

const BROWSER = { headers: { Accept: 'text/html' } };

test('SERVER-240 SERVER-246 a server serves the page of this project, with all that it names', async (t) => {
  const { http } = await startServerProcess(t);
  const page = await (await fetch(http, BROWSER)).text();
  const paths = [...page.matchAll(/"(\/web\/[^"]+)"/g)].map(([, path]) => path);
  assert.ok(paths.length >= 3, page);
  for (const path of paths) {
    const { status, headers } = await fetch(`${http}${path}`);
    assert.deepEqual([status, headers.get('cache-control')], [200, 'public, max-age=31536000, immutable'], path);
  }
});

test('SERVER-240 with `web = false` browsers get the text too, and nothing is built', async (t) => {
  const { http, log } = await startServerProcess(t, { args: ['--web', 'false'] });
  const answer = await fetch(http, BROWSER);
  assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.match(await answer.text(), /^Parlance: a chat server/);
  assert.equal((await fetch(`${http}/web/main.js`)).status, 404);
  assert.ok(!log.some(({ event }) => event.includes('web-page')));
});
