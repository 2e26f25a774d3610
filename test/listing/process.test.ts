import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { runParlance, startListingProcess, startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { getPage } from '../../testing/http.ts';
import { freePort } from '../proxy/programs.ts';
import { pingedId } from './pinged-id.ts';

async function servers(http: string): Promise<readonly { readonly [name: string]: unknown }[]> {
  return JSON.parse((await getPage(`${http}/servers`)).text).servers;
}

test('SERVER-232 LIST-01 LIST-06 a server and a listing service find each other; a killed server comes back under its key', async (t) => {
  const data = temporaryDirectory(t);
  const listing = await startListingProcess(t, ['--data', data, '--allow-private']);
  assert.equal((await getPage(`${listing.http}/healthz`)).text, '{"status":"ok"}');
  const dataDir = temporaryDirectory(t);
  const free = await freePort();
  const args = ['--port', `${free}`, '--listing', listing.http, '--public-address', `127.0.0.1:${free}`];
  const start = () => startServerProcess(t, { dataDir, args: [...args, '--name', 'Here'] });
  const first = await start();
  await first.line('listed');
  const [listed] = await servers(listing.http);
  assert.deepEqual([listed?.displayName, listed?.address], ['Here', `127.0.0.1:${free}`]);
  assert.match((await getPage(`${listing.http}/`)).text, /Here/);
  first.kill('SIGKILL');
  await first.exited;
  const second = await start();
  await second.line('listed');
  assert.deepEqual(
    (await servers(listing.http)).map(({ id }) => id),
    [listed?.id],
  );
  assert.deepEqual(await second.stop(), { code: 0, signal: null });
  assert.deepEqual(await servers(listing.http), []);
  assert.deepEqual(await listing.stop(), { code: 0, signal: null });
});

test('SERVER-230 beside the chat the same service runs on a port of its own', async (t) => {
  const server = await startServerProcess(t, { args: ['--listing-port', '0'] });
  const { port } = await server.line('listening', ({ only }) => only === 'listing');
  const http = `http://127.0.0.1:${port}`;
  assert.deepEqual(await servers(http), []);
  assert.match((await getPage(`${http}/`)).text, /<h1>/);
  assert.equal((await getPage(`${server.http}/servers`)).status, 404);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});

test('SERVER-232 a listing service that cannot start says why and ends with 1', async (t) => {
  const data = temporaryDirectory(t);
  const first = await startListingProcess(t, ['--data', data]);
  const second = await runParlance(['listing', '--port', '0', '--data', data]);
  assert.deepEqual([second.code, /in use/.test(second.stderr)], [1, true], second.stderr);
  const third = await runParlance([
    'listing',
    '--port',
    `${first.port}`,
    '--host',
    '127.0.0.1',
    '--data',
    temporaryDirectory(t),
  ]);
  assert.deepEqual([third.code, /--port/.test(third.stderr)], [1, true], third.stderr);
  const broken = temporaryDirectory(t);
  writeFileSync(join(broken, 'listing.db'), 'no database'.repeat(100));
  const fourth = await runParlance(['listing', '--port', '0', '--data', broken]);
  assert.deepEqual([fourth.code, /the list in .* cannot be used/.test(fourth.stderr)], [1, true], fourth.stderr);
  for (const args of [['--port', '70000'], ['--port', 'x'], ['--trusted-proxy', 'me'], ['--nothing']])
    assert.equal((await runParlance(['listing', ...args])).code, 1, args.join(' '));
  const both = await startServerProcess(t, { args: ['--listing-port', `${first.port}`] }).catch(
    ({ message }: Error) => message,
  );
  assert.match(String(both), /--listing-port/);
});

test('LIST-18 T50 whom a trusted proxy names counts as the caller, and nobody else is believed', async (t) => {
  const ask = async (args: readonly string[], forwarded: string) => {
    const listing = await startListingProcess(t, ['--data', temporaryDirectory(t), '--allow-private', ...args]);
    // Without an address the caller's own is pinged; nothing is there, and the refusal of an unknown one comes at once.
    const socket = connect(listing.port, '127.0.0.1');
    const head = `POST /servers/7 HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${forwarded}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    socket.write(head);
    let text = '';
    for await (const piece of socket.setEncoding('utf8')) text += piece;
    await listing.stop();
    return text;
  };
  assert.match(await ask([], '192.0.2.7'), /yours is not known/, 'a proxy that is not trusted hides the caller');
  assert.match(await ask(['--trusted-proxy', '127.0.0.1'], '192.0.2.7'), /no valid answer/);
  assert.match(await ask(['--trusted-proxy', '127.0.0.1'], 'garbage'), /yours is not known/);
});

test('LIST-01 LIST-07 LIST-09 LIST-12 LIST-22 over HTTP every method gets the answer of the document, with any kind of body', async (t) => {
  const listing = await startListingProcess(t, ['--data', temporaryDirectory(t), '--allow-private']);
  const server = await startServerProcess(t, {});
  const id = await pingedId(server.port);
  const url = `${listing.http}/servers/${id}`;
  const ask = async (method: string, init: RequestInit = {}) => {
    const response = await fetch(url, { method, ...init });
    return [response.status, await response.text()] as const;
  };
  const address = `127.0.0.1:${server.port}`;
  const chunked = new Blob([JSON.stringify({ address, serverName: 'Chunked' })]).stream();
  const [status, key] = await ask('POST', { body: chunked, duplex: 'half' } as RequestInit);
  assert.equal(status, 201, key);
  const headers = { Authorization: `C2Listing ${key}` };
  const long = 'x'.repeat(100_000);
  assert.deepEqual(await ask('PUT', { headers, body: '{"maxUsers":5}' }), [200, '']);
  assert.deepEqual(await ask('PUT', { headers, body: long }), [413, '']);
  assert.deepEqual(await ask('PUT', { headers, body: new Blob([long]).stream(), duplex: 'half' } as RequestInit), [
    413,
    '',
  ]);
  assert.deepEqual(await ask('PUT', { body: '{"maxUsers":6}' }), [401, '']);
  assert.deepEqual(
    (await servers(listing.http)).map(({ displayName, maxUsers }) => [displayName, maxUsers]),
    [['Chunked', 5]],
  );
  assert.deepEqual(await ask('DELETE', { headers }), [200, '']);
  assert.deepEqual(await ask('DELETE', { headers }), [400, '']);
  assert.deepEqual(await ask('DELETE'), [400, '']);
});
