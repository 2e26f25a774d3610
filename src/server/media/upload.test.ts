import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { waitForIo } from '../../../testing/condition.ts';
import { bomb, openTestMedia, samplePicture } from '../../../testing/media.ts';
import { RawClient } from '../../../testing/transports/raw-client.ts';
import type { Encoding } from './encoder.ts';

const LIMIT = 2 * 2 ** 20;
const PNG = await samplePicture().png().toBuffer();
const POST = ['POST /media/pictures HTTP/1.1', 'Host: localhost', 'Authorization: Bearer alice'];

/** An encoder that leaves pictures as they are, each when the test says so. */
function slowEncoder() {
  const waiting: (() => void)[] = [];
  const encode = (bytes: Buffer) =>
    new Promise<Encoding>((resolve) => waiting.push(() => resolve({ type: 'encoded', bytes })));
  return { encoder: { encode }, waiting };
}

const instant = { encode: async (bytes: Buffer): Promise<Encoding> => ({ type: 'encoded', bytes }) };

const nothingIn = (directory: string) => assert.deepEqual(readdirSync(directory), []);

test('SERVER-170 SERVER-176 an uploaded picture gets a path, and is served there when the account has it', async (t) => {
  const { upload, request, people, pictures, directory } = await openTestMedia(t);
  const answer = await upload(PNG);
  assert.deepEqual([answer.status, answer.headers['content-type']], [201, 'application/json']);
  const { picture } = JSON.parse(answer.body.toString()) as { picture: string };
  const [digest = ''] = readdirSync(join(directory, 'pictures'));
  assert.equal(picture, `users/1/${digest.slice(0, 16)}`);
  assert.equal((await request('GET', `/media/${picture}`)).status, 404, 'it is nobody’s picture yet');
  assert.equal(await pictures.named(1, picture), digest);
  people.set(1, { displayName: 'Alice', account: true, picture: digest });
  const shown = await request('GET', `/media/${picture}`);
  assert.deepEqual([shown.status, shown.headers['content-type']], [200, 'image/jpeg']);
  assert.notDeepEqual(shown.body, PNG);
});

test('SERVER-171 without a valid session it is 401, in the same words', async (t) => {
  const { request, directory } = await openTestMedia(t);
  const path = '/media/pictures';
  const answers = [await request('POST', path, {}, PNG)];
  for (const Authorization of ['', 'Bearer', 'Bearer ', 'Bearer bob', 'Basic alice', 'alice', 'Bearer alice alice'])
    answers.push(await request('POST', path, { Authorization }, PNG));
  for (const { status, headers, body } of answers) {
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer']);
    assert.deepEqual(body, answers[0]?.body);
  }
  nothingIn(directory);
});

test('SERVER-171 the word Bearer is compared without case', async (t) => {
  const { upload } = await openTestMedia(t, { encoder: instant });
  assert.equal((await upload(PNG, { Authorization: 'bearer  alice ' })).status, 201);
});

test('SERVER-172 a guest may not upload', async (t) => {
  const { upload, people, sessions, directory } = await openTestMedia(t);
  people.set(2, { displayName: 'Guest', account: false });
  sessions.set('guest', 2);
  assert.equal((await upload(PNG, { Authorization: 'Bearer guest' })).status, 403);
  nothingIn(directory);
});

test('SERVER-173 an announced length over the limit is refused before the body comes', async (t) => {
  const { port } = await openTestMedia(t);
  const client = await RawClient.connect(port.port);
  t.after(() => client.destroy());
  await client.send([...POST, `Content-Length: ${LIMIT + 1}`, '', ''].join('\r\n'));
  assert.match(await client.until('2 MiB'), /^HTTP\/1.1 413 /);
});

test('SERVER-173 a body without a length is read up to the limit', async (t) => {
  const { upload } = await openTestMedia(t, { encoder: instant });
  const chunked = { 'Transfer-Encoding': 'chunked' };
  const largest = Buffer.concat([PNG, Buffer.alloc(LIMIT - PNG.length)]);
  assert.equal((await upload(largest, chunked)).status, 201);
  assert.equal((await upload(Buffer.concat([largest, Buffer.alloc(1)]), chunked)).status, 413);
  assert.equal((await upload(largest)).status, 201);
});

test('SERVER-173 a client that reads only when it has sent everything gets the answer', async (t) => {
  const { port } = await openTestMedia(t, { encoder: instant });
  for (const head of [POST, POST.slice(0, 2)]) {
    const client = await RawClient.connect(port.port);
    client.socket.pause();
    await client.send([...head, 'Connection: close', `Content-Length: ${16 * LIMIT}`, '', ''].join('\r\n'));
    await client.send(Buffer.alloc(16 * LIMIT));
    client.socket.resume();
    assert.match(await client.closed(), /^HTTP\/1.1 4(?:13|01) [^]*\.\n$/);
  }
  await port.connections(0);
});

test('SERVER-174 what is no picture is 415, whatever its type claims to be', async (t) => {
  const { upload, directory } = await openTestMedia(t);
  for (const text of ['', '<svg xmlns="http://www.w3.org/2000/svg"/>', '<!doctype html>', 'BM', '%PDF-1.7'])
    assert.equal((await upload(Buffer.from(text), { 'Content-Type': 'image/png' })).status, 415, text);
  nothingIn(directory);
});

test('SERVER-175 SERVER-177 T8 damaged pictures are 400, and those of too many pixels 413', async (t) => {
  const { upload, directory } = await openTestMedia(t);
  assert.equal((await upload(PNG.subarray(0, PNG.length / 2))).status, 400);
  assert.equal((await upload(Buffer.from('GIF89a<script>alert(1)</script>'))).status, 400);
  const answer = await upload(bomb(60_000, 60_000, PNG));
  assert.equal(answer.status, 413);
  assert.match(answer.body.toString(), /megapixels/);
  nothingIn(directory);
});

test('SERVER-178 T35 a person uploads one picture at once, and 20 an hour', async (t) => {
  const { encoder, waiting } = slowEncoder();
  const { upload, port } = await openTestMedia(t, { encoder });
  const first = upload(PNG);
  while (waiting.length === 0) await waitForIo();
  const second = await upload(PNG);
  assert.deepEqual([second.status, second.headers['retry-after']], [429, '1']);
  waiting.shift()?.();
  assert.equal((await first).status, 201);
  for (let count = 1; count < 20; count++) assert.equal((await upload(Buffer.from('no picture'))).status, 415);
  const tooMany = await upload(PNG);
  assert.deepEqual([tooMany.status, tooMany.headers['retry-after']], [429, '180']);
  port.clock.advance(180_000);
  assert.equal((await upload(Buffer.from('no picture'))).status, 415);
});

test('SERVER-178 everybody together uploads 16 pictures at once', async (t) => {
  const { encoder, waiting } = slowEncoder();
  const { upload, people, sessions } = await openTestMedia(t, { encoder });
  const uploads = Array.from({ length: 16 }, (_, index) => {
    people.set(100 + index, { displayName: 'x', account: true });
    sessions.set(`session-${index}`, 100 + index);
    return upload(Buffer.concat([PNG, Buffer.from([index])]), { Authorization: `Bearer session-${index}` });
  });
  while (waiting.length < 16) await waitForIo();
  const refused = await upload(PNG);
  assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1']);
  for (const finish of waiting.splice(0)) finish();
  assert.deepEqual(
    (await Promise.all(uploads)).map(({ status }) => status),
    Array(16).fill(201),
  );
  const next = upload(PNG);
  while (waiting.length === 0) await waitForIo();
  waiting.shift()?.();
  assert.equal((await next).status, 201);
});

test('SERVER-178 SERVER-180 an encoder that is busy or missing is 503', async (t) => {
  const types = ['busy', 'unavailable'] as const;
  const left = [...types];
  const encode = async (): Promise<Encoding> => ({ type: left.shift() ?? 'busy' });
  const { upload } = await openTestMedia(t, { encoder: { encode } });
  const busy = await upload(PNG);
  assert.deepEqual([busy.status, busy.headers['retry-after']], [503, '1']);
  const unavailable = await upload(PNG);
  assert.deepEqual([unavailable.status, unavailable.headers['retry-after']], [503, undefined]);
});

test('SERVER-181 while the store takes no writes, nothing is stored', async (t) => {
  const { upload, directory } = await openTestMedia(t, { encoder: instant, problem: async () => 'the disk is full' });
  assert.equal((await upload(PNG)).status, 503);
  nothingIn(directory);
});

test('SERVER-182 a full disk is 507, any other failure 503, and the log says which', async (t) => {
  const errors = ['ENOSPC', 'EDQUOT', 'EIO'].map((code) => Object.assign(new Error(code), { code }));
  const left = [...errors];
  const pictures = { add: () => Promise.reject(left.shift()) };
  const { upload, port } = await openTestMedia(t, { encoder: instant, pictures });
  const statuses: number[] = [];
  for (const _ of errors) statuses.push((await upload(PNG)).status);
  assert.deepEqual(statuses, [507, 507, 503]);
  assert.deepEqual(
    port.logged,
    ['ENOSPC', 'EDQUOT', 'EIO'].map((reason) => ({ event: 'picture-not-stored', reason })),
  );
});

test('SERVER-170 a client that half-closes after its picture gets the answer', async (t) => {
  const { port } = await openTestMedia(t, { encoder: instant });
  const client = await RawClient.connect(port.port);
  client.socket.write([...POST, `Content-Length: ${PNG.length}`, '', ''].join('\r\n'));
  client.socket.end(PNG);
  assert.match(await client.closed(), /^HTTP\/1.1 201 [^]*\{"picture":"users\/1\/[0-9a-f]{16}"\}\n$/);
  await port.connections(0);
});

test('SERVER-170 T30 a body that ends early, or comes too slowly, stores nothing and holds no place', async (t) => {
  const { port, upload, directory } = await openTestMedia(t, { encoder: instant });
  const part = PNG.subarray(0, 20);
  const begin = async () => {
    const client = await RawClient.connect(port.port);
    await client.send([...POST, `Content-Length: ${PNG.length}`, '', ''].join('\r\n'));
    await client.send(part);
    await waitForIo();
    return client;
  };
  const halfClosed = await begin();
  halfClosed.socket.end();
  assert.match(await halfClosed.closed(), /^HTTP\/1.1 400 /);
  const gone = await begin();
  gone.destroy();
  await port.connections(0);
  const slow = await begin();
  port.clock.advance(10_000);
  assert.equal(await slow.closed(), '');
  await port.connections(0);
  nothingIn(directory);
  assert.equal((await upload(PNG)).status, 201);
});
