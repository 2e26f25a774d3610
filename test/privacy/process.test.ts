import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { startServerProcess } from '../../testing/server.ts';
import { Refused } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { readable } from './words.ts';

const PASSWORD = 'canary-password; [1]';
const PATHS = ['/', '/metrics', '/healthz', '/nowhere', '/canary-path'];

test('T26 pages, log and wires of a real server tell nobody what was said in private, nor any password', async (t) => {
  const server = await startServerProcess(t);
  const names = ['Annabel01', 'Fayette01'] as const;
  const frames: string[] = [];
  const speaking = drivers.find(({ own }) => own.direct === 'none') ?? assert.fail('nobody makes accounts');
  const registrar = await speaking.connect(server);
  for (const name of names) await registrar.register(name, PASSWORD);
  for (const driver of drivers) {
    const [ann, fay, ben] = [
      await speaking.connect(server),
      await driver.connect(server),
      await driver.connect(server),
    ];
    await ann.login(names[0], PASSWORD);
    await fay.login(names[1], PASSWORD);
    await assert.rejects(ben.login(names[0], `${PASSWORD}, not`), Refused);
    await ben.enter(`Ben-${driver.protocol}`);
    const said = await ann.tell(names[1], `canary-text by ${driver.protocol}`, 1);
    await fay.sightings.see(driver.looks.direct(said));
    await ann.edit(said, `canary-text by ${driver.protocol}, edited`);
    const last = await ann.sayInLobby(`all of it was shown by ${driver.protocol}`, 2);
    await ben.sightings.see(driver.looks.message(last, 'lobby') ?? assert.fail('no lobby'));
    frames.push(...ben.frames.map(readable));
    for (const client of [ann, fay]) await client.leave();
    ben.cut();
  }
  const pages = await Promise.all(PATHS.map(async (path) => (await fetch(`${server.http}${path}`)).text()));
  assert.match(pages.join('\n'), /tagged: [^]*c2: |c2: [^]*tagged: /);
  assert.equal((await server.stop()).code, 0);

  const hash = (password: string) => createHash('sha256').update(password).digest('hex');
  const log = server.log.map((line) => JSON.stringify(line)).join('\n');
  const heard = { pages: pages.join('\n'), log, stderr: server.stderr(), frames: frames.join('\n') };
  for (const [where, text] of Object.entries(heard))
    for (const secret of ['canary-', hash(PASSWORD), hash(`${PASSWORD}, not`), 'argon2', '$t='])
      assert.ok(!text.includes(secret), `${secret} is in the ${where}`);
  for (const name of names) assert.ok(!heard.pages.includes(name) && !heard.log.includes(name), `${name} is told`);
  assert.ok(!heard.pages.includes(server.dataDir) && !heard.frames.includes(server.dataDir));
});
