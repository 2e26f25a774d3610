import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Chatter } from '../testing/chatter.ts';
import { startServerProcess } from '../testing/server.ts';

test('the c2 bot says again what it is told', async (t) => {
  const server = await startServerProcess(t);
  const file = fileURLToPath(new URL('../examples/c2-echo.ts', import.meta.url));
  const bot = spawn(process.execPath, [file, server.url, 'parrot'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => bot.kill());
  const [said] = await once(bot.stdout, 'data');
  assert.match(String(said), /^parrot has entered /);
  const alice = await Chatter.enter(server.url, 'alice');
  t.after(() => alice.close());
  alice.send(`c2/MSG ${Date.now()}; echo hello; everybody`);
  assert.match(await alice.until('c2/MSG parrot'), /^c2\/MSG parrot; \d+; [0-9a-f-]{36}; hello; everybody$/);
});
