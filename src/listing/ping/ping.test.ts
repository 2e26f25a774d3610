import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { WebSocketServer } from 'ws';
import { FakeClock } from '../../../testing/clock.ts';
import { waitForIo } from '../../../testing/condition.ts';
import { PingedServer, withFrames } from '../../../testing/pinged-server.ts';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';
import { exchangePing } from './exchange.ts';
import { pingServer } from './ping.ts';
import { PublicAddresses } from './public-addresses.ts';

const ID = 7;
const admit = () => 0;
const never = (): never => {
  throw new Error('not expected');
};

/** A server that answers with the right id. */
function goodServer(t: TestContext, options?: Parameters<typeof PingedServer.listen>[2]): Promise<PingedServer> {
  return PingedServer.listen(t, (socket, accept) => socket.write(withFrames(accept, `c2/PING ${ID}`)), options);
}

function network(resolve: (name: string) => Promise<readonly string[]> = never) {
  return { clock: new FakeClock(), resolve, allowed: { has: (address: string) => address.startsWith('127.') } };
}

test('LIST-53 LIST-56 a ping is a plain handshake and c2/PING; its time is that of the answer', async (t) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { clock, ...others } = network();
  let head = {};
  let asked = '';
  server.on('connection', (ws, { headers, url }) => {
    head = { ...headers, url };
    ws.on('message', (data) => {
      asked += data.toString();
      clock.advance(42.4);
      ws.send(`c2/PING ${ID}`);
    });
  });
  const result = await pingServer({ address: `127.0.0.1:${port}`, id: ID }, { clock, ...others }, admit);
  assert.deepEqual(result, { type: 'good', ms: 42, addresses: ['127.0.0.1'] });
  assert.equal(asked, 'c2/PING');
  const names = ['connection', 'host', 'sec-websocket-key', 'sec-websocket-version', 'upgrade', 'url'];
  assert.deepEqual(Object.keys(head).sort(), names);
  assert.partialDeepStrictEqual(head, { host: `127.0.0.1:${port}`, url: '/' });
  assert.equal(clock.timers, 0);
});

test('LIST-49 LIST-51 a name is resolved once, and the connection goes to the address that was checked', async (t) => {
  const checked = await goodServer(t, { host: '127.0.0.2' });
  const canary = await goodServer(t, { host: '127.0.0.1', port: checked.port });
  const answers = [['127.0.0.2'], ['127.0.0.1']];
  const names: string[] = [];
  const resolve = async (name: string) => {
    names.push(name);
    return answers.shift() ?? [];
  };
  const allowed = { has: (address: string) => address === '127.0.0.2' };
  const address = `Rebind.Example:${checked.port}`;
  const result = await pingServer({ address, id: ID }, { ...network(resolve), allowed }, admit);
  assert.partialDeepStrictEqual(result, { type: 'good', addresses: ['127.0.0.2'] });
  assert.deepEqual([names, checked.connections, canary.connections], [['rebind.example'], 1, 0]);
  assert.match(checked.received.toString('latin1'), /^Host: rebind\.example:\d+\r$/m);
});

test('LIST-51 if one of the addresses does not listen, another one is tried', async (t) => {
  const server = await goodServer(t, { host: '127.0.0.3' });
  const resolve = async () => ['127.0.0.2', '127.0.0.3'];
  const result = await pingServer({ address: `a.example:${server.port}`, id: ID }, network(resolve), admit);
  assert.partialDeepStrictEqual(result, { type: 'good', addresses: ['127.0.0.2', '127.0.0.3'] });
});

test('LIST-50 a name without an address, with a forbidden one or with more than 8 is connected to nowhere', async (t) => {
  const server = await goodServer(t);
  const many = Array.from({ length: 9 }, (_, last) => `127.0.0.${last + 1}`);
  const bad = [[], ['127.0.0.1', '10.0.0.1'], ['10.0.0.1', '127.0.0.1'], ['127.0.0.1', '::1'], ['127.0.0.1', ''], many];
  for (const addresses of bad) {
    const context = network(async () => addresses);
    const result = await pingServer({ address: `a.example:${server.port}`, id: ID }, context, admit);
    assert.deepEqual([result, context.clock.timers], [{ type: 'bad' }, 0]);
  }
  assert.equal(server.connections, 0);
  const eight = network(async () => many.slice(1));
  const target = { address: `a.example:${server.port}`, id: ID };
  assert.deepEqual(await pingServer(target, eight, () => 5), { type: 'later', retryAfterMs: 5 });
});

test('LIST-44 for a forbidden port, the name is not even resolved', async () => {
  const names: string[] = [];
  const context = network(async (name) => {
    names.push(name);
    return [];
  });
  const ping = (port: number) => pingServer({ address: `a${port}.example:${port}`, id: ID }, context, admit);
  for (const port of [22, 25, 81, 1_023, 1_024]) assert.deepEqual(await ping(port), { type: 'bad' });
  assert.deepEqual(names, ['a1024.example']);
});

test('LIST-49 LIST-63 the addresses ask for room, and nothing is connected without it', async (t) => {
  const server = await goodServer(t);
  const asked: (readonly string[])[] = [];
  const full = (addresses: readonly string[]) => {
    asked.push(addresses);
    return 1_234;
  };
  const result = await pingServer({ address: server.address, id: ID }, network(), full);
  assert.deepEqual(result, { type: 'later', retryAfterMs: 1_234 });
  assert.deepEqual([asked, server.connections], [[['127.0.0.1']], 0]);
});

test('LIST-56 LIST-58 a slow resolver is waited for 5 s, and what it says after that is ignored', async (t) => {
  const server = await goodServer(t);
  for (const end of ['resolve', 'reject'] as const) {
    const slow = Promise.withResolvers<readonly string[]>();
    const context = network(() => slow.promise);
    const pinging = pingServer({ address: `a.example:${server.port}`, id: ID }, context, admit);
    context.clock.advance(5_000);
    assert.deepEqual(await pinging, { type: 'bad' });
    slow[end](['127.0.0.1']);
    assert.equal(context.clock.timers, 0);
  }
  await waitForIo();
  assert.equal(server.connections, 0);
});

test('LIST-56 the time of the resolver and that of the server count together', async (t) => {
  const server = await PingedServer.listen(t, () => {});
  const slow = Promise.withResolvers<readonly string[]>();
  const context = network(() => slow.promise);
  const pinging = pingServer({ address: `a.example:${server.port}`, id: ID }, context, admit);
  context.clock.advance(4_000);
  slow.resolve(['127.0.0.1']);
  await server.connected();
  context.clock.advance(1_000);
  assert.deepEqual(await pinging, { type: 'bad' });
  await server.closed();
});

test('LIST-56 LIST-57 a ping that is late before it connects leaves no connection', async (t) => {
  const server = await goodServer(t);
  const target = { host: 'a.example', port: server.port, addresses: ['127.0.0.1', '127.0.0.2'] };
  for (const isSecure of [false, true]) {
    const late = AbortSignal.abort();
    assert.equal(await exchangePing({ ...target, isSecure }, ID, new FakeClock(), late), null);
  }
  await waitForIo();
  await server.closed();
});

test('LIST-58 a resolver that fails, and a port where nobody listens, make a bad ping', async (t) => {
  const server = await goodServer(t, { host: '127.0.0.2' });
  const failing = network(() => Promise.reject(new Error('ENOTFOUND')));
  const throwing = network(never);
  for (const context of [failing, throwing, network(async () => ['127.0.0.1'])]) {
    const result = await pingServer({ address: `a.example:${server.port}`, id: ID }, context, admit);
    assert.deepEqual([result, context.clock.timers], [{ type: 'bad' }, 0]);
  }
});

test('LIST-52 on TLS the certificate is checked against the host', async (t) => {
  const { key, cert } = await selfSignedCertificate();
  const server = await goodServer(t, { tls: { key, cert } });
  const exchange = (host: string) => {
    const target = { host, port: server.port, addresses: ['127.0.0.1'], isSecure: true };
    return exchangePing(target, ID, new FakeClock(), new AbortController().signal);
  };
  assert.equal(await exchange('localhost'), null);
  const before = getCACertificates('default');
  t.after(() => setDefaultCACertificates(before));
  setDefaultCACertificates([...before, cert]);
  assert.deepEqual(await Promise.all(['localhost', '127.0.0.1', 'a.example'].map(exchange)), [0, 0, null]);
  await server.closed();
  const plain = await goodServer(t);
  const target = { host: '127.0.0.1', port: plain.port, addresses: ['127.0.0.1'], isSecure: true };
  const deadline = new AbortController();
  const pinging = exchangePing(target, ID, new FakeClock(), deadline.signal);
  await plain.connected();
  deadline.abort();
  assert.equal(await pinging, null);
  await plain.closed();
});

test('LIST-45 with the real list of addresses a ping to this machine is bad, unless private addresses are allowed', async (t) => {
  const server = await goodServer(t);
  for (const [allowPrivate, type] of [
    [false, 'bad'],
    [true, 'good'],
  ] as const) {
    const allowed = new PublicAddresses(allowPrivate);
    const result = await pingServer({ address: server.address, id: ID }, { ...network(), allowed }, admit);
    assert.equal(result.type, type);
  }
  assert.equal(server.connections, 1);
});
