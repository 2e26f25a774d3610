import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { waitForIo } from '../../../testing/condition.ts';
import { requestFrom, samplePicture } from '../../../testing/media.ts';
import { startServerProcess } from '../../../testing/server.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { openTestPort } from '../../../testing/transports/port.ts';
import { silentLog, TestWorld } from '../../../testing/world.ts';
import type { Storage } from '../../core/ports.ts';
import type { HttpHandler } from '../../transports/accept/http-upgrader.ts';
import { routeRequests } from '../http/routes.ts';
import { DirectoryBlobs } from '../blobs/directory.ts';
import { openMedia } from './open.ts';

const HOUR = 60 * 60 * 1_000;
const PNG = await samplePicture().png().toBuffer();

/** A world with the account `alice` and media over it; every session's secret is the id of its person. */
async function opened(t: TestContext, data = temporaryDirectory(t)) {
  const app = await TestWorld.open();
  const alice = await app.register('alice');
  const failing: { storage: boolean } = { storage: false };
  const load: Storage['load'] = (stream) =>
    failing.storage ? Promise.reject(new Error('unavailable')) : app.storage.load(stream);
  const directory = join(data, 'pictures');
  const media = openMedia({
    blobs: new DirectoryBlobs(directory, app.clock),
    world: app.world,
    storage: { load },
    sessionOwner: async (secret) => Number(secret),
    problem: async () => null,
    clock: app.clock,
    secret: 'secret',
    log: silentLog,
  });
  t.after(media.close);
  const page: HttpHandler = (_request, response) => response.end('a page');
  const handler = routeRequests({ media: media.handler, files: page, web: page, pages: page });
  const { port } = await openTestPort(t, { handler });
  const setPicture = (picture: string | null) =>
    app.must((world, done) => world.accounts.setProfile(alice, { picture }, done));
  return { app, alice, media, port, setPicture, failing, directory };
}

const typeOf = async (port: number, path: string) =>
  (await requestFrom(port, 'GET', `/media/${path}`)).headers['content-type'];

test('SERVER-170 SERVER-186 SERVER-191 an account uploads, chooses, changes and removes its picture', async (t) => {
  const { alice, media, port, setPicture } = await opened(t);
  const answer = await requestFrom(port, 'POST', '/media/pictures', { Authorization: `Bearer ${alice}` }, PNG);
  assert.equal(answer.status, 201);
  const { picture } = JSON.parse(answer.body.toString()) as { picture: string };
  assert.equal(await typeOf(port, `users/${alice}`), 'image/svg+xml', 'uploading does not change the profile');
  await setPicture(await media.pictures.named(alice, picture));
  assert.equal(await typeOf(port, `users/${alice}`), 'image/jpeg');
  assert.equal(await typeOf(port, picture), 'image/jpeg');
  await setPicture(null);
  assert.equal(await typeOf(port, `users/${alice}`), 'image/svg+xml');
  assert.equal((await requestFrom(port, 'GET', `/media/${picture}`)).status, 404);
});

test('SERVER-172 SERVER-192 a guest has a drawn picture and cannot upload one', async (t) => {
  const { app, port } = await opened(t);
  const guest = await app.enter('Zoe');
  const answer = await requestFrom(port, 'POST', '/media/pictures', { Authorization: `Bearer ${guest}` }, PNG);
  assert.equal(answer.status, 403);
  assert.match((await requestFrom(port, 'GET', `/media/users/${guest}`)).body.toString(), />Z</);
});

test('SERVER-185 every hour the pictures that no account has are deleted, if the accounts can be read', async (t) => {
  const { app, media, setPicture, directory, failing } = await opened(t);
  const kept = await media.pictures.add(Buffer.from('kept'));
  await media.pictures.add(Buffer.from('unnamed'));
  await setPicture(kept);
  failing.storage = true;
  for (let hours = 0; hours < 4; hours++) {
    app.clock.advance(HOUR);
    await waitForIo();
  }
  assert.equal(readdirSync(directory).length, 2);
  failing.storage = false;
  while (readdirSync(directory).length > 1) {
    app.clock.advance(HOUR);
    await waitForIo();
  }
  assert.deepEqual(readdirSync(directory), [kept]);
});

test('SERVER-190 what is not below /media/ goes to the pages', async (t) => {
  const { port } = await opened(t);
  for (const path of ['/', '/media', '/mediax/users/1', '/healthz?/media/'])
    assert.equal((await requestFrom(port, 'GET', path)).body.toString(), 'a page', path);
  for (const path of ['/media/users/1', 'http://chat.example/media/users/1', '/media/users/1?x'])
    assert.equal((await requestFrom(port, 'GET', path)).headers['content-type'], 'image/svg+xml', path);
});

test('SERVER-171 SERVER-191 a server draws pictures, takes none without a session, and stops', async (t) => {
  const server = await startServerProcess(t);
  const drawn = await requestFrom(server.port, 'GET', '/media/users/7');
  assert.deepEqual([drawn.status, drawn.headers['content-type']], [200, 'image/svg+xml']);
  const refused = await requestFrom(server.port, 'POST', '/media/pictures', { Authorization: 'Bearer x' }, PNG);
  assert.equal(refused.status, 401);
  assert.match((await requestFrom(server.port, 'GET', '/healthz')).body.toString(), /"ok"/);
  assert.equal((await server.stop()).code, 0);
});
