import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { can } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openPlace } from '../matrix/server.ts';
import { askingOf, askings } from './requests.ts';
import { readersAndWriters, words } from './injection.ts';

const RUNS = { numRuns: 100 };
const SEPARATORS = /[;,[\]/~\s]/;

test('T14 names of groups: those who speak in groups take the same names and show them alike, and others show nothing of it', async (t) => {
  const place = await openPlace();
  t.after(() => place.close());
  const [readers, writers] = await readersAndWriters(place);
  const speakers = writers.filter(({ driver }) => can(driver, 'sayInGroup'));
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
  let moment = 0;
  const property = fc.asyncProperty(fc.nat(), words(4), async (which, name) => {
    const maker = speakers[which % speakers.length] ?? assert.fail('nobody makes groups');
    const others = speakers.filter((one) => one !== maker);
    fc.pre(place.world.rooms.find(name) === undefined && place.world.people.find(name) === undefined);
    if (!(await ask(maker, 'create', name))) {
      for (const other of others) assert.equal(await ask(other, 'create', name), false, `${name} by some, not by all`);
      return;
    }
    made += 1;
    assert.doesNotMatch(name, SEPARATORS);
    for (const other of others) assert.ok(await ask(other, 'join', name), `${name} cannot be joined`);
    for (const speaker of speakers) {
      const said = await speaker.client.sayInGroup(name, `in a group, ${++moment}`, moment);
      for (const { client, driver } of speakers.filter((one) => one !== speaker)) {
        const seen = await client.sightings.see({ kind: 'message', author: speaker.name, text: said.text });
        assert.ok(seen.place.type === 'group', driver.protocol);
        assert.equal(seen.place.name.normalize('NFKC'), name.normalize('NFKC'));
        assert.equal(seen.place.name, seen.place.name.normalize('NFC'));
      }
    }
  });
  await fc.assert(property, RUNS);
  assert.ok(made >= 10, `${made}`);
  const said = (await speakers[0]?.client.sayInLobby('all of it was shown', 1)) ?? assert.fail('nobody speaks');
  const outside = writers.filter((one) => !speakers.includes(one));
  assert.equal(outside.length + speakers.length, drivers.length);
  for (const { client, driver } of [...readers, ...outside]) {
    await client.sightings.see(driver.looks.message(said, 'lobby') ?? assert.fail('no lobby'));
    assert.deepEqual(client.sightings.messagesWith('in a group'), [], driver.protocol);
  }
});
