import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drivers } from './drivers.ts';
import { openServer } from './server.ts';

test('matrix: a stopping server closes every connection, tells WebSockets why, and shows nobody as leaving', async () => {
  const server = await openServer();
  const connections = drivers.flatMap((driver) => driver.transports.map((transport) => ({ driver, transport })));
  const clients = await Promise.all(
    [...connections, ...connections].map(async ({ driver, transport }) => ({
      client: await driver.connect(server, transport),
      transport,
    })),
  );
  for (const [index, { client }] of clients.entries()) await client.enter(`Guest-${index}`);
  await server.close();
  for (const { client, transport } of clients) {
    const { ended, observed } = client;
    const expected =
      transport === 'websocket' ? { code: 1001, reason: 'server is stopping' } : { code: null, reason: '' };
    assert.deepEqual(await ended, expected);
    assert.deepEqual(observed.filter({ kind: 'left' }), []);
    assert.deepEqual(observed.filter({ kind: 'person', status: 'Offline' }), []);
  }
});
