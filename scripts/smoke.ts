// `npm run smoke`: starts a server from source on a free port, enters it by each protocol, and stops it.
import assert from 'node:assert/strict';
import { connect as connectC2 } from '../src/protocols/c2/client.ts';
import { protocols } from '../src/protocols/index.ts';
import { connect as connectTagged } from '../src/protocols/tagged/client.ts';
import { type ServerProcess, startServerProcess } from '../testing/server.ts';

const LIMIT_MS = 30_000;

/** For each protocol: enters under this name, says something, and leaves. */
const visits: { readonly [protocol: string]: (server: ServerProcess, name: string) => Promise<void> } = {
  async c2({ url }, name) {
    const client = await connectC2(`${url}c2`, { name });
    await client.send('hello');
    assert.ok((await client.users()).includes(name));
    await client.close();
  },
  async tagged({ url }, name) {
    const client = await connectTagged(`${url}tagged`, { name });
    await client.chatGroup('lobby', 'hello');
    assert.deepEqual(
      (await client.users([name])).map(({ username }) => username),
      [name],
    );
    await client.close();
  },
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

setTimeout(() => {
  say(`not done after ${LIMIT_MS / 1000} s`);
  process.exit(1);
}, LIMIT_MS).unref();

const endings: (() => Promise<void>)[] = [];
try {
  const server = await startServerProcess({ after: (run) => endings.push(run) });
  say(`a server listens on port ${server.port}`);
  for (const { name } of protocols) {
    const visit = visits[name] ?? assert.fail(`nobody knows how to enter by ${name}: add it to scripts/smoke.ts`);
    await visit(server, `smoke-${name}`);
    say(`${name}: entered, spoke, left`);
  }
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  say('the server has stopped');
} finally {
  for (const end of endings.toReversed()) await end();
}
