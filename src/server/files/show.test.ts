import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { openTestFiles } from '../../../testing/files.ts';
import { samplePicture } from '../../../testing/media.ts';
import { RawClient } from '../../../testing/transports/raw-client.ts';

const PNG = await samplePicture().png().toBuffer();
const SCRIPT = '<script>alert(document.domain)</script>';
const HOSTILE: readonly (readonly [name: string, body: string])[] = [
  ['a.svg', `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`],
  ['a.png', `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`],
  ['a.html', `<!doctype html>${SCRIPT}`],
  ['a.jpg', `<html>${SCRIPT}</html>`],
  ['a.xml', `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">${SCRIPT}</html>`],
  ['a.pdf', '%PDF-1.7 /JS (app.alert(1))'],
  ['a.js', 'alert(1)'],
  ['a.txt', 'words'],
  ['a.mhtml', 'MIME-Version: 1.0\r\nContent-Type: multipart/related'],
  ['a.swf', 'CWS\x0b'],
  ['\u202egnp.exe', 'MZ'],
];

test('SERVER-271 who has the address gets the file, with any name, until its message is deleted', async (t) => {
  const { uploaded, request, post, app } = await openTestFiles(t);
  const { address } = await uploaded(PNG, 'a.png');
  const get = async (path: string) => (await request('GET', path)).status;
  const [, , id = ''] = address.split('/');
  assert.deepEqual((await request('GET', address)).body, PNG);
  for (const path of [`/files/${id}/`, `/files/${id}/b`, `${address}?x`]) assert.equal(await get(path), 200, path);
  const other = id.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  for (const path of [
    `/files/${id}`,
    '/files/',
    `/files/${other}/a.png`,
    `/files/${id.toUpperCase()}x/a`,
    `${address}/b`,
  ])
    assert.equal(await get(path), 404, path);
  const message = await post(address);
  assert.equal(await get(address), 200);
  await app.must((world, done) => world.messages.delete({ type: 'operator' }, message.id, done));
  assert.equal(await get(address), 404);
});

test('SERVER-272 SERVER-273 T39 T44 what could run in a browser is a download, whatever its name claims', async (t) => {
  const { uploaded, request } = await openTestFiles(t);
  for (const [name, body] of HOSTILE) {
    const { address, type } = await uploaded(body, name);
    const { status, headers } = await request('GET', address);
    assert.deepEqual(
      [status, type, headers['content-type']],
      [200, ...Array(2).fill('application/octet-stream')],
      name,
    );
    assert.match(String(headers['content-disposition']), /^attachment; filename\*=UTF-8''[\w.%-]+$/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(String(headers['content-security-policy']), /^default-src 'none'; .*; sandbox$/);
    assert.doesNotMatch(String(headers['content-security-policy']), /script-src|allow-/);
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin');
  }
});

test('SERVER-272 SERVER-273 a picture, also one that is a page too, is shown as a picture and nothing else', async (t) => {
  const { uploaded, request } = await openTestFiles(t);
  for (const [body, type] of [
    [PNG, 'image/png'],
    [Buffer.concat([PNG, Buffer.from(SCRIPT)]), 'image/png'],
    [Buffer.from(`GIF89a/*${SCRIPT}*/`), 'image/gif'],
  ] as const) {
    const { address } = await uploaded(body, 'page.html');
    const { headers } = await request('GET', address);
    assert.equal(headers['content-type'], type);
    assert.equal(headers['content-disposition'], "inline; filename*=UTF-8''page.html");
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(String(headers['content-security-policy']), /sandbox$/);
  }
});

test('SERVER-272 T39 no name breaks out of its header', async (t) => {
  const { uploaded, request } = await openTestFiles(t);
  const { address } = await uploaded('x', `a"; filename=b.html\r\nX-Evil: 1\r\n'(*)'é`);
  const { headers } = await request('GET', address);
  assert.equal(headers['x-evil'], undefined);
  assert.match(String(headers['content-disposition']), /^attachment; filename\*=UTF-8''[\w.%!~-]+$/);
});

test('SERVER-274 a part is answered with 206, and what cannot be read with the whole', async (t) => {
  const { uploaded, request } = await openTestFiles(t);
  const body = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
  const { address } = await uploaded(body);
  const ask = async (Range: string, more = {}) => request('GET', address, { Range, ...more });
  for (const [range, first, end] of [
    ['bytes=0-0', 0, 1],
    ['bytes=65535-131072', 65_535, 131_073],
    ['bytes=199999-', 199_999, 200_000],
    ['bytes=-5', 199_995, 200_000],
    ['bytes=100000-999999999', 100_000, 200_000],
  ] as const) {
    const part = await ask(range);
    assert.equal(part.status, 206, range);
    assert.equal(part.headers['content-range'], `bytes ${first}-${end - 1}/200000`);
    assert.deepEqual(part.body, body.subarray(first, end));
  }
  const after = await ask('bytes=200000-');
  assert.deepEqual([after.status, after.headers['content-range']], [416, 'bytes */200000']);
  for (const range of ['bytes=5-1', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'bytes=a-b']) {
    const whole = await ask(range);
    assert.deepEqual([whole.status, whole.headers['accept-ranges']], [200, 'bytes'], range);
    assert.deepEqual(whole.body, body);
  }
  const tag = String((await ask('bytes=0-0')).headers.etag);
  assert.equal((await ask('bytes=0-0', { 'If-Range': tag })).status, 206);
  assert.equal((await ask('bytes=0-0', { 'If-Range': '"other"' })).status, 200);
  const head = await request('HEAD', address, { Range: 'bytes=0-9' });
  assert.deepEqual([head.status, head.headers['content-length'], head.body.length], [206, '10', 0]);
});

test('SERVER-275 whoever has a file may keep it, but no shared cache', async (t) => {
  const { uploaded, request } = await openTestFiles(t);
  const { address } = await uploaded(PNG);
  const { headers } = await request('GET', address);
  assert.equal(headers['cache-control'], 'private, max-age=31536000, immutable');
  const again = await request('GET', address, { 'If-None-Match': `W/"x", ${headers.etag}` });
  assert.deepEqual([again.status, again.body.length], [304, 0]);
  assert.equal((await request('GET', '/files/0/x')).headers['cache-control'], 'no-store');
});

test('SERVER-282 a file whose bytes are lost or cut short is 404, and the log says so', async (t) => {
  const { uploaded, request, directory, port } = await openTestFiles(t);
  const { address } = await uploaded(PNG);
  const digest = hash('sha256', PNG);
  const path = join(directory, digest);
  for (const spoil of [() => writeFileSync(path, 'short'), () => rmSync(path)]) {
    spoil();
    assert.equal((await request('GET', address)).status, 404);
    assert.deepEqual(port.logged.pop(), { event: 'file-missing', digest: digest.slice(0, 16) });
  }
});

test('SERVER-271 a reader that goes away in the middle harms nobody', async (t) => {
  const { uploaded, request, port } = await openTestFiles(t);
  const body = Buffer.alloc(2 ** 20, 'x');
  const { address } = await uploaded(body);
  const client = await RawClient.connect(port.port);
  await client.send(`GET ${address} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await client.untilBytes(1_000);
  client.destroy();
  await port.connections(0);
  assert.deepEqual((await request('GET', address)).body, body);
  assert.deepEqual(port.logged, []);
});
