import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { waitForIo } from '../../../testing/condition.ts';
import { openTestFiles, type TestFiles } from '../../../testing/files.ts';
import { samplePicture } from '../../../testing/media.ts';
import { RawClient } from '../../../testing/transports/raw-client.ts';

const MEBIBYTE = 2 ** 20;
const PNG = await samplePicture(40, 20).png().toBuffer();
const HEAD = ['POST /files?name=a.txt HTTP/1.1', 'Host: localhost', 'Authorization: Bearer alice'];
const LENGTH = 300 * 1024;

/** Waits until nothing is left of any upload. */
async function nothingIn({ directory }: TestFiles): Promise<void> {
  while (existsSync(directory) && readdirSync(directory).length > 0) await waitForIo();
}

/** Begins an upload of `LENGTH` bytes, and sends so many of them. */
async function begin(files: TestFiles, bytes: number): Promise<RawClient> {
  const client = await RawClient.connect(files.port.port);
  await client.send([...HEAD, `Content-Length: ${LENGTH}`, '', ''].join('\r\n'));
  await client.send(Buffer.alloc(bytes, 'x'));
  await arrived(files, bytes);
  return client;
}

/** Waits until an upload under way has so many bytes. */
async function arrived({ directory }: TestFiles, bytes: number): Promise<void> {
  const sizes = () =>
    (existsSync(directory) ? readdirSync(directory) : []).map((name) => sizeOf(join(directory, name)));
  while (!sizes().some((size) => size >= bytes)) await waitForIo();
  await waitForIo();
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

test('SERVER-260 SERVER-267 an uploaded file is stored by its digest, described, and can be sent', async (t) => {
  const files = await openTestFiles(t);
  const answer = await files.upload(PNG, 'Kätzchen.png');
  assert.deepEqual([answer.status, answer.headers['content-type']], [201, 'application/json']);
  const { address, ...more } = JSON.parse(answer.body.toString()) as { address: string };
  assert.match(address, /^\/files\/[0-9a-f]{32}\/K%C3%A4tzchen\.png$/);
  assert.deepEqual(more, { name: 'Kätzchen.png', size: PNG.length, type: 'image/png', width: 40, height: 20 });
  const digest = hash('sha256', PNG);
  assert.deepEqual(readdirSync(files.directory), [digest]);
  assert.deepEqual(readFileSync(join(files.directory, digest)), PNG);
  assert.deepEqual(
    [files.directory, join(files.directory, digest)].map((path) => statSync(path).mode & 0o777),
    [0o700, 0o600],
  );
  const message = await files.post(address);
  assert.equal(message.text, `Kätzchen.png: http://127.0.0.1:${files.port.port}${address}`);
});

test('SERVER-267 equal bytes are stored once, under several addresses', async (t) => {
  const files = await openTestFiles(t);
  const [first, second] = await Promise.all([files.uploaded(PNG, 'a.png'), files.uploaded(PNG, 'b.png')]);
  assert.notEqual(first.address.slice(0, 40), second.address.slice(0, 40));
  assert.equal(readdirSync(files.directory).length, 1);
});

test('SERVER-261 without a valid session it is 401, in the same words, and guests get 403', async (t) => {
  const files = await openTestFiles(t);
  const { request, sessions, app } = files;
  const answers = [await request('POST', '/files?name=a', {}, PNG)];
  for (const Authorization of ['', 'Bearer', 'Bearer bob', 'Basic alice', 'alice'])
    answers.push(await request('POST', '/files?name=a', { Authorization }, PNG));
  for (const { status, headers, body } of answers) {
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer']);
    assert.deepEqual(body, answers[0]?.body);
  }
  sessions.set('guest', await app.enter('guest'));
  assert.equal((await files.upload(PNG, 'a', { Authorization: 'Bearer guest' })).status, 403);
  await nothingIn(files);
});

test('SERVER-262 an announced length over the limit is refused before the body comes', async (t) => {
  const files = await openTestFiles(t);
  const client = await RawClient.connect(files.port.port);
  t.after(() => client.destroy());
  await client.send([...HEAD, `Content-Length: ${MEBIBYTE + 1}`, '', ''].join('\r\n'));
  assert.match(await client.until('1 MiB'), /^HTTP\/1.1 413 /);
});

test('SERVER-262 a body without a length is read up to the limit; an empty one is 400', async (t) => {
  const files = await openTestFiles(t);
  const chunked = { 'Transfer-Encoding': 'chunked' };
  assert.equal((await files.upload(Buffer.alloc(MEBIBYTE + 1), 'a', chunked)).status, 413);
  assert.equal((await files.upload('', 'a')).status, 400);
  await nothingIn(files);
  assert.equal((await files.upload(Buffer.alloc(MEBIBYTE), 'a', chunked)).status, 201);
});

test('SERVER-263 all files of a person have a limit, also those that are uploaded at once', async (t) => {
  const files = await openTestFiles(t, { personBytes: 1_000 });
  const bodies = Array.from({ length: 4 }, (_, index) => Buffer.alloc(400, `${index}`));
  const chunked = { 'Transfer-Encoding': 'chunked' };
  for (const headers of [{}, chunked]) {
    const answers = await Promise.all(bodies.map((body) => files.upload(body, 'a', headers)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 201, 403, 403]);
    assert.equal(await files.app.storage.fileBytes(files.alice), 800);
    assert.equal((await files.upload(Buffer.alloc(201))).status, 403);
    const addresses = answers.flatMap(({ status, body }) =>
      status === 201 ? (JSON.parse(body.toString()) as { address: string }).address : [],
    );
    for (const address of addresses) {
      const { id } = await files.post(address);
      await files.app.must((world, done) => world.messages.delete({ type: 'operator' }, id, done));
    }
    assert.equal(await files.app.storage.fileBytes(files.alice), 0, 'deletions make room');
  }
});

test('SERVER-263 what is refused is read no further, and takes no room', async (t) => {
  const files = await openTestFiles(t, { personBytes: 1_000 });
  const client = await RawClient.connect(files.port.port);
  t.after(() => client.destroy());
  await client.send([...HEAD, 'Content-Length: 1001', '', ''].join('\r\n'));
  assert.match(await client.until('too much room'), /^HTTP\/1.1 403 /);
  assert.equal((await files.upload(Buffer.alloc(1_000))).status, 201);
});

test('SERVER-264 T35 a person uploads 4 files at once, everybody 16, and 100 wait for their message', async (t) => {
  const files = await openTestFiles(t);
  const { sessions, app, upload } = files;
  const held: RawClient[] = await Promise.all([1, 2, 3, 4].map(() => begin(files, 1)));
  const tooMany = await upload(PNG);
  assert.deepEqual([tooMany.status, tooMany.headers['retry-after']], [429, '1']);
  for (let person = 1; person <= 3; person++) {
    sessions.set('alice', await app.member(`person${person}`));
    held.push(...(await Promise.all([1, 2, 3, 4].map(() => begin(files, 1)))));
  }
  sessions.set('alice', await app.member('bob'));
  const busy = await upload(PNG);
  assert.deepEqual([busy.status, busy.headers['retry-after']], [503, '1']);
  for (const client of held) client.destroy();
  await nothingIn(files);
  for (let count = 0; count < 100; count++) assert.equal((await upload(`${count}`)).status, 201);
  const waiting = await upload('one more');
  assert.deepEqual([waiting.status, waiting.headers['retry-after']], [429, '60']);
});

test('SERVER-265 SERVER-266 T30 a body has 10 s for each 128 KiB; one that is cut off or too slow leaves nothing', async (t) => {
  const files = await openTestFiles(t);
  const { clock } = files.port;
  const cut = await begin(files, 1_000);
  cut.destroy();
  await files.port.connections(0);
  await nothingIn(files);
  const slow = await begin(files, 100 * 1024);
  clock.advance(10_000);
  assert.equal(await slow.closed(), '');
  await files.port.connections(0);
  await nothingIn(files);
  const steady = await begin(files, 130 * 1024);
  clock.advance(9_999);
  await steady.send(Buffer.alloc(130 * 1024));
  await arrived(files, 260 * 1024);
  clock.advance(9_999);
  await steady.send(Buffer.alloc(LENGTH - 260 * 1024));
  assert.match(await steady.until('"address"'), /^HTTP\/1.1 201 /);
  steady.destroy();
  assert.equal(readdirSync(files.directory).length, 1);
});

test('SERVER-266 a client that half-closes in the middle of its file gets 400', async (t) => {
  const files = await openTestFiles(t);
  const client = await begin(files, 1_000);
  client.socket.end();
  assert.match(await client.closed(), /^HTTP\/1.1 400 /);
  await nothingIn(files);
});

test('SERVER-268 T36 a nearly full disk is 507, a store that takes no writes 503, and nothing stays', async (t) => {
  for (const [changes, status] of [
    [{ freeBytes: async () => 65 * MEBIBYTE - 1 }, 507],
    [{ freeBytes: async () => 65 * MEBIBYTE }, 201],
    [{ problem: async () => 'the disk is full' }, 503],
  ] as const) {
    const files = await openTestFiles(t, changes);
    assert.equal((await files.upload(PNG)).status, status);
    if (status !== 201) await nothingIn(files);
  }
  const failing = (code: string) => ({ begin: () => Promise.reject(Object.assign(new Error(code), { code })) });
  for (const [code, status] of [
    ['ENOSPC', 507],
    ['EDQUOT', 507],
    ['EIO', 503],
  ] as const) {
    const files = await openTestFiles(t, { blobs: failing(code) });
    assert.equal((await files.upload(PNG)).status, status);
    assert.deepEqual(files.port.logged, [{ event: 'file-not-stored', reason: code }]);
  }
});

test('SERVER-268 a file that storage refuses is 503, and no file', async (t) => {
  const files = await openTestFiles(t);
  files.app.storage.append = async (batch) => batch.map(() => ({ type: 'unavailable', reason: 'the test wants it' }));
  assert.equal((await files.upload(PNG)).status, 503);
  assert.equal(await files.app.storage.fileBytes(files.alice), 0);
});

test('SERVER-276 T41 pages upload as they open WebSockets: foreign ones not, allowed ones with a preflight', async (t) => {
  const origins = { hosts: [], allowOrigins: ['https://app.example'] };
  const { upload, request } = await openTestFiles(t, {}, { origins });
  const refused = await upload(PNG, 'a', { Origin: 'https://evil.example' });
  assert.deepEqual([refused.status, refused.headers['access-control-allow-origin']], [403, undefined]);
  const Origin = 'https://app.example';
  const preflight = await request('OPTIONS', '/files?name=a', { Origin, 'Access-Control-Request-Method': 'POST' });
  assert.deepEqual([preflight.status, preflight.headers['access-control-allow-origin']], [204, Origin]);
  const answer = await upload(PNG, 'a', { Origin });
  assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [201, Origin]);
});

test('SERVER-277 other methods are 405', async (t) => {
  const { request, uploaded } = await openTestFiles(t);
  const { address } = await uploaded(PNG);
  for (const [method, path, allow] of [
    ['GET', '/files', 'POST, OPTIONS'],
    ['DELETE', address, 'GET, HEAD'],
    ['PUT', address, 'GET, HEAD'],
    ['POST', address, 'GET, HEAD'],
  ] as const) {
    const answer = await request(method, path);
    assert.deepEqual([answer.status, answer.headers.allow], [405, allow]);
  }
});

test('SERVER-280 the address in the text is public, else that of the upload; without a usable host it is 400', async (t) => {
  const textOf = async (files: TestFiles, headers = {}) => {
    const { status, body } = await files.upload(PNG, 'a.png', headers);
    assert.equal(status, 201);
    return (await files.post((JSON.parse(body.toString()) as { address: string }).address)).text;
  };
  const files = await openTestFiles(t);
  assert.match(
    await textOf(files, { Host: 'Chat.Example.org:5000' }),
    /^a\.png: http:\/\/chat\.example\.org:5000\/files\//,
  );
  const listed = await openTestFiles(t, { publicAddress: 'chat.example.org:443' });
  assert.match(await textOf(listed, { Host: 'elsewhere' }), /^a\.png: https:\/\/chat\.example\.org\/files\//);
  for (const Host of ['a b', 'a/b', 'a@b', 'a\u00e4', '"', 'a:x', '[zz]', 'a:99999'])
    assert.equal((await files.upload(PNG, 'a', { Host })).status, 400, Host);
});
