import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, register, type SentFile } from '../../src/protocols/documents/client.ts';
import { requestFrom, samplePicture } from '../../testing/media.ts';
import { runParlance, type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';

const ALICE = { name: 'alice', password: 'open sesame' };
const PNG = await samplePicture().png().toBuffer();
const roomKey = { type: 'room' } as const;

const urlOf = (server: ServerProcess) => `${server.url}documents`;

/** Uploads in the session of this secret. */
async function upload(server: ServerProcess, secret: string, name: string, body: Uint8Array): Promise<SentFile> {
  const headers = { Authorization: `Bearer ${secret}` };
  const answer = await requestFrom(server.port, 'POST', `/files?name=${name}`, headers, body);
  assert.equal(answer.status, 201, answer.body.toString());
  return JSON.parse(answer.body.toString()) as SentFile;
}

const fetchFile = (server: ServerProcess, { address }: SentFile) => requestFrom(server.port, 'GET', address);

test('SERVER-267 WORLD-240 a server killed between an upload and its message has the file, and after it both', async (t) => {
  const server = await startServerProcess(t);
  await register(urlOf(server), { ...ALICE, displayName: 'Alice' });
  const before = await connect(urlOf(server), ALICE);
  const room = await before.add(before.keys.rooms, { key: roomKey, name: 'Den' });
  const { session } = before;
  const picture = await upload(server, session.session, 'a.png', PNG);
  const text = await upload(server, session.session, 'b.txt', Buffer.from('words'));
  server.kill('SIGKILL');
  await server.exited;
  await before.close();

  const second = await startServerProcess(t, { dataDir: server.dataDir });
  const client = await connect(urlOf(second), { ...ALICE, session });
  assert.deepEqual((await fetchFile(second, picture)).body, PNG);
  const key = await client.send(room, 'look', { file: picture });
  second.kill('SIGKILL');
  await second.exited;
  await client.close();

  const third = await startServerProcess(t, { dataDir: server.dataDir });
  const again = await connect(urlOf(third), { ...ALICE, session });
  const content = await again.get(key);
  assert.deepEqual('file' in content && content.file, picture);
  assert.deepEqual((await fetchFile(third, picture)).body, PNG);
  await again.send(room, '', { file: text });
  await assert.rejects(again.send(room, 'again', { file: picture }), { status: 404 });
  await again.remove(room, { key });
  assert.equal((await fetchFile(third, picture)).status, 404);
  assert.equal((await fetchFile(third, text)).body.toString(), 'words');
  await again.close();
});

test('SERVER-281 STORE-84 a backup takes the files along, says which are missing, and a restored server has them', async (t) => {
  const server = await startServerProcess(t);
  await register(urlOf(server), { ...ALICE, displayName: 'Alice' });
  const client = await connect(urlOf(server), ALICE);
  const room = await client.add(client.keys.rooms, { key: roomKey, name: 'Den' });
  const file = await upload(server, client.session.session, 'a.png', PNG);
  await client.send(room, '', { file });
  await client.close();
  const directory = temporaryDirectory(t);
  const backup = join(directory, 'backup');
  const made = await runParlance(['admin', 'backup', backup, '--data', server.dataDir]);
  assert.deepEqual([made.code, made.stderr], [0, '']);
  await server.stop();
  const data = join(directory, 'restored');
  const restored = await runParlance(['restore', backup, '--data', data]);
  assert.deepEqual([restored.code, restored.stderr], [0, '']);
  const again = await startServerProcess(t, { dataDir: data });
  assert.deepEqual((await fetchFile(again, file)).body, PNG);
  await again.stop();
  assert.equal(readdirSync(join(data, 'files')).length, 1);
});

test('SERVER-326 SERVER-322 files in a directory of their own are not in a backup, and not called missing', async (t) => {
  const [directory, files] = [temporaryDirectory(t), temporaryDirectory(t)];
  const server = await startServerProcess(t, { args: ['--files', files] });
  await register(urlOf(server), { ...ALICE, displayName: 'Alice' });
  const client = await connect(urlOf(server), ALICE);
  const room = await client.add(client.keys.rooms, { key: roomKey, name: 'Den' });
  const file = await upload(server, client.session.session, 'a.png', PNG);
  await client.send(room, '', { file });
  await client.close();
  const backup = join(directory, 'backup');
  const args = ['admin', 'backup', backup, '--data', server.dataDir];
  const made = await runParlance(args, { PARLANCE_FILES: files });
  assert.deepEqual([made.code, made.stderr], [0, '']);
  await server.stop();
  const data = join(directory, 'restored');
  const restored = await runParlance(['restore', backup, '--data', data], { PARLANCE_FILES: files });
  assert.deepEqual([restored.code, restored.stderr], [0, '']);
  const again = await startServerProcess(t, { dataDir: data, args: ['--files', files] });
  assert.deepEqual((await fetchFile(again, file)).body, PNG);
  await again.stop();
  assert.equal(existsSync(join(data, 'files')), false);
});

test('SERVER-263 SERVER-262 the limits of a server are configured', async (t) => {
  const args = ['--files-max-mebibytes', '2', '--files-person-mebibytes', '3'];
  const server = await startServerProcess(t, { args });
  await register(urlOf(server), { ...ALICE, displayName: 'Alice' });
  const client = await connect(urlOf(server), ALICE);
  const post = async (mebibytes: number, fill: string) => {
    const headers = { Authorization: `Bearer ${client.session.session}` };
    return (await requestFrom(server.port, 'POST', '/files', headers, Buffer.alloc(mebibytes * 2 ** 20, fill))).status;
  };
  assert.deepEqual(
    [await post(3, 'a'), await post(2, 'b'), await post(2, 'c'), await post(1, 'd')],
    [413, 201, 403, 201],
  );
  await client.close();
});
