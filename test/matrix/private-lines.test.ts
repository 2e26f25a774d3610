import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Client, PASSWORD, Refused } from './driver.ts';
import { drivers } from './drivers.ts';
import { openPlace, type MatrixServer } from './server.ts';

const lines = drivers.filter(({ privateLines }) => privateLines);
const other = drivers.find(({ privateLines }) => !privateLines);

describe('without private lines', () => {
  let place: MatrixServer;
  before(async () => {
    place = await openPlace({ 'private-lines': 'false' });
  });
  after(() => place.close());

  for (const from of drivers) {
    for (const to of lines) {
      const pair = `${from.protocol} -> ${to.protocol}`;
      const name = (word: string) => `${word}-${from.protocol}-${to.protocol}`;
      const newcomer = async (driver: typeof from, word: string): Promise<Client> => {
        const client = await driver.connect(place);
        await client.enter(name(word));
        return client;
      };

      test(`matrix: ${pair}: a direct message to a guest is refused`, async () => {
        const alice = await newcomer(from, 'alice');
        await newcomer(to, 'bob');
        await assert.rejects(alice.tell(name('bob'), 'hello', 1), (error) => {
          assert.ok(error instanceof Refused);
          assert.equal(error.answer, from.answers.unreachable);
          return true;
        });
      });

      test(`matrix: ${pair}: a direct message to an account waits for another client`, async () => {
        const sender = await newcomer(from, 'carol');
        await place.account(name('dave'), PASSWORD);
        const deaf = await to.connect(place);
        await deaf.login(name('dave'), PASSWORD);
        const text = `for ${name('dave')} only`;
        // Where one's own direct messages are not shown either, nothing tells the id of this one; what comes next is later.
        sender.tell(name('dave'), text, 1).catch(() => {});
        const said = await sender.sayInLobby('all is shown', 2);
        await deaf.sightings.see(to.looks.message(said, 'lobby') ?? assert.fail());
        assert.deepEqual(deaf.sightings.messagesWith(text), []);
        const client = (await other?.connect(place)) ?? assert.fail('no protocol shows it');
        await client.login(name('dave'), PASSWORD);
        await client.sightings.see({ kind: 'message', text, author: name('carol'), place: { type: 'direct' } });
      });
    }
  }
});
