import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import type { LogFields } from '../../core/ports.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { FakeClock } from '../../../testing/clock.ts';
import { silentLog } from '../../../testing/world.ts';
import { askServer } from './client.ts';
import { type AdminReply, type AdminRequest, MAX_REQUEST_BYTES } from './messages.ts';
import { adminPath } from './path.ts';
import { openAdmin } from './server.ts';

/** An admin socket that records every request and answers with success. */
async function opened(t: TestContext) {
  const path = join(temporaryDirectory(t), 'admin.sock');
  const asked: AdminRequest[] = [];
  const logged: LogFields[] = [];
  const log = { ...silentLog, info: (event: string, fields: LogFields = {}) => logged.push({ event, ...fields }) };
  const run = async (request: AdminRequest): Promise<AdminReply> => {
    asked.push(request);
    return { ok: request.command !== 'kick', lines: ['done', 'in two lines'] };
  };
  const clock = new FakeClock();
  const close = await openAdmin(path, run, { clock, log });
  t.after(close);
  return { path, asked, logged, clock };
}

/** Writes bytes and reads the whole answer. */
async function raw(path: string, ...pieces: string[]): Promise<string> {
  const socket = connect(path);
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece);
  return text(socket);
}

test('SERVER-62 a request is answered, split anyhow, and the connection ends', async (t) => {
  const { path, asked } = await opened(t);
  const request = { command: 'ban', name: 'mallory', reason: 'spam', forMs: null } as const;
  assert.deepEqual(await askServer(path, request), { ok: true, value: { ok: true, lines: ['done', 'in two lines'] } });
  const [first, second] = ['{"command":', '"list"}\n{"command":"list"}\n'];
  assert.equal(await raw(path, first, second), '{"ok":true,"lines":["done","in two lines"]}\n');
  assert.deepEqual(asked, [request, { command: 'list' }]);
});

test('SERVER-62 an invalid request is refused and does nothing', async (t) => {
  const { path, asked } = await opened(t);
  const refusal = '{"ok":false,"lines":["this is no request that the server knows"]}\n';
  for (const line of [
    '',
    '{',
    '[]',
    '{"command":"constructor"}',
    '{"command":"list","more":1}',
    '{"command":"kick"}',
    '{"command":"user-role","name":"bob","role":"king"}',
    '{"command":"user-password","name":"bob"}',
  ]) {
    assert.equal(await raw(path, `${line}\n`), refusal);
  }
  assert.equal(await raw(path, '{"command":"ban","name":"a","reason":"b","forMs":-1}\n'), refusal);
  assert.deepEqual(asked, []);
});

test('SERVER-62 a line of 64 KiB is read, a longer one refused', async (t) => {
  const { path, asked } = await opened(t);
  const request = (length: number) => {
    const empty = JSON.stringify({ command: 'unban', name: '' });
    return `${JSON.stringify({ command: 'unban', name: 'x'.repeat(length - empty.length) })}\n`;
  };
  assert.match(await raw(path, request(MAX_REQUEST_BYTES)), /^\{"ok":true/);
  assert.equal(asked.length, 1);
  assert.equal(await raw(path, request(MAX_REQUEST_BYTES + 1)), '{"ok":false,"lines":["the request is too long"]}\n');
  assert.equal(asked.length, 1);
});

test('SERVER-69 SERVER-81 what the operator did is logged, without reasons and passwords', async (t) => {
  const { path, logged } = await opened(t);
  await askServer(path, { command: 'ban', name: 'mallory', reason: 'spam', forMs: null });
  await askServer(path, { command: 'kick', name: 'bob', reason: 'spam' });
  await askServer(path, { command: 'user-password', name: 'bob', password: 'correct horse' });
  await askServer(path, { command: 'list' });
  assert.deepEqual(logged, [
    { event: 'admin', command: 'ban', name: 'mallory', ok: true },
    { event: 'admin', command: 'kick', name: 'bob', ok: false },
    { event: 'admin', command: 'user-password', name: 'bob', ok: true },
    { event: 'admin', command: 'list', name: null, ok: true },
  ]);
});

test('SERVER-63 a file at the path of the socket is replaced', async (t) => {
  const path = join(temporaryDirectory(t), 'admin.sock');
  await writeFile(path, 'in the way');
  const close = await openAdmin(path, async () => ({ ok: true, lines: [] }), {
    clock: new FakeClock(),
    log: silentLog,
  });
  t.after(close);
  assert.equal((await askServer(path, { command: 'list' })).ok, true);
});

test('SERVER-64 a path that is too long for a socket is refused, with the possible length', () => {
  const longest = `/${'x'.repeat(91)}`;
  assert.deepEqual(adminPath(longest), { ok: true, value: `${longest}/admin.sock` });
  assert.deepEqual(adminPath(`${longest}x`), {
    ok: false,
    error: `the path of the data directory is too long for the socket in it: ${longest}x has 93 bytes, at most 92 are possible`,
  });
  assert.equal(adminPath(`/${'ä'.repeat(46)}`).ok, false);
});

test('SERVER-65 without a server the error says so, with the directory', async (t) => {
  const directory = temporaryDirectory(t);
  const none = await askServer(join(directory, 'admin.sock'), { command: 'list' });
  assert.deepEqual(none, {
    ok: false,
    error: `no server runs with its data in ${directory}. If yours keeps it elsewhere, which it says at its start, add --data DIRECTORY or set PARLANCE_DATA`,
  });
  await writeFile(join(directory, 'file'), '');
  const odd = await askServer(join(directory, 'file', 'admin.sock'), { command: 'list' });
  assert.match(odd.ok ? '' : odd.error, /^the server on .*file cannot be asked: .*ENOTDIR/);
});

test('SERVER-65 an invalid or incomplete answer is reported as such', async (t) => {
  const path = join(temporaryDirectory(t), 'admin.sock');
  const answers = ['', 'nonsense\n', '{"ok":true}\n', '{"ok":true,"lines":[]}'];
  const server = createServer((socket) => socket.once('data', () => socket.end(answers.shift() ?? '')));
  server.listen(path);
  await once(server, 'listening');
  t.after(() => server.close());
  const errors = [];
  for (let left = answers.length; left > 0; left--) errors.push(await askServer(path, { command: 'list' }));
  const broken = { ok: false, error: 'the server ended without an answer' };
  const unreadable = { ok: false, error: 'the server gave an answer that cannot be read' };
  assert.deepEqual(errors, [broken, unreadable, unreadable, broken]);
});

/** Lets the server look whether its socket is there, and waits until it has done what it does then. */
async function look(clock: FakeClock): Promise<void> {
  clock.advance(5_000);
  while (clock.timers === 0) await new Promise((done) => setImmediate(done));
}

test('SERVER-129 a socket that was removed is made again, and one that is there stays', async (t) => {
  const { path, clock } = await opened(t);
  const before = statSync(path).ino;
  clock.advance(60_000);
  assert.equal(statSync(path).ino, before);
  for (let removals = 0; removals < 3; removals++) {
    rmSync(path);
    await look(clock);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal((await askServer(path, { command: 'list' })).ok, true);
  }
});

test('SERVER-129 a directory that is moved away and back has its socket, and a stop removes it', async (t) => {
  const parent = temporaryDirectory(t);
  const [folder, elsewhere] = [join(parent, 'data'), join(parent, 'elsewhere')];
  mkdirSync(folder);
  const path = join(folder, 'admin.sock');
  const clock = new FakeClock();
  const close = await openAdmin(path, async () => ({ ok: true, lines: [] }), { clock, log: silentLog });
  for (const removeFirst of [false, true]) {
    if (removeFirst) rmSync(path);
    await look(clock);
    renameSync(folder, elsewhere);
    await look(clock);
    renameSync(elsewhere, folder);
    await look(clock);
    assert.equal((await askServer(path, { command: 'list' })).ok, true);
  }
  await close();
  assert.deepEqual(readdirSync(folder), []);
});

test('SERVER-129 where the socket cannot be made again the server tries until it can, and still closes', async (t) => {
  const folder = join(temporaryDirectory(t), 'data');
  mkdirSync(folder);
  const path = join(folder, 'admin.sock');
  const clock = new FakeClock();
  const events: string[] = [];
  const log = { ...silentLog, warn: (event: string) => events.push(event) };
  const close = await openAdmin(path, async () => ({ ok: true, lines: [] }), { clock, log });
  rmSync(folder, { recursive: true });
  await look(clock);
  await look(clock);
  mkdirSync(folder);
  await look(clock);
  assert.deepEqual(events, ['admin-socket-missing', 'admin-socket-made-again']);
  assert.equal((await askServer(path, { command: 'list' })).ok, true);
  rmSync(folder, { recursive: true });
  await look(clock);
  await close();
  assert.equal(clock.timers, 0);
});

test('SERVER-92 a request that fails in the server is answered with the reason, and the next one works', async (t) => {
  const path = join(temporaryDirectory(t), 'admin.sock');
  let fails = true;
  const run = async (): Promise<AdminReply> => {
    if (fails) throw new Error('the store is closed');
    return { ok: true, lines: ['done'] };
  };
  t.after(await openAdmin(path, run, { clock: new FakeClock(), log: silentLog }));
  const lines = ['the server cannot do this now: the store is closed'];
  assert.deepEqual(await askServer(path, { command: 'list' }), { ok: true, value: { ok: false, lines } });
  fails = false;
  assert.deepEqual(await askServer(path, { command: 'list' }), { ok: true, value: { ok: true, lines: ['done'] } });
});

test('SERVER-85 a client of the admin socket that does not read its answer stops neither the others nor the end', async (t) => {
  const path = join(temporaryDirectory(t), 'admin.sock');
  const run = async (): Promise<AdminReply> => ({ ok: true, lines: ['x'.repeat(8 * 2 ** 20)] });
  const close = await openAdmin(path, run, { clock: new FakeClock(), log: silentLog });
  const silent = connect(path);
  await once(silent, 'connect');
  silent.pause().write('{"command":"list"}\n');
  assert.equal((await askServer(path, { command: 'list' })).ok, true);
  await close();
  silent.destroy();
});
