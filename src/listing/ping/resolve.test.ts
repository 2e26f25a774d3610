import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { resolveByDns, resolveBySystem } from './resolve.ts';

const HEADER_BYTES = 12;
const TYPE_A = 1;
const TYPE_AAAA = 28;
const NOT_FOUND = 3;

/** A name server that knows these addresses of any name, by the type of question. It has nothing of other types. */
async function nameServer(t: TestContext, known: { readonly [type: number]: readonly Buffer[] }, code = 0) {
  const socket = createSocket('udp4');
  const asked: number[] = [];
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const end = query.indexOf(0, HEADER_BYTES) + 1;
    const type = query.readUInt16BE(end);
    asked.push(type);
    const addresses = known[type] ?? [];
    const head = Buffer.from([...query.subarray(0, 2), 0x81, 0x80 | code, 0, 1, 0, addresses.length, 0, 0, 0, 0]);
    const answers = addresses.map((address) =>
      Buffer.concat([Buffer.from([0xc0, HEADER_BYTES, 0, type, 0, 1, 0, 0, 0, 9, 0, address.length]), address]),
    );
    socket.send(Buffer.concat([head, query.subarray(HEADER_BYTES, end + 4), ...answers]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return { resolve: resolveByDns(resolver), asked };
}

test('LIST-49 DNS is asked once for the IPv4 and once for the IPv6 addresses of a name', async (t) => {
  const six = Buffer.alloc(16);
  six.set([0x20, 0x01, 0x0d, 0xb8]);
  const { resolve, asked } = await nameServer(t, {
    [TYPE_A]: [Buffer.from([192, 0, 2, 1]), Buffer.from([192, 0, 2, 2])],
    [TYPE_AAAA]: [six],
  });
  assert.deepEqual((await resolve('a.example')).toSorted(), ['192.0.2.1', '192.0.2.2', '2001:db8::']);
  assert.deepEqual(asked.sort(), [TYPE_A, TYPE_AAAA]);
});

test('LIST-49 a name may have addresses of one kind only, or none', async (t) => {
  const onlyFour = await nameServer(t, { [TYPE_A]: [Buffer.from([192, 0, 2, 1])] });
  assert.deepEqual(await onlyFour.resolve('a.example'), ['192.0.2.1']);
  const none = await nameServer(t, {}, NOT_FOUND);
  assert.deepEqual(await none.resolve('a.example'), []);
});

test('LIST-49 the system resolves names of its own', async () => {
  const found = await resolveBySystem('localhost');
  assert.ok(found.length > 0);
  for (const address of found) assert.match(address, /^(?:127\.0\.0\.1|::1)$/);
});
