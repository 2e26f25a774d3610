import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { selfSignedCertificate } from '../../testing/transports/certificate.ts';
import { RawClient } from '../../testing/transports/raw-client.ts';
import { DEALER_READY, peerGreeting, SERVER_GREETING, SERVER_READY } from '../../testing/transports/zmtp.ts';
import { blocksOf, filled } from './page.ts';
import { freePort, missingProgram, startHaproxy, startNginx } from './programs.ts';
import { Visitor } from './visitor.ts';

/** Wrong passwords are slow, so they come only by one way for each manner of naming the visitor. */
const GUESSED = ['nginx, browsers', 'HAProxy, every protocol, version 2'];
const HASH = 'a'.repeat(64);
/** Connections of one address. */
const MOST = 3;
const PAGE = { Host: 'chat.example.org', Origin: 'https://chat.example.org' };
/** What a visitor may write to look like somebody else. */
const SPOOFED = { 'X-Forwarded-For': '198.51.100.9', 'X-Real-IP': '198.51.100.9', Forwarded: 'for=198.51.100.9' };

/** One of the configurations on the page; `network` is the visitors' own. */
type Way = { readonly name: string; readonly port: number; readonly isWeb: boolean; readonly network: string };

/** Parlance behind all the configurations of docs/proxy.md. */
async function behindProxies(
  t: TestContext,
): Promise<{ readonly server: ServerProcess; readonly ways: readonly Way[] }> {
  const directory = temporaryDirectory(t);
  const { cert, key } = await selfSignedCertificate();
  const path = (name: string) => join(directory, name);
  for (const [name, text] of [
    ['cert.pem', cert],
    ['key.pem', key],
    ['both.pem', `${cert}\n${key}`],
  ] as const) {
    writeFileSync(path(name), text);
  }
  const limits = ['--limits-loopback', '--limits-connections-per-address', `${MOST}`];
  const tls = ['--tls-cert', path('cert.pem'), '--tls-key', path('key.pem')];
  const settings = ['--trusted-proxy', '127.0.0.1', '--public-host', 'chat.example.org'];
  const server = await startServerProcess(t, { args: [...settings, ...limits, ...tls] });
  const parlance = { '127.0.0.1:5000': `127.0.0.1:${server.port}` };
  const [web = '', stream = ''] = blocksOf('nginx');
  const [tcp = '', line = '', http = ''] = blocksOf('haproxy');
  const ports = await Promise.all(Array.from({ length: 5 }, freePort));
  const [nginxWeb = 0, nginxStream = 0, tcp2 = 0, tcp1 = 0, haproxyWeb = 0] = ports;
  const here = (port: number) => `127.0.0.1:${port}`;
  const inHttp = filled(web, {
    ...parlance,
    'listen 443': `listen ${here(nginxWeb)}`,
    '/etc/ssl/chat.example.org.pem': path('cert.pem'),
    '/etc/ssl/chat.example.org.key': path('key.pem'),
  });
  await startNginx(
    t,
    directory,
    inHttp,
    filled(stream, { ...parlance, 'listen 5001': `listen ${here(nginxStream)}` }),
    [nginxWeb, nginxStream],
  );
  const [, lastLine = ''] = /( +server parlance .*\n)/.exec(tcp) ?? [];
  const version2 = filled(tcp, { ...parlance, 'bind :5001': `bind ${here(tcp2)}` });
  const version1 = filled(tcp, { [lastLine]: line, 'bind :5001': `bind ${here(tcp1)}` });
  const haproxyHttp = filled(http, {
    ...parlance,
    'bind :443': `bind ${here(haproxyWeb)}`,
    '/etc/ssl/chat.example.org.pem': path('both.pem'),
  });
  await startHaproxy(t, directory, 'version2', version2 + haproxyHttp, [tcp2, haproxyWeb]);
  await startHaproxy(t, directory, 'version1', filled(version1, parlance), [tcp1]);
  const names: readonly (readonly [string, boolean])[] = [
    ['nginx, browsers', true],
    ['nginx, every protocol', false],
    ['HAProxy, every protocol, version 2', false],
    ['HAProxy, every protocol, version 1', false],
    ['HAProxy, browsers', true],
  ];
  return {
    server,
    ways: names.map(([name, isWeb], index) => ({ name, isWeb, port: ports[index] ?? 0, network: `127.1.${index}` })),
  };
}

/** Opens a WebSocket by a way, from this host of its network. */
function open({ isWeb, port, network }: Way, path: string, host: number, headers = {}, isTls = isWeb) {
  const page = isWeb ? PAGE : {};
  return Visitor.open(`${isTls ? 'wss' : 'ws'}://127.0.0.1:${port}${path}`, `${network}.${host}`, {
    ...page,
    ...headers,
  });
}

async function enter(way: Way, path: string, host: number, isTls = way.isWeb): Promise<Visitor> {
  const visitor = await open(way, path, host, {}, isTls);
  return visitor instanceof Visitor ? visitor : assert.fail(`${way.name}: refused with ${visitor}`);
}

test('SERVER-101 T50 the configurations of docs/proxy.md work with nginx and HAProxy', async (t) => {
  const missing = missingProgram();
  if (missing !== null) return t.skip(missing);
  const { server, ways } = await behindProxies(t);
  const owner = await RawClient.connect(server.port);
  await owner.send(`{"message":"register","username":"olga","password":"${HASH}","tag":"1"}`);
  await owner.until('"result":201');
  owner.destroy();
  for (const way of ways) {
    await t.test(`${way.name}: two visitors talk`, () => twoTalk(way));
    if (!way.isWeb) await t.test(`${way.name}: raw TCP, TLS and ZeroMQ pass`, () => allPasses(way));
    await t.test(`${way.name}: pages pass, but for the metrics`, () => pagesPass(way));
    await t.test(`${way.name}: each visitor has its own limits, and cannot hide`, () => ownLimits(server, way));
    if (!GUESSED.includes(way.name)) continue;
    await t.test(`${way.name}: 30 wrong passwords of one visitor keep nobody else out`, () => ownThrottle(way));
  }
});

async function twoTalk(way: Way): Promise<void> {
  const alice = await enter(way, '/c2', 1);
  const bob = await enter(way, '/', 2);
  for (const [visitor, name] of [
    [alice, 'alice'],
    [bob, 'bob'],
  ] as const) {
    visitor.send(`c2/CONNECT ${name}`);
    await visitor.until('c2/ACKNOWLEDGE');
  }
  alice.send(`c2/MSG 1; by ${way.name}`);
  for (let frame = ''; !frame.endsWith(`by ${way.name}`); ) frame = await bob.until('c2/MSG alice; 1; ');
  await Promise.all([alice.close(), bob.close()]);
}

async function allPasses(way: Way): Promise<void> {
  const raw = await RawClient.connect(way.port, '127.0.0.1', `${way.network}.3`);
  await raw.send('c2/CONNECT carol\n');
  await raw.until('c2/ACKNOWLEDGE');
  raw.destroy();
  const inTls = await RawClient.connectTls(way.port);
  await inTls.send('{"cmd":"connect","username":"cora"}');
  await inTls.until('"success":true');
  inTls.destroy();
  await (await enter(way, '/', 3, true)).close();
  const dealer = await RawClient.connect(way.port, '127.0.0.1', `${way.network}.3`);
  await dealer.send(Buffer.concat([peerGreeting(), DEALER_READY]));
  await dealer.untilBytes(SERVER_GREETING.length + SERVER_READY.length);
  dealer.destroy();
}

async function pagesPass({ port, isWeb, network }: Way): Promise<void> {
  const status = async (path: string) => {
    const options = { host: '127.0.0.1', port, path, localAddress: `${network}.4`, agent: false, headers: SPOOFED };
    const asking = isWeb ? getSecure({ ...options, rejectUnauthorized: false }) : get(options);
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    response.destroy();
    return response.statusCode;
  };
  assert.equal(await status('/healthz'), 200);
  assert.equal(await status('/metrics'), 403);
}

async function ownLimits(server: ServerProcess, way: Way): Promise<void> {
  const visitors: Visitor[] = [];
  for (const host of [5, 6]) {
    for (let count = 0; count < MOST; count++) visitors.push(await enter(way, '/c2', host));
  }
  for (const host of [5, 6]) {
    for (const headers of [{}, SPOOFED]) assert.equal(await open(way, '/c2', host, headers), way.isWeb ? 503 : 0);
    await server.line('connection-refused', ({ address }) => address === `${way.network}.${host}`);
  }
  await Promise.all(visitors.map((visitor) => visitor.close()));
  if (way.isWeb) return;
  const spoofing = await RawClient.connect(way.port, '127.0.0.1', `${way.network}.7`);
  await spoofing.send('PROXY TCP4 198.51.100.9 127.0.0.1 1 1\r\n');
  assert.match(await spoofing.closed(), /^Parlance: this chat server speaks /);
}

async function ownThrottle(way: Way): Promise<void> {
  const [guesser, olga] = [await enter(way, '/tagged', 8), await enter(way, '/tagged', 9)];
  const login = async (visitor: Visitor, username: string) => {
    visitor.send(JSON.stringify({ message: 'login', username, password: HASH, tag: '1' }));
    return /"result":(\d+)/.exec(await visitor.next())?.[1];
  };
  for (let guess = 0; guess < 30; guess++) assert.equal(await login(guesser, `name${guess}`), '401');
  assert.equal(await login(guesser, 'olga'), '503');
  assert.equal(await login(olga, 'olga'), '200');
  await Promise.all([guesser.close(), olga.close()]);
}
