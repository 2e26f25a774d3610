import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { protocols } from '../src/protocols/index.ts';
import { startServerProcess } from '../testing/server.ts';
import { tcp } from './carriers.ts';
import { Crowd } from './crowd.ts';
import { measureIdle, subjects } from './idle.ts';
import { type Kind, kinds, nameOf } from './kinds.ts';

const COUNT = 50;

test('every protocol there is has connections whose memory is measured', () => {
  const measured = new Set(kinds.map(({ protocol }) => protocol));
  assert.deepEqual(protocols.map(({ name }) => name).sort(), [...measured].sort());
});

test('connections of each kind come in and stay, as the server counts them', async (t) => {
  const server = await startServerProcess(t);
  const connected = async () => {
    const page = await (await fetch(`${server.http}/metrics`)).text();
    return Number(/^parlance_connections (\d+)$/m.exec(page)?.[1]);
  };
  const prepared = new Map<Kind['prepare'], ReturnType<Kind['prepare']>>();
  for (const [index, kind] of kinds.entries()) {
    const preparing = prepared.get(kind.prepare) ?? kind.prepare(server.port);
    prepared.set(kind.prepare, preparing);
    const request = await preparing;
    const crowd = new Crowd(server.port, kind.carrier);
    t.after(() => crowd.leave());
    await crowd.enter(COUNT, (one) => request(index * COUNT + one));
    assert.equal(await connected(), (index + 1) * COUNT, nameOf(kind));
    assert.equal(crowd.lost, 0, nameOf(kind));
  }
});

test('a connection that is refused ends the measurement', async (t) => {
  const refusing = createServer((socket) => socket.end('not you')).listen(0, '127.0.0.1');
  t.after(() => refusing.close());
  await once(refusing, 'listening');
  const crowd = new Crowd((refusing.address() as AddressInfo).port, tcp);
  t.after(() => crowd.leave());
  const refused = crowd.enter(1, () => ({ say: 'may I come in', until: /welcome/ }));
  await assert.rejects(refused, /the server closed the connection; it said "not you"/);
});

test('what an idle connection costs is measured for each server', async () => {
  const first = nameOf(kinds[0] ?? assert.fail());
  const chosen = subjects().filter(({ name, kind }) => name === first || name !== nameOf(kind));
  const plan = { count: COUNT, rounds: 1 };
  const measured = await Promise.all(chosen.map((subject) => measureIdle([subject], plan, () => {})));
  const costs = new Map(measured.flatMap((one) => [...one]));
  assert.deepEqual([...costs.keys()], [first, 'floor', 'loop']);
  for (const [name, { live, resident }] of costs) {
    assert.ok(live.median > 1 && live.median < 100, `${name}: ${live.median} KiB are alive`);
    assert.ok(Number.isFinite(resident.median), name);
  }
});
