import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Client, PASSWORD, Refused } from './driver.ts';
import { drivers } from './drivers.ts';
import { closeServers, NODES, openServers, type Servers } from './servers.ts';

const withLines = drivers.filter(({ privateLines }) => privateLines);
const withoutLines = drivers.find(({ privateLines }) => !privateLines);

for (const { nodes, on } of NODES) describe(`without private lines ${on}`, () => cells(nodes, on));

function cells(nodes: 1 | 2, on: string): void {
  let servers: Servers;
  before(async () => {
    servers = await openServers(nodes, { 'private-lines': 'false' });
  });
  after(() => closeServers(servers));

  for (const from of drivers) {
    for (const to of withLines) {
      const pair = `${from.protocol} -> ${to.protocol} ${on}`;
      const name = (word: string) => `${word}-${from.protocol}-${to.protocol}`;
      const other = () => servers.at(-1) ?? servers[0];
      const enter = async (driver: typeof from, word: string, server = servers[0]): Promise<Client> => {
        const client = await driver.connect(server);
        await client.enter(name(word));
        return client;
      };

      test(`matrix: ${pair}: a direct message to a guest is refused`, async () => {
        const alice = await enter(from, 'alice');
        await enter(to, 'bob', other());
        await assert.rejects(alice.sendDirect(name('bob'), 'hello', 1), (error) => {
          assert.ok(error instanceof Refused);
          assert.equal(error.answer, from.refusals.unreachable);
          return true;
        });
      });

      test(`matrix: ${pair}: a direct message to an account waits for another client`, async () => {
        const sender = await enter(from, 'carol');
        await servers[0].account(name('dave'), PASSWORD);
        const unaware = await to.connect(other());
        await unaware.login(name('dave'), PASSWORD);
        const text = `for ${name('dave')} only`;
        // By a protocol that takes the id from the echo this never resolves: the echo is not shown either.
        sender.sendDirect(name('dave'), text, 1).catch(() => {});
        const sent = await sender.sendToLobby('all is shown', 2);
        await unaware.observed.waitFor(to.expected.message(sent, 'lobby') ?? assert.fail());
        assert.deepEqual(unaware.observed.messagesWith(text), []);
        const client = (await withoutLines?.connect(servers[0])) ?? assert.fail('no protocol shows it');
        await client.login(name('dave'), PASSWORD);
        await client.observed.waitFor({
          kind: 'message',
          text,
          author: name('carol'),
          conversation: { type: 'direct' },
        });
      });
    }
  }
}
