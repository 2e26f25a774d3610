import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drivers } from './drivers.ts';
import { openPlace } from './place.ts';

test('matrix: when the server stops every connection is closed for that reason, and nobody is shown leaving', async () => {
  const place = await openPlace();
  const clients = await Promise.all([...drivers, ...drivers].map((driver) => driver.connect(place)));
  for (const [index, client] of clients.entries()) await client.enter(`Somebody-${index}`);
  await place.close();
  for (const { ended, sightings } of clients) {
    assert.deepEqual(await ended, { code: 1001, reason: 'server is stopping' });
    assert.deepEqual(sightings.find({ kind: 'gone' }), []);
    assert.deepEqual(sightings.find({ kind: 'person', status: 'Offline' }), []);
  }
});
