import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drivers } from '../matrix/drivers.ts';
import { openPlace } from '../matrix/place.ts';
import { PASSWORD } from './tenants.ts';

test('T28 whom somebody adds or blocks is told to nobody else, by no protocol', async (t) => {
  const place = await openPlace();
  t.after(() => place.close());
  const names = ['Annabel', 'Benedict', 'Cyprian'] as const;
  for (const name of names) await place.account(name, PASSWORD);
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

  /** Resolves when everybody was shown all that happened before. */
  async function quiet(passer: string): Promise<void> {
    const client = await drivers[0]?.connect(place);
    await client?.enter(passer);
    await client?.leave();
    for (const watcher of watchers) await watcher.client.sightings.see(watcher.driver.looks.left(passer));
  }

  await quiet('Passer-0');
  let passed = 0;
  for (const kind of ['contact', 'block'] as const) {
    for (const on of [true, false]) {
      const before = watchers.map(({ client }) => client.frames.length);
      await place.must((world, done) => world.ties.set(kind, ann, names[1], on, done));
      await quiet(`Passer-${++passed}`);
      for (const [index, { client }] of watchers.entries()) {
        const told = client.frames.slice(before[index]).filter((frame) => frame.includes(names[0]));
        assert.deepEqual(told, [], `${kind} ${on ? 'added' : 'removed'}, by ${client.protocol}`);
      }
    }
  }
});
