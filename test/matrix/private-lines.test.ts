import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Client, PASSWORD, Refused } from './driver.ts';
import { drivers } from './drivers.ts';
import { openServer, type MatrixServer } from './server.ts';

const withLines = drivers.filter(({ privateLines }) => privateLines);
const withoutLines = drivers.find(({ privateLines }) => !privateLines);

describe('without private lines', () => {
  let server: MatrixServer;
  before(async () => {
    server = await openServer({ 'private-lines': 'false' });
  });
  after(() => server.close());

  for (const from of drivers) {
    for (const to of withLines) {
      const pair = `${from.protocol} -> ${to.protocol}`;
      const name = (word: string) => `${word}-${from.protocol}-${to.protocol}`;
      const enter = async (driver: typeof from, word: string): Promise<Client> => {
        const client = await driver.connect(server);
        await client.enter(name(word));
        return client;
      };

      test(`matrix: ${pair}: a direct message to a guest is refused`, async () => {
        const alice = await enter(from, 'alice');
        await enter(to, 'bob');
        await assert.rejects(alice.sendDirect(name('bob'), 'hello', 1), (error) => {
          assert.ok(error instanceof Refused);
          assert.equal(error.answer, from.refusals.unreachable);
          return true;
        });
      });

      test(`matrix: ${pair}: a direct message to an account waits for another client`, async () => {
        const sender = await enter(from, 'carol');
        await server.account(name('dave'), PASSWORD);
        const unaware = await to.connect(server);
        await unaware.login(name('dave'), PASSWORD);
        const text = `for ${name('dave')} only`;
        // By a protocol that takes the id from the echo this never resolves: the echo is not shown either.
        sender.sendDirect(name('dave'), text, 1).catch(() => {});
        const sent = await sender.sendToLobby('all is shown', 2);
        await unaware.observed.waitFor(to.expected.message(sent, 'lobby') ?? assert.fail());
        assert.deepEqual(unaware.observed.messagesWith(text), []);
        const client = (await withoutLines?.connect(server)) ?? assert.fail('no protocol shows it');
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
});
