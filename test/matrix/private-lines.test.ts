import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Client, Refused } from './driver.ts';
import { drivers } from './drivers.ts';
import { openPlace, type Place } from './place.ts';

const PASSWORD = 'hunter2';
/** Where direct messages are lines of the one big room, which a server can be told not to show. */
const lines = drivers.filter(({ looks, ownWithEcho }) => looks.status('', '') === null && ownWithEcho === null);
const others = drivers.filter((driver) => !lines.includes(driver));

describe('without private lines', () => {
  let place: Place;
  before(async () => {
    place = await openPlace({ 'private-lines': 'false' });
  });
  after(() => place.close());

  for (const from of drivers) {
    for (const to of lines) {
      const pair = `${from.protocol} -> ${to.protocol}`;
      const name = (word: string) => `${word}-${from.protocol}-${to.protocol}`;
      const guest = async (driver: typeof from, word: string): Promise<Client> => {
        const client = await driver.connect(place);
        await client.enter(name(word));
        return client;
      };

      test(`matrix: ${pair}: a direct message to a guest is refused`, async () => {
        const alice = await guest(from, 'alice');
        await guest(to, 'bob');
        await assert.rejects(alice.tell(name('bob'), 'hello', 1), (error) => {
          assert.ok(error instanceof Refused);
          assert.match(error.answer, /^501 |^c2\/ERROR that person cannot be sent direct messages$/);
          return true;
        });
      });

      test(`matrix: ${pair}: a direct message to an account waits for another client`, async () => {
        const sender = await guest(from, 'carol');
        await place.account(name('dave'), PASSWORD);
        const deaf = await to.connect(place);
        await deaf.login(name('dave'), PASSWORD);
        const text = `for ${name('dave')} only`;
        // Where one's own direct messages are not shown either, nothing tells the id of this one; what comes next is later.
        sender.tell(name('dave'), text, 1).catch(() => {});
        const said = await sender.sayInLobby('all is shown', 2);
        await deaf.sightings.see(to.looks.message(said, 'lobby') ?? assert.fail());
        assert.deepEqual(deaf.sightings.messagesWith(text), []);
        for (const other of others) {
          const client = await other.connect(place);
          await client.login(name('dave'), PASSWORD);
          await client.sightings.see({ kind: 'message', text, author: name('carol'), place: { type: 'direct' } });
          await client.leave();
          break;
        }
      });
    }
  }
});
