import assert from 'node:assert/strict';
import test from 'node:test';
import { startServerProcess, type ServerProcess } from '../../testing/server.ts';
import { RawClient } from '../../testing/transports/raw-client.ts';

const VISITOR = '203.0.113.7';
const OTHER = '203.0.113.8';
const HASH = 'a'.repeat(64);
const trusting = { args: ['--trusted-proxy', '127.0.0.1'] };

async function connectFor(server: ServerProcess, visitor: string): Promise<RawClient> {
  const client = await RawClient.connect(server.port);
  await client.send(`PROXY TCP4 ${visitor} 127.0.0.1 12345 5000\r\n`);
  return client;
}

/** The results of these requests of tagged, in order. */
async function results(client: RawClient, requests: readonly object[]): Promise<readonly number[]> {
  client.clear();
  await client.send(requests.map((request) => JSON.stringify(request)).join(''));
  let found: readonly number[] = [];
  while (found.length < requests.length) {
    await client.untilBytes(client.received.length + 1);
    found = [...client.text.matchAll(/"result":(\d+)/g)].map(([, result]) => Number(result));
  }
  return found;
}

test('SERVER-101 T18 T50 behind a trusted proxy 30 wrong passwords of one visitor keep nobody else out', async (t) => {
  const server = await startServerProcess(t, trusting);
  const login = (username: string) => ({ message: 'login', username, password: HASH, tag: '1' });
  const guesser = await connectFor(server, VISITOR);
  const guesses = Array.from({ length: 31 }, (_, index) => login(`name${index}`));
  assert.deepEqual(await results(guesser, guesses), [...Array.from({ length: 30 }, () => 401), 503]);
  const again = await connectFor(server, VISITOR);
  assert.deepEqual(await results(again, [login('alice')]), [503]);
  const other = await connectFor(server, OTHER);
  assert.deepEqual(await results(other, [{ message: 'register', username: 'olga', password: HASH, tag: '1' }]), [201]);
  assert.deepEqual(await results(other, [login('olga')]), [200]);
  for (const client of [guesser, again, other]) client.destroy();
});

test('SERVER-43 T50 /metrics is not for the clients of a proxy on this machine, whatever tells of them', async (t) => {
  const server = await startServerProcess(t, trusting);
  const status = async (client: RawClient, ...headers: readonly string[]) => {
    await client.send(
      ['GET /metrics HTTP/1.1', 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n'),
    );
    return (await client.closed()).slice(9, 12);
  };
  assert.equal(await status(await RawClient.connect(server.port)), '200');
  assert.equal(await status(await connectFor(server, VISITOR)), '403');
  assert.equal(await status(await RawClient.connect(server.port), `X-Forwarded-For: ${VISITOR}`), '403');
  for (const spoofed of ['127.0.0.1', '::1', 'unknown', '127.0.0.1, 127.0.0.1']) {
    assert.equal(await status(await RawClient.connect(server.port), `X-Forwarded-For: ${spoofed}`), '403', spoofed);
  }
});

test('SERVER-101 T50 the log names the visitor of a refused page, not the proxy', async (t) => {
  const server = await startServerProcess(t, trusting);
  const client = await connectFor(server, VISITOR);
  const answer = await client.upgrade('/c2', ['Origin: https://evil.example']);
  assert.match(answer, /^HTTP\/1.1 403 /);
  const { address, origin, option } = await server.line('origin-refused');
  assert.deepEqual([address, origin, option], [VISITOR, 'https://evil.example', '--allow-origin https://evil.example']);
  client.destroy();
});
