// `npm run smoke`: starts a server from source on a free port, enters by each protocol, and stops it.
import assert from 'node:assert/strict';
import { connect as connectC2 } from '../src/protocols/c2/client.ts';
import { connect as connectCodechat } from '../src/protocols/codechat/client.ts';
import { protocols } from '../src/protocols/index.ts';
import { connect as connectDocuments } from '../src/protocols/documents/client.ts';
import { connect as connectMsgpack, register } from '../src/protocols/msgpack/client.ts';
import { connect as connectTagged } from '../src/protocols/tagged/client.ts';
import { drivers } from '../test/matrix/drivers.ts';
import { withCleanup } from '../test/with-cleanup.ts';
import { type ServerProcess, startServerProcess } from '../testing/server.ts';

const LIMIT_MS = 300_000;

type Scenario = (server: ServerProcess, name: string) => Promise<void>;

/** For each protocol with a client library: enters with this name, sends a message and leaves. */
const scenarios: { readonly [protocol: string]: Scenario } = {
  async c2({ url }, name) {
    const client = await connectC2(`${url}c2`, { name });
    await client.send('hello');
    assert.ok((await client.users()).includes(name));
    await client.close();
  },
  async codechat({ url }, name) {
    const client = await connectCodechat(`${url}codechat`, { name });
    await client.send('hello');
    assert.ok((await client.users()).includes(name));
    await client.close();
  },
  async documents({ url }, name) {
    const client = await connectDocuments(`${url}documents`, { name });
    const [lobby] = (await client.getPage(client.keys.rooms)).entries;
    assert.ok(lobby !== undefined);
    const { id } = await client.send(lobby.key, 'hello');
    for await (const { entries } of client.watchPage(lobby.key))
      if (entries.some(({ key }) => key.id[1] === id[1])) break;
    await client.close();
  },
  async msgpack({ url }, name) {
    const who = { name, password: 'smoke' };
    await register(`${url}msgpack`, who);
    const client = await connectMsgpack(`${url}msgpack`, who);
    await client.sendToGroup('lobby', 'hello');
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

/** The same by the driver of the matrix. */
function scenarioOf(protocol: string): Scenario {
  return async (server, name) => {
    const driver = drivers.find((one) => one.protocol === protocol) ?? assert.fail(`no driver for ${protocol}`);
    const client = await driver.connect(server);
    await client.enter(name);
    await client.sendToLobby('hello', Date.now());
    await client.leave();
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

setTimeout(() => {
  say(`not done after ${LIMIT_MS / 1000} s`);
  process.exit(1);
}, LIMIT_MS).unref();

await withCleanup(async (cleanup) => {
  const server = await startServerProcess(cleanup);
  say(`a server listens on port ${server.port}`);
  for (const { name } of protocols) {
    const scenario = scenarios[name] ?? scenarioOf(name);
    await scenario(server, `smoke-${name}`);
    say(`${name}: entered, spoke, left`);
  }
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  say('the server has stopped');
});
