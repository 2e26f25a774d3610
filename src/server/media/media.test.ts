import assert from 'node:assert/strict';
import test from 'node:test';
import { openTestMedia, samplePicture } from '../../../testing/media.ts';
import { parseOrigin } from '../../transports/accept/origin.ts';
import type { Encoding } from './encoder.ts';

const PNG = await samplePicture().png().toBuffer();
const encoder = { encode: async (bytes: Buffer): Promise<Encoding> => ({ type: 'encoded', bytes }) };
const FOREIGN = 'https://evil.example';
const ALLOWED = 'https://app.example';
const origins = { hosts: [], allowOrigins: [parseOrigin(ALLOWED) ?? ''] };

test('SERVER-187 T41 a page of a foreign origin cannot upload, and is told the option', async (t) => {
  const { upload, request, port } = await openTestMedia(t, { encoder }, { origins });
  const refused = await upload(PNG, { Origin: FOREIGN });
  assert.deepEqual([refused.status, refused.headers['access-control-allow-origin']], [403, undefined]);
  assert.match(refused.body.toString(), /--allow-origin https:\/\/evil\.example\n$/);
  assert.deepEqual(
    port.logged.map(({ event }) => event),
    ['origin-refused'],
  );
  const asked = await request('OPTIONS', '/media/pictures', {
    Origin: FOREIGN,
    'Access-Control-Request-Method': 'POST',
  });
  assert.equal(asked.status, 403);
  const rebound = await upload(PNG, { Origin: 'http://evil.example', Host: 'evil.example' });
  assert.match(rebound.body.toString(), /--public-host evil\.example\n$/);
});

test('SERVER-188 programs, own pages and allowed pages can upload; a browser lets these read the answer', async (t) => {
  const { upload, request, port } = await openTestMedia(t, { encoder }, { origins });
  const own = `http://127.0.0.1:${port.port}`;
  assert.equal((await upload(PNG)).headers['access-control-allow-origin'], undefined);
  for (const Origin of [own, ALLOWED]) {
    const preflight = await request('OPTIONS', '/media/pictures', { Origin, 'Access-Control-Request-Method': 'POST' });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-origin'], Origin);
    assert.equal(preflight.headers['access-control-allow-methods'], 'POST');
    assert.equal(preflight.headers['access-control-allow-headers'], 'Authorization, Content-Type');
    assert.equal(preflight.headers.vary, 'Origin');
    for (const [answer, status] of [
      [await upload(PNG, { Origin }), 201],
      [await upload(PNG, { Origin, Authorization: 'Bearer bob' }), 401],
    ] as const) {
      assert.equal(answer.status, status);
      assert.equal(answer.headers['access-control-allow-origin'], Origin);
      assert.equal(answer.headers.vary, 'Origin');
    }
  }
});

test('SERVER-190 other methods are 405, and other paths 404', async (t) => {
  const { request } = await openTestMedia(t);
  for (const [path, allow, methods] of [
    ['/media/pictures', 'POST, OPTIONS', ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']],
    ['/media/users/1', 'GET, HEAD', ['POST', 'PUT', 'DELETE', 'OPTIONS']],
  ] as const) {
    for (const method of methods) {
      const answer = await request(method, path, { Authorization: 'Bearer alice' });
      assert.deepEqual([answer.status, answer.headers.allow], [405, allow], `${method} ${path}`);
    }
  }
  for (const path of ['/media/', '/media/pictures/', '/media/users', '/media/users/1/', '/media/__proto__'])
    assert.equal((await request('GET', path)).status, 404, path);
});

test('SERVER-194 T44 every answer, also a refusal, has the security headers', async (t) => {
  const { request, upload } = await openTestMedia(t, { encoder });
  for (const answer of [
    await upload(PNG),
    await upload(Buffer.from('text')),
    await request('GET', '/media/users/1'),
    await request('GET', '/media/users/1/0123456789abcdef'),
    await request('PUT', '/media/users/1'),
  ]) {
    const { headers, status } = answer;
    assert.equal(headers['content-security-policy'], "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin');
    assert.equal(headers['cache-control'], status === 200 ? 'public, max-age=60' : 'no-store');
  }
});

test('SERVER-194 a failure is 500 without its reason', async (t) => {
  const problem = () => Promise.reject(new Error('canary'));
  const { upload, port } = await openTestMedia(t, { encoder, problem });
  const answer = await upload(PNG);
  assert.deepEqual([answer.status, answer.body.toString()], [500, 'This cannot be shown now.\n']);
  assert.deepEqual(port.logged, [{ event: 'media-failed', reason: 'Error: canary' }]);
});
