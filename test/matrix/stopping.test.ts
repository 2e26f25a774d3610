import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drivers } from './drivers.ts';
import { openPlace } from './server.ts';

test('matrix: when the server stops every connection is closed, a WebSocket for that reason, and nobody is shown leaving', async () => {
  const place = await openPlace();
  const ways = drivers.flatMap((driver) => driver.transports.map((transport) => ({ driver, transport })));
  const clients = await Promise.all(
    [...ways, ...ways].map(async ({ driver, transport }) => ({
      client: await driver.connect(place, transport),
      transport,
    })),
  );
  for (const [index, { client }] of clients.entries()) await client.enter(`Somebody-${index}`);
  await place.close();
  for (const { client, transport } of clients) {
    const { ended, sightings } = client;
    const says = transport === 'websocket' ? { code: 1001, reason: 'server is stopping' } : { code: null, reason: '' };
    assert.deepEqual(await ended, says);
    assert.deepEqual(sightings.find({ kind: 'gone' }), []);
    assert.deepEqual(sightings.find({ kind: 'person', status: 'Offline' }), []);
  }
});
