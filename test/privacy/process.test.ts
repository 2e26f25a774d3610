import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { startServerProcess } from '../../testing/server.ts';
import { protocols } from '../../src/protocols/index.ts';
import { type Client, type Driver, PASSWORD as COMMON, Refused } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { tokensIn } from './requests/msgpack.ts';
import { readFiles, encodingsOf } from './leak-search.ts';
import { fullDriver } from './fixture.ts';
import { readable } from './leak-search.ts';

const PASSWORD = 'canary-password; [1]';
const WRONG = `${PASSWORD}, not`;
const PATHS = ['/', '/metrics', '/healthz', '/nowhere', '/canary-path'];

test('T21 T26 pages, log and frames of a real server hold no private text, password or token', async (t) => {
  const server = await startServerProcess(t);
  const names = ['Annabel01', 'Fayette01'] as const;
  const clients: Client[] = [];
  const connect = async (driver: Driver) => {
    const client = await driver.connect(server);
    clients.push(client);
    return client;
  };
  const strangers: Client[] = [];
  const registrar = await connect(fullDriver);
  for (const name of names) await registrar.register(name, PASSWORD);
  for (const driver of drivers) {
    const [ann, fay, ben] = [await connect(fullDriver), await connect(driver), await connect(driver)];
    await ann.login(names[0], PASSWORD);
    await fay.login(names[1], PASSWORD);
    await assert.rejects(ben.login(names[0], WRONG), Refused);
    await ben.enter(`Ben-${driver.protocol}`);
    const sent = await ann.sendDirect(names[1], `canary-text by ${driver.protocol}`, 1);
    await fay.observed.waitFor(driver.expected.direct(sent));
    await ann.edit(sent, `canary-text by ${driver.protocol}, edited`);
    const last = await ann.sendToLobby(`all of it was shown by ${driver.protocol}`, 2);
    await ben.observed.waitFor(driver.expected.message(last, 'lobby') ?? assert.fail('no lobby'));
    strangers.push(ben);
    for (const client of [ann, fay]) await client.leave();
    ben.cut();
  }
  const pages = await Promise.all(PATHS.map(async (path) => (await fetch(`${server.http}${path}`)).text()));
  for (const { name } of protocols) assert.ok(pages.some((page) => page.includes(`${name}: `)));
  assert.equal((await server.stop()).code, 0);

  const tokens = clients.flatMap(({ protocol, frames }) => (protocol === 'msgpack' ? tokensIn(frames) : []));
  assert.equal(tokens.length, 2, 'Fay and Ben each have one');
  const everyFrame = clients.flatMap(({ frames }) => frames.map(readable));
  for (const token of tokens) assert.equal(everyFrame.filter((frame) => frame.includes(token)).length, 1);

  const hash = (password: string) => createHash('sha256').update(password).digest('hex');
  const hashes = [PASSWORD, WRONG, COMMON].map(hash);
  const log = server.log.map((line) => JSON.stringify(line)).join('\n');
  const frames = strangers.flatMap((client) => client.frames.map(readable)).join('\n');
  const outputs = { pages: pages.join('\n'), log, stderr: server.stderr() };
  for (const [where, text] of Object.entries({ ...outputs, frames }))
    for (const secret of ['canary-', ...hashes, COMMON, 'argon2', '$t='])
      assert.ok(!text.includes(secret), `${secret} is in the ${where}`);
  const files = readFiles(server.dataDir).join('\n');
  assert.ok(files.includes('argon2'), 'what is stored is found');
  for (const [where, text] of Object.entries({ ...outputs, files }))
    for (const secret of [...tokens.flatMap(encodingsOf), PASSWORD, ...hashes])
      assert.ok(!text.includes(secret), `${secret} is in the ${where}`);
  for (const name of names)
    assert.ok(!outputs.pages.includes(name) && !outputs.log.includes(name), `${name} is in the outputs`);
  assert.ok(!outputs.pages.includes(server.dataDir) && !frames.includes(server.dataDir));
});
