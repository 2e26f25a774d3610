import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Upload } from '../../src/core/model/file.ts';
import type { Message } from '../../src/core/model/message.ts';
import { fileInfo } from '../../testing/storage/samples.ts';
import { PASSWORD, sentBy } from './driver.ts';
import { drivers } from './drivers.ts';
import { LOBBY } from './observations.ts';
import { closeServers, NODES, openServers, type Servers } from './servers.ts';

for (const { nodes, on } of NODES) describe(`a message with a file ${on}`, () => cells(nodes, on));

function cells(nodes: 1 | 2, on: string): void {
  let servers: Servers;
  before(async () => {
    servers = await openServers(nodes);
  });
  after(() => closeServers(servers));

  for (const to of drivers) {
    test(`WORLD-242 matrix: ${on} ${to.protocol} shows the text with the address, after an edit too`, async () => {
      const name = `ada-${to.protocol}`;
      const [server] = servers;
      await server.account(name, PASSWORD);
      const author = await drivers[0]?.connect(server);
      await author?.login(name, PASSWORD);
      const reader = await to.connect(servers.at(-1) ?? server);
      await reader.enter(`reader-${to.protocol}`);
      const person = server.person(name);
      const file = fileInfo(`of ${to.protocol}`);
      await server.must<Upload>((world, done) => world.files.add(person, file, done));
      const { lobby } = server.world;
      const post = { text: 'look', clientTime: null, file: file.address };
      const posted = await server.must<Message>((world, done) => world.messages.post(person, lobby, post, done));
      const line = `${file.name}: ${file.origin}${file.address}`;
      assert.equal(posted.text, `look\n${line}`);
      const sent = sentBy(name, posted.text);
      await reader.observed.waitFor(to.expected.message(sent, 'lobby') ?? assert.fail('no lobby'));
      await server.must<Message>((world, done) => world.messages.edit(person, posted.id, 'see', done));
      await reader.observed.waitFor(to.expected.edited(sent, `see\n${line}`, LOBBY));
    });
  }
}
