import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect as connectCodechat } from '../src/protocols/codechat/client.ts';
import {
  type Client,
  connect as connectDocuments,
  type KeyOf,
  type PostedMessage,
} from '../src/protocols/documents/client.ts';
import { connect as connectMsgpack, register } from '../src/protocols/msgpack/client.ts';
import { connect } from '../src/protocols/tagged/client.ts';
import { Condition } from '../testing/condition.ts';
import { temporaryDirectory } from '../testing/temporary.ts';
import { TextClient } from '../testing/text-client.ts';
import { startServerProcess } from '../testing/server.ts';

const folder = new URL('../examples/', import.meta.url);

/** Starts a bot of `examples/`; resolves once it says that it has entered. */
async function startBot(t: TestContext, file: string, url: string, name: string): Promise<void> {
  const path = fileURLToPath(new URL(file, folder));
  const bot = spawn(process.execPath, [path, url, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => bot.kill());
  const [said] = await once(bot.stdout, 'data');
  assert.match(String(said), new RegExp(`^${name} has entered`));
}

test('the head of each bot says how to start it by the launcher, which works on Node 20 too', () => {
  for (const file of readdirSync(folder)) {
    const [, command = ''] = readFileSync(new URL(file, folder), 'utf8').split('\n');
    const [, , script, example] = command.split(' ');
    assert.deepEqual([script, example], ['scripts/launch.mjs', `examples/${file}`]);
  }
});

test('the c2 bot echoes', async (t) => {
  const server = await startServerProcess(t);
  await startBot(t, 'c2-echo.ts', server.url, 'parrot');
  const alice = await TextClient.enter(server.url, 'alice');
  t.after(() => alice.close());
  alice.send(`c2/MSG ${Date.now()}; echo hello; everybody`);
  assert.match(await alice.until('c2/MSG parrot'), /^c2\/MSG parrot; \d+; [0-9a-f-]{36}; hello; everybody$/);
});

test('the codechat bot echoes', async (t) => {
  const server = await startServerProcess(t);
  const url = `${server.url}codechat`;
  await startBot(t, 'codechat-echo.ts', url, 'parrot');
  const alice = await connectCodechat(url, { name: 'alice' });
  t.after(() => alice.close());
  await alice.send('echo hello; everybody');
  const reader = alice[Symbol.asyncIterator]();
  assert.deepEqual((await reader.next()).value, { cmd: 'message', user: 'parrot', msg: 'hello; everybody' });
});

test('the documents bot echoes in rooms and directs what is said after it has entered', async (t) => {
  const server = await startServerProcess(t);
  const url = `${server.url}documents`;
  const alice = await connectDocuments(url, { name: 'alice' });
  t.after(() => alice.close());
  const [lobby] = (await alice.getPage(alice.keys.rooms)).entries;
  assert.ok(lobby !== undefined);
  await alice.send(lobby.key, 'echo too early');
  await startBot(t, 'documents-echo.ts', url, 'parrot');
  await alice.send(lobby.key, 'nothing for you');
  await alice.send(lobby.key, 'echo one');
  await alice.send(lobby.key, 'echo two');
  const said = await messagesOf(alice, lobby.key, 6);
  const textsBy = (name: string) => said.filter(({ sender }) => sender.name === name).map(({ text }) => text);
  assert.deepEqual(textsBy('alice'), ['echo too early', 'nothing for you', 'echo one', 'echo two']);
  assert.deepEqual(textsBy('parrot'), ['one', 'two']);
  const parrot = said.find(({ sender }) => sender.name === 'parrot')?.sender.key ?? assert.fail();
  const direct = await alice.add(alice.keys.rooms, { key: { type: 'room' }, members: [{ key: parrot }] });
  await alice.send(direct, 'echo hi');
  assert.deepEqual(
    (await messagesOf(alice, direct, 2)).map(({ text }) => text),
    ['echo hi', 'hi'],
  );
});

/** The messages of a room once there are so many. */
async function messagesOf(client: Client, room: KeyOf<'room'>, count: number): Promise<PostedMessage[]> {
  for await (const { entries, total } of client.watchPage(room, { view: 'asc' }))
    if (total >= count) return entries.filter((message) => 'text' in message);
  return assert.fail('the client was closed');
}

test('the documents page shows a room, says what is typed, and comes back after a restart of the server', async (t) => {
  const dataDir = temporaryDirectory(t);
  const first = await startServerProcess(t, { dataDir });
  const url = `${first.url}documents`;
  const path = fileURLToPath(new URL('documents-page.ts', folder));
  const page = spawn(process.execPath, [path, url, 'reader', 'lobby'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => page.kill());
  const shown = new Condition();
  let text = '';
  page.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    shown.notify();
  });
  await shown.until(() => text.includes('lobby, ') && text.includes(' members, connected'));
  page.stdin.write('hello from the page\n');
  await shown.until(() => text.includes('reader: hello from the page'));
  await first.stop();
  await shown.until(() => text.includes(' members, offline'));
  page.stdin.write('said while offline\n');
  await shown.until(() => text.includes('said while offline (waiting)'));
  await startServerProcess(t, { dataDir, args: ['--port', `${first.port}`] });
  await shown.until(() => text.includes('reader: hello from the page\nreader: said while offline'));
});

test('the msgpack bot echoes in groups and in whispers, and uses its account if it has one', async (t) => {
  const server = await startServerProcess(t);
  const url = `${server.url}msgpack`;
  await register(url, { name: 'parrot', password: 'secret' });
  await startBot(t, 'msgpack-echo.ts', url, 'parrot');
  await startBot(t, 'msgpack-echo.ts', url, 'magpie');
  await register(url, { name: 'alice', password: 'secret' });
  const alice = await connectMsgpack(url, { name: 'alice', password: 'secret' });
  t.after(() => alice.close());
  await alice.whisper('parrot', 'echo hi');
  await alice.whisper('magpie', 'echo hi');
  await alice.sendToGroup('lobby', 'echo hello');
  const received: string[] = [];
  for await (const event of alice) {
    if (event.type === 'update msg_group') received.push(`${event.sender} in ${event.group}: ${event.content}`);
    if (event.type === 'update whisper') received.push(`${event.sender}: ${event.content}`);
    if (received.length === 5) break;
  }
  assert.deepEqual(received.toSorted(), [
    'alice in lobby: echo hello',
    'magpie in lobby: hello',
    'magpie: hi',
    'parrot in lobby: hello',
    'parrot: hi',
  ]);
});

test('the tagged bot echoes in groups and in direct messages', async (t) => {
  const server = await startServerProcess(t);
  const url = `${server.url}tagged`;
  await startBot(t, 'tagged-echo.ts', url, 'parrot');
  const alice = await connect(url, { name: 'alice' });
  t.after(() => alice.close());
  await alice.chatGroup('lobby', 'echo hello');
  await alice.chat('parrot', 'echo hi');
  const received: string[] = [];
  for await (const event of alice) {
    if (event.message === 'chat.group') received.push(`${event.from} in ${event.via}: ${event.body}`);
    if (event.message === 'chat.user') received.push(`${event.from}: ${event.body}`);
    if (received.length === 2) break;
  }
  assert.deepEqual(received, ['parrot in lobby: hello', 'parrot: hi']);
});
