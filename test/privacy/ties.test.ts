import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drivers } from '../matrix/drivers.ts';
import { openPlace } from '../matrix/place.ts';
import { PASSWORD } from './tenants.ts';

test('T28 whom somebody adds or blocks is told to nobody else, by no protocol', async (t) => {
  const place = await openPlace();
  t.after(() => place.close());
  const names = ['Annabel', 'Benedict', 'Cyprian'] as const;
  const passers = ['Passer-0', 'Passer-1', 'Passer-2', 'Passer-3', 'Passer-4'];
  for (const name of [...names, ...passers]) await place.account(name, PASSWORD);
  const watchers = await Promise.all(
    drivers.flatMap((driver) =>
      names.slice(1).map(async (name) => {
        const client = await driver.connect(place);
        await client.login(name, PASSWORD);
        return { client, driver };
      }),
    ),
  );
  for (const driver of drivers) await (await driver.connect(place)).login(names[0], PASSWORD);
  const ann = place.person(names[0]);

  /** Resolves when everybody was shown all that happened before: somebody comes and goes, which changes no group. */
  async function quiet(): Promise<void> {
    const passer = passers.shift() ?? '';
    const client = await drivers[0]?.connect(place);
    await client?.login(passer, PASSWORD);
    await client?.leave();
    for (const watcher of watchers) await watcher.client.sightings.see(watcher.driver.looks.left(passer));
  }

  await quiet();
  for (const kind of ['contact', 'block'] as const) {
    for (const on of [true, false]) {
      const before = watchers.map(({ client }) => client.frames.length);
      await place.must((world, done) => world.ties.set(kind, ann, names[1], on, done));
      await quiet();
      for (const [index, { client }] of watchers.entries()) {
        const told = client.frames.slice(before[index]).filter((frame) => frame.includes(names[0]));
        assert.deepEqual(told, [], `${kind} ${on ? 'added' : 'removed'}, by ${client.protocol}`);
      }
    }
  }
});
