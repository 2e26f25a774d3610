import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, type Client, register, type SentFile } from '../../src/protocols/documents/client.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { requestFrom, samplePicture } from '../../testing/media.ts';
import { describePostgres, query } from '../../testing/postgres.ts';
import { type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { type Cleanup, temporaryDirectory } from '../../testing/temporary.ts';

const ALICE = { name: 'alice', password: 'open sesame' };
const PNG = await samplePicture().png().toBuffer();
const LARGE = Buffer.alloc(3 * 2 ** 20, 'large ');

const urlOf = (server: ServerProcess) => `${server.url}documents`;

/** Two servers on one database, and Alice on both. */
async function openNodes(cleanup: Cleanup, storage: string, args: readonly string[] = []) {
  const start = () => startServerProcess(cleanup, { env: { PARLANCE_STORAGE: storage }, args });
  const one = await start();
  await register(urlOf(one), { ...ALICE, displayName: 'Alice' });
  const other = await start();
  return { one, other, here: await connect(urlOf(one), ALICE), there: await connect(urlOf(other), ALICE) };
}

async function upload(server: ServerProcess, { session }: Client, path: string, body: Uint8Array) {
  const answer = await requestFrom(server.port, 'POST', path, { Authorization: `Bearer ${session.session}` }, body);
  assert.equal(answer.status, 201, answer.body.toString());
  return JSON.parse(answer.body.toString()) as unknown;
}

/** Alice uploads to one node, and sends, chooses and gets on the other one. */
async function useBoth({ one, other, here, there }: Awaited<ReturnType<typeof openNodes>>): Promise<void> {
  const file = (await upload(one, here, '/files?name=large.bin', LARGE)) as SentFile;
  const room = await there.add(there.keys.rooms, { key: { type: 'room' }, name: 'Den' });
  const message = await there.send(room, 'look', { file });
  for (const server of [one, other]) {
    const { body } = await requestFrom(server.port, 'GET', file.address);
    assert.ok(LARGE.equals(body));
    const part = await requestFrom(server.port, 'GET', file.address, { Range: 'bytes=262140-524300' });
    assert.ok(part.status === 206 && LARGE.subarray(262_140, 524_301).equals(part.body));
  }
  await there.remove(room, { key: message });
  assert.equal((await requestFrom(other.port, 'GET', file.address)).status, 404);

  const { picture } = (await upload(other, there, '/media/pictures', PNG)) as { picture: string };
  await here.patch(here.keys.self, [{ op: 'replace', path: '/picture', value: picture }]);
  const shown = await requestFrom(one.port, 'GET', `/media/${picture}`);
  assert.equal(shown.headers['content-type'], 'image/jpeg');
  for (const client of [here, there]) await client.close();
}

describePostgres('files of several servers', (makeDatabase) => {
  test('SERVER-323 SERVER-324 SERVER-325 what one node stores in PostgreSQL the other one has, and no data directory', async (t) => {
    const cleanup = lastFirst(t);
    const storage = await makeDatabase(cleanup);
    const nodes = await openNodes(cleanup, storage);
    const { one, other } = nodes;
    const drawn = async (server: ServerProcess) =>
      (await requestFrom(server.port, 'GET', '/media/users/77')).body.toString();
    assert.equal(await drawn(one), await drawn(other));
    await useBoth(nodes);
    for (const { dataDir } of [one, other])
      for (const kind of ['files', 'pictures']) assert.ok(!existsSync(join(dataDir, kind)), kind);
    assert.deepEqual(await query(storage, 'SELECT kind FROM blob ORDER BY kind'), [
      { kind: 'files' },
      { kind: 'pictures' },
    ]);
  });

  test('SERVER-322 SERVER-325 what one node stores in the shared directory the other one has, and no database', async (t) => {
    const cleanup = lastFirst(t);
    const [storage, directory] = [await makeDatabase(cleanup), temporaryDirectory(cleanup)];
    await useBoth(await openNodes(cleanup, storage, ['--files', directory]));
    assert.deepEqual(await query(storage, 'SELECT kind FROM blob'), []);
    for (const kind of ['files', 'pictures']) assert.equal(readdirSync(join(directory, kind)).length, 1, kind);
  });
});
