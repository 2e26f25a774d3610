import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { protocols } from '../src/protocols/index.ts';
import { startServerProcess } from '../testing/server.ts';
import { tcp } from './client-transports.ts';
import { IdleConnections } from './idle-connections.ts';
import { measureIdle, subjects } from './idle.ts';
import { type ConnectionKind, connectionKinds, kindName } from './connection-kinds.ts';

const COUNT = 50;

test('the memory of connections is measured for every protocol', () => {
  const measured = new Set(connectionKinds.map(({ protocol }) => protocol));
  assert.deepEqual(protocols.map(({ name }) => name).sort(), [...measured].sort());
});

test('connections of each kind log in and stay open, as the server counts them', async (t) => {
  const server = await startServerProcess(t);
  const connected = async () => {
    const page = await (await fetch(`${server.http}/metrics`)).text();
    return Number(/^parlance_connections (\d+)$/m.exec(page)?.[1]);
  };
  const prepared = new Map<ConnectionKind['prepareLogin'], ReturnType<ConnectionKind['prepareLogin']>>();
  for (const [index, kind] of connectionKinds.entries()) {
    const preparing = prepared.get(kind.prepareLogin) ?? kind.prepareLogin(server.port);
    prepared.set(kind.prepareLogin, preparing);
    const request = await preparing;
    const connections = new IdleConnections(server.port, kind.transport);
    t.after(() => connections.close());
    await connections.open(COUNT, (one) => request(index * COUNT + one));
    assert.equal(await connected(), (index + 1) * COUNT, kindName(kind));
    assert.equal(connections.dropped, 0, kindName(kind));
  }
});

test('a connection that is refused ends the measurement', async (t) => {
  const refusing = createServer((socket) => socket.end('not you')).listen(0, '127.0.0.1');
  t.after(() => refusing.close());
  await once(refusing, 'listening');
  const connections = new IdleConnections((refusing.address() as AddressInfo).port, tcp);
  t.after(() => connections.close());
  const refused = connections.open(1, () => ({ send: 'may I come in', until: /welcome/ }));
  await assert.rejects(refused, /the server closed the connection; it sent "not you"/);
});

test('the memory of an idle connection is measured for each server', async () => {
  const first = kindName(connectionKinds[0] ?? assert.fail());
  const chosen = subjects().filter(({ name, kind }) => name === first || name !== kindName(kind));
  const plan = { count: COUNT, rounds: 1 };
  const measured = await Promise.all(chosen.map((subject) => measureIdle([subject], plan, () => {})));
  const costs = new Map(measured.flatMap((one) => [...one]));
  assert.deepEqual([...costs.keys()], [first, 'minimal', 'naive']);
  for (const [name, { live, resident }] of costs) {
    assert.ok(live.median > 1 && live.median < 100, `${name}: ${live.median} KiB are alive`);
    assert.ok(Number.isFinite(resident.median), name);
  }
});
