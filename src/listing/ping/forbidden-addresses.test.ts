import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { waitForIo } from '../../../testing/condition.ts';
import { PingedServer, withFrames } from '../../../testing/pinged-server.ts';
import { parseListedAddress } from '../address.ts';
import { pingServer } from './ping.ts';
import { PublicAddresses } from './public-addresses.ts';

const FILE = new URL('vectors/forbidden-addresses.json', import.meta.url);
const KINDS = [
  'not an address',
  'never pinged',
  'private',
  'name of a private address',
  'port of a service of the system',
] as const;
const VECTORS: { readonly [kind in (typeof KINDS)[number]]: readonly string[] } = JSON.parse(
  readFileSync(FILE, 'utf8'),
);
const ID = 7;
const PRIVATE_ANSWERS = [['127.0.0.1'], ['::1'], ['::ffff:127.0.0.1'], ['0.0.0.0'], ['::'], ['8.8.8.8', '127.0.0.1']];

/** Servers that would answer a ping well, on all loopback addresses of this machine, and their one port. */
async function canaries(t: TestContext) {
  const has6 = Object.values(networkInterfaces()).some((found) => found?.some(({ address }) => address === '::1'));
  const listen = (host: string, port = 0) =>
    PingedServer.listen(t, (socket, accept) => socket.write(withFrames(accept, `c2/PING ${ID}`)), { host, port });
  const first = await listen('0.0.0.0');
  const servers = has6 ? [first, await listen('::1', first.port)] : [first];
  return { port: first.port, connections: () => servers.reduce((sum, { connections }) => sum + connections, 0) };
}

/** Lets every ping pass that is made, and records its addresses. */
function recordingAdmit() {
  const admitted: (readonly string[])[] = [];
  const admit = (addresses: readonly string[]) => {
    admitted.push(addresses);
    return 0;
  };
  return { admit, admitted };
}

test('LIST-40 LIST-41 LIST-42 no text that only some programs read as an address is one', () => {
  for (const text of VECTORS['not an address']) {
    for (const port of ['80', '5000', '65535']) {
      assert.equal(parseListedAddress(text.replace('PORT', port)), null, JSON.stringify(text));
    }
  }
});

test('T46 LIST-45 LIST-46 LIST-50 no spelling of a forbidden address reaches a server of this machine', async (t) => {
  const { port, connections } = await canaries(t);
  const allowed = new PublicAddresses(false);
  const { admit, admitted } = recordingAdmit();
  const texts = Object.values(VECTORS).flat();
  assert.ok(new Set(texts).size >= 150);
  for (const text of texts) {
    for (const addresses of PRIVATE_ANSWERS) {
      const clock = new FakeClock();
      const network = { clock, resolve: async () => addresses, allowed };
      const address = text.replaceAll('PORT', `${port}`);
      const result = await pingServer({ address, id: ID }, network, admit);
      assert.deepEqual([result, clock.timers], [{ type: 'bad' }, 0], text);
    }
  }
  await waitForIo();
  assert.deepEqual(admitted, []);
  assert.equal(connections(), 0);
});

test('T46 LIST-47 LIST-48 where private addresses are allowed, only private ones are pinged', async (t) => {
  const { port, connections } = await canaries(t);
  const { admit, admitted } = recordingAdmit();
  const allowed = new PublicAddresses(true);
  for (const text of VECTORS.private) {
    assert.equal(allowed.has(parseListedAddress(text.replace('PORT', '5000'))?.host ?? ''), true, text);
  }
  const never = VECTORS['never pinged'].map((text) => parseListedAddress(text.replace('PORT', '5000'))?.host ?? '');
  for (const host of never) {
    const network = { clock: new FakeClock(), resolve: async () => [host], allowed };
    for (const address of [isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`, `a.example:${port}`]) {
      const result = await pingServer({ address, id: ID }, network, admit);
      assert.deepEqual(result, { type: 'bad' }, host);
    }
  }
  assert.deepEqual(admitted, []);
  const network = { clock: new FakeClock(), resolve: async () => [], allowed };
  assert.equal((await pingServer({ address: `127.0.0.1:${port}`, id: ID }, network, () => 0)).type, 'good');
  assert.equal(connections(), 1);
});
