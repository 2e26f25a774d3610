import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { TcpTable, tcpKey } from './tcp-table.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const isLinux = process.platform === 'linux';

/** Two ends of one connection on this machine; the server listens on this address. */
async function connected(t: TestContext, host: string, to: string): Promise<{ server: Socket; client: Socket }> {
  const listener = createServer({ allowHalfOpen: true }).listen(0, host);
  t.after(() => listener.close());
  await once(listener, 'listening');
  const client = connect({ port: (listener.address() as AddressInfo).port, host: to });
  const [[server]] = (await Promise.all([once(listener, 'connection'), once(client, 'connect')])) as [
    [Socket],
    unknown,
  ];
  for (const socket of [server, client]) t.after(() => socket.destroy());
  return { server, client };
}

for (const [host, to] of [
  ['127.0.0.1', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['::1', '::1'],
] as const) {
  test(`PORT-44 the system's table has the connections of a server at ${host} to ${to}`, {
    skip: !isLinux,
  }, async (t) => {
    const { server, client } = await connected(t, host, to);
    const keys = [tcpKey(server), tcpKey(client)];
    const found = await new TcpTable().find(new Set(keys));
    const quiet = { isTimeWait: false, unacknowledged: 0, isUnanswered: false };
    assert.deepEqual(
      keys.map((key) => found?.get(key)),
      [quiet, quiet],
    );
    server.end();
    client.resume();
    await once(client, 'close');
    const after = await new TcpTable().find(new Set(keys));
    assert.deepEqual(
      keys.map((key) => after?.get(key)?.isTimeWait),
      [true, undefined],
      'the server ended first',
    );
  });
}

test('PORT-44 bytes that are not acknowledged, retransmissions and unanswered probes are read from the table', async (t) => {
  const file = join(temporaryDirectory(t), 'tcp');
  const line = (number: number, port: string, queue: string, retransmits: string, probes: number) =>
    ` ${number}: 0100007F:1388 0200007F:${port} 01 ${queue}:00000000 01:00000014 ${retransmits}  1000        ${probes} 55 1 0`;
  const lines = [HEAD, line(0, 'A001', '00000000', '00000000', 0), line(1, 'A002', '000000FF', '00000003', 0)];
  await writeFile(file, [...lines, line(12_345, 'A003', '00000001', '00000000', 2), 'broken', ''].join('\n'));
  const keys = ['A001', 'A002', 'A003', 'A004'].map((port) => `0100007F:1388 0200007F:${port}`);
  const found = await new TcpTable([file, join(file, 'missing')]).find(new Set(keys));
  assert.deepEqual(
    keys.map((key) => found?.get(key)),
    [
      { isTimeWait: false, unacknowledged: 0, isUnanswered: false },
      { isTimeWait: false, unacknowledged: 255, isUnanswered: true },
      { isTimeWait: false, unacknowledged: 1, isUnanswered: true },
      undefined,
    ],
  );
  assert.equal(await new TcpTable([join(file, 'missing')]).find(new Set(keys)), null);
});

test('PORT-44 whoever asks during a read gets what is read after that', async (t) => {
  const { server, client } = await connected(t, '127.0.0.1', '127.0.0.1');
  const table = new TcpTable();
  const key = tcpKey(server);
  const first = table.find(new Set([key]));
  server.end();
  client.resume();
  await once(client, 'close');
  const [, second, third] = await Promise.all([first, table.find(new Set([key])), table.find(new Set([key]))]);
  for (const found of [second, third]) if (isLinux) assert.equal(found?.get(key)?.isTimeWait, true);
});
