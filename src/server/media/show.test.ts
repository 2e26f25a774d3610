import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { openTestMedia, samplePicture } from '../../../testing/media.ts';

/** Media in which person 1 has a picture of this format. */
async function withPicture(t: TestContext, format: 'png' | 'jpeg' = 'jpeg') {
  const media = await openTestMedia(t);
  const bytes = await samplePicture().toFormat(format).toBuffer();
  const digest = await media.pictures.add(bytes);
  media.people.set(1, { displayName: 'Alice', account: true, picture: digest });
  return { ...media, bytes, digest, exact: `/media/users/1/${digest.slice(0, 16)}` };
}

test('SERVER-191 SERVER-194 a picture is served at both paths, with its type', async (t) => {
  for (const format of ['png', 'jpeg'] as const) {
    const { request, bytes, exact } = await withPicture(t, format);
    for (const path of ['/media/users/1', exact, `${exact}?size=64`, `http://chat.example${exact}`]) {
      const { status, headers, body } = await request('GET', path);
      assert.deepEqual([status, headers['content-type']], [200, `image/${format}`], path);
      assert.deepEqual(body, bytes);
    }
  }
});

test('SERVER-191 the exact path is 404 once it is not the picture any more, and for anybody else', async (t) => {
  const { request, people, exact, digest } = await withPicture(t);
  people.set(2, { displayName: 'Bob', account: true });
  assert.equal((await request('GET', exact)).status, 200);
  for (const path of [exact.replace('/1/', '/2/'), exact.replace('/1/', '/3/'), '/media/users/1/0123456789abcdef'])
    assert.equal((await request('GET', path)).status, 404, path);
  for (const picture of ['f'.repeat(64), undefined]) {
    people.set(1, { displayName: 'Alice', account: true, ...(picture && { picture }) });
    assert.equal((await request('GET', exact)).status, 404);
  }
  people.set(1, { displayName: 'Alice', account: true, picture: digest });
  assert.equal((await request('GET', exact)).status, 200);
});

test('SERVER-191 what is no id is 404', async (t) => {
  const { request } = await openTestMedia(t);
  for (const id of ['0', '01', '-1', '1.0', '1e3', 'x', '%31', '9007199254740992', '99999999999999999', '1/../1'])
    assert.equal((await request('GET', `/media/users/${id}`)).status, 404, id);
  assert.equal((await request('GET', '/media/users/9007199254740991')).status, 200);
});

test('SERVER-192 T25 people without a picture and unknown ids get one of the same kind', async (t) => {
  const { request, people } = await openTestMedia(t);
  people.set(2, { displayName: 'Guest', account: false });
  const shapes = new Set<string>();
  for (const id of [1, 2, 3]) {
    const { status, headers, body } = await request('GET', `/media/users/${id}`);
    const { etag, date: _date, ...others } = headers;
    assert.match(`${etag}`, /^"[0-9a-f]{64}"$/);
    const text = body
      .toString()
      .replace(/#[0-9a-f]{6}"\/>/, '')
      .replace(/>[A-Z]</, '');
    shapes.add(JSON.stringify([status, others, text]));
  }
  assert.equal(shapes.size, 1);
  assert.match([...shapes][0] ?? '', /"image\/svg\+xml"/);
  assert.match((await request('GET', '/media/users/2')).body.toString(), />G</);
});

test('SERVER-193 if its file is lost the drawn picture is shown, and the log says so', async (t) => {
  const { request, directory, digest, exact, port } = await withPicture(t);
  rmSync(join(directory, 'pictures', digest));
  const { status, headers } = await request('GET', '/media/users/1');
  assert.deepEqual([status, headers['content-type']], [200, 'image/svg+xml']);
  assert.deepEqual(port.logged, [{ event: 'picture-missing', person: 1 }]);
  assert.equal((await request('GET', exact)).status, 404);
});

test('SERVER-195 an exact path is kept for a year, another for a minute; what has not changed is 304', async (t) => {
  const { request, exact, digest } = await withPicture(t);
  for (const [path, caching, tag] of [
    [exact, 'public, max-age=31536000, immutable', `"${digest}"`],
    ['/media/users/1', 'public, max-age=60', `"${digest}"`],
    ['/media/users/2', 'public, max-age=60', null],
  ] as const) {
    const { headers } = await request('GET', path);
    assert.equal(headers['cache-control'], caching);
    const etag = `${headers.etag}`;
    if (tag !== null) assert.equal(etag, tag);
    for (const method of ['GET', 'HEAD']) {
      for (const known of [etag, `W/${etag}`, `"x", ${etag}`, `"x",W/${etag} ,"y"`, '*']) {
        const { status, headers: kept, body } = await request(method, path, { 'If-None-Match': known });
        assert.deepEqual([status, body.length, kept.etag, kept['cache-control']], [304, 0, etag, caching], known);
      }
    }
    for (const other of ['"x"', etag.slice(1, -1), '""'])
      assert.equal((await request('GET', path, { 'If-None-Match': other })).status, 200, other);
  }
});

test('SERVER-195 HEAD is GET without the body', async (t) => {
  const { request, exact, bytes } = await withPicture(t);
  for (const path of [exact, '/media/users/2', '/media/users/x']) {
    const { headers: got, status, body } = await request('GET', path);
    const head = await request('HEAD', path);
    assert.deepEqual([head.status, head.body.length], [status, 0]);
    assert.deepEqual({ ...head.headers, date: '' }, { ...got, date: '' });
    assert.equal(Number(got['content-length']), body.length);
  }
  assert.equal(Number((await request('HEAD', exact)).headers['content-length']), bytes.length);
});
