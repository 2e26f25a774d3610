import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect } from '../src/protocols/tagged/client.ts';
import { Chatter } from '../testing/chatter.ts';
import { startServerProcess } from '../testing/server.ts';

/** Starts a bot of `examples/`; resolves once it said that it has entered. */
async function startBot(t: TestContext, file: string, url: string, name: string): Promise<void> {
  const path = fileURLToPath(new URL(`../examples/${file}`, import.meta.url));
  const bot = spawn(process.execPath, [path, url, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => bot.kill());
  const [said] = await once(bot.stdout, 'data');
  assert.match(String(said), new RegExp(`^${name} has entered`));
}

test('the c2 bot says again what it is told', async (t) => {
  const server = await startServerProcess(t);
  await startBot(t, 'c2-echo.ts', server.url, 'parrot');
  const alice = await Chatter.enter(server.url, 'alice');
  t.after(() => alice.close());
  alice.send(`c2/MSG ${Date.now()}; echo hello; everybody`);
  assert.match(await alice.until('c2/MSG parrot'), /^c2\/MSG parrot; \d+; [0-9a-f-]{36}; hello; everybody$/);
});

test('the tagged bot says again what it is told, to everybody and to one', async (t) => {
  const server = await startServerProcess(t);
  const url = `${server.url}tagged`;
  await startBot(t, 'tagged-echo.ts', url, 'parrot');
  const alice = await connect(url, { name: 'alice' });
  t.after(() => alice.close());
  await alice.chatGroup('lobby', 'echo hello');
  await alice.chat('parrot', 'echo hi');
  const heard: string[] = [];
  for await (const event of alice) {
    if (event.message === 'chat.group') heard.push(`${event.from} in ${event.via}: ${event.body}`);
    if (event.message === 'chat.user') heard.push(`${event.from}: ${event.body}`);
    if (heard.length === 2) break;
  }
  assert.deepEqual(heard, ['parrot in lobby: hello', 'parrot: hi']);
});
