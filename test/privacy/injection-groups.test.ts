import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { supports } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openServer } from '../matrix/server.ts';
import { askingOf, askings } from './requests.ts';
import { readersAndWriters, words } from './injection.ts';

const RUNS = { numRuns: 100 };
const SEPARATORS = /[;,[\]/~\s]/;

test('T14 names of groups: those who speak in groups take the same names and show them alike, and others show nothing of it', async (t) => {
  const server = await openServer();
  t.after(() => server.close());
  const [readers, writers] = await readersAndWriters(server);
  const speakers = writers.filter(({ driver }) => supports(driver, 'sendToGroup'));
  assert.deepEqual(
    askings.filter(({ groups }) => groups !== undefined).map(({ protocol }) => protocol),
    speakers.map(({ driver }) => driver.protocol),
  );
  assert.ok(speakers.length > 1);
  /** Whether it was done. */
  const ask = async (
    { client }: (typeof speakers)[number],
    what: 'create' | 'join',
    name: string,
  ): Promise<boolean> => {
    const { groups, isRefused } = askingOf(client.protocol);
    return !isRefused(await client.raw(groups?.[what](name, client) ?? assert.fail('no groups')));
  };
  let made = 0;
  let lastTime = 0;
  const property = fc.asyncProperty(fc.nat(), words(4), async (which, name) => {
    const maker = speakers[which % speakers.length] ?? assert.fail('nobody makes groups');
    const others = speakers.filter((one) => one !== maker);
    fc.pre(server.world.rooms.find(name) === undefined && server.world.people.find(name) === undefined);
    if (!(await ask(maker, 'create', name))) {
      for (const other of others) assert.equal(await ask(other, 'create', name), false, `${name} by some, not by all`);
      return;
    }
    made += 1;
    assert.doesNotMatch(name, SEPARATORS);
    for (const other of others) assert.ok(await ask(other, 'join', name), `${name} cannot be joined`);
    for (const speaker of speakers) {
      const sent = await speaker.client.sendToGroup(name, `in a group, ${++lastTime}`, lastTime);
      for (const { client, driver } of speakers.filter((one) => one !== speaker)) {
        const seen = await client.observed.waitFor({ kind: 'message', author: speaker.name, text: sent.text });
        assert.ok(seen.conversation.type === 'group', driver.protocol);
        assert.equal(seen.conversation.name.normalize('NFKC'), name.normalize('NFKC'));
        assert.equal(seen.conversation.name, seen.conversation.name.normalize('NFC'));
      }
    }
  });
  await fc.assert(property, RUNS);
  assert.ok(made >= 10, `${made}`);
  const sent = (await speakers[0]?.client.sendToLobby('all of it was shown', 1)) ?? assert.fail('nobody speaks');
  const outside = writers.filter((one) => !speakers.includes(one));
  assert.equal(outside.length + speakers.length, drivers.length);
  for (const { client, driver } of [...readers, ...outside]) {
    await client.observed.waitFor(driver.expected.message(sent, 'lobby') ?? assert.fail('no lobby'));
    assert.deepEqual(client.observed.messagesWith('in a group'), [], driver.protocol);
  }
});
