import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import test from 'node:test';
import { TextClient } from '../../testing/text-client.ts';
import { getPage } from '../../testing/http.ts';
import { startServerProcess } from '../../testing/server.ts';

test('SERVER-40 SERVER-42 /healthz is ok while writes succeed, and /metrics counts what happened', async (t) => {
  const server = await startServerProcess(t);
  const health = await getPage(`${server.http}/healthz`);
  assert.deepEqual([health.status, health.text], [200, '{"status":"ok"}\n']);
  const alice = await TextClient.enter(server.url, 'alice');
  alice.send('c2/MSG 1; hello');
  await alice.until('c2/MSG');
  const metrics = (await getPage(`${server.http}/metrics`)).text;
  const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)?.[1]);
  assert.equal(value('parlance_messages_committed_total'), 1);
  assert.equal(value('parlance_connections'), 1);
  assert.equal(value('parlance_people'), 1);
  assert.ok(value('parlance_deliveries_total') >= 1);
  assert.ok(value('parlance_append_seconds_count') >= 2);
  assert.equal(value('parlance_connections_refused_total'), 0);
  assert.ok(value('nodejs_eventloop_lag_p99_seconds') > 0);
});

test('SERVER-42 a refused connection is counted, and logged', async (t) => {
  const server = await startServerProcess(t, { args: ['--limits-loopback', '--limits-connections-per-address', '1'] });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const metrics = async () => (await getPage(`${server.http}/metrics`, agent)).text;
  assert.match(await metrics(), /^parlance_connections_refused_total 0$/m);
  await assert.rejects(TextClient.open(server.url));
  assert.equal((await server.line('connection-refused')).reason, 'too many connections');
  assert.match(await metrics(), /^parlance_connections_refused_total 1$/m);
});
