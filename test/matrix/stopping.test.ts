import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drivers } from './drivers.ts';
import { openServer } from './server.ts';
import { closeServers, openServers } from './servers.ts';

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

test('WORLD-291 matrix: where one of two nodes stops, its people leave on the other, once each, whose own connections stay', async (t) => {
  const servers = await openServers(2);
  t.after(() => closeServers(servers));
  const [stopping, staying] = [servers[0], servers[1] ?? assert.fail()];
  const watchers = await Promise.all(
    drivers.map(async (driver) => ({ driver, client: await driver.connect(staying) })),
  );
  for (const { driver, client } of watchers) await client.enter(`Watcher-${driver.protocol}`);
  for (const [index, driver] of drivers.entries()) {
    const leaving = await driver.connect(stopping);
    await leaving.enter(`Guest-${index}`);
  }
  for (const { client } of watchers) await client.look();
  await stopping.close();
  for (const { driver, client } of watchers) {
    for (const index of drivers.keys()) {
      const left = driver.expected.lost(`Guest-${index}`);
      if (left !== null) await client.observed.waitFor(left);
    }
    const sent = await client.sendToLobby(`still here, ${driver.protocol}`, 1);
    for (const other of watchers) {
      if (other.client === client) continue;
      await other.client.observed.waitFor(other.driver.expected.message(sent, 'lobby') ?? assert.fail());
    }
    for (const index of drivers.keys()) {
      const left = driver.expected.lost(`Guest-${index}`);
      if (left !== null) assert.equal(client.observed.filter(left).length, 1);
    }
  }
});
