import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { TestWorld, untilSettled } from '../../../testing/world.ts';
import { runParlance, startServerProcess } from '../../../testing/server.ts';
import type { Cleanup } from '../../../testing/temporary.ts';
import { TextClient } from '../../../testing/text-client.ts';
import { Inbox } from '../../../testing/transcripts/connections.ts';
import { runAdmin } from './commands.ts';
import type { AdminRequest } from './messages.ts';

const done = (...lines: string[]) => ({ ok: true, lines });
const refused = (...lines: string[]) => ({ ok: false, lines });

async function opened(trustedProxies: readonly string[] = []) {
  const app = await TestWorld.open();
  const origins = [
    { address: '203.0.113.7', protocol: 'tagged', since: app.clock.now(), person: await someone(app, 'alice') },
    { address: '2001:db8:0:0::/64', protocol: 'c2', since: app.clock.now() + 5_000, person: null },
  ];
  const run = (request: AdminRequest) =>
    untilSettled(app.clock, runAdmin(app.world, app.clock.now(), request, { origins: () => origins, trustedProxies }));
  const ban = (address: string, forMs: number | null = null) =>
    run({ command: 'ban-address', address, reason: 'flood', forMs });
  const unban = (address: string) => run({ command: 'unban-address', address });
  return { app, run, ban, unban };
}

async function someone(app: TestWorld, name: string) {
  return { id: await app.enter(name), name };
}

test('SERVER-157 ranges are banned, listed and unbanned, in whatever way they are written', async () => {
  const { app, run, ban, unban } = await opened();
  assert.deepEqual(
    await ban('203.0.113.99/24', 3_600_000),
    done('203.0.113.0/24 is banned until 2026-01-01 01:00:00 UTC: flood'),
  );
  assert.deepEqual(await ban('198.51.100.7'), done('198.51.100.7 is banned for good: flood'));
  assert.deepEqual(await ban('2001:DB8::1'), done('2001:db8::/64 is banned for good: flood'));
  assert.deepEqual((await run({ command: 'list' })).lines.slice(2), [
    '0 names are banned',
    '3 ranges are banned',
    '  203.0.113.0/24 is banned until 2026-01-01 01:00:00 UTC: flood',
    '  198.51.100.7 is banned for good: flood',
    '  2001:db8::/64 is banned for good: flood',
  ]);
  const again = await TestWorld.open({ storage: app.storage });
  assert.equal([...again.world.bans].length, 3, 'after a restart');
  assert.deepEqual(await unban('::ffff:198.51.100.7'), done('people may come from 198.51.100.7 again'));
  assert.deepEqual(await unban('198.51.100.7'), refused('198.51.100.7 is not banned'));
  assert.deepEqual(await unban('2001:db8::2'), done('people may come from 2001:db8::/64 again'));
  app.clock.advance(3_600_000);
  assert.deepEqual((await run({ command: 'list' })).lines.slice(2), ['0 names are banned']);
  for (const text of ['alice', '', '203.0.113.0/33', '203.0.113', '*'])
    assert.deepEqual(await ban(text), refused(`${text} is neither an address nor a range such as 203.0.113.0/24`));
});

test('SERVER-158 this machine and trusted proxies cannot be banned, and nothing is written then', async () => {
  const { app, ban } = await opened(['10.0.0.1', '2001:db8:5::/48', '192.0.2.0/24']);
  for (const address of ['127.0.0.1', '127.9.9.9/16', '0.0.0.0/0', '::1', '::/0', '::ffff:127.0.0.1', '64.0.0.0/2']) {
    const reply = await ban(address);
    assert.equal(reply.ok, false, address);
    assert.match(reply.lines.join(), /has an address of this machine in it: that would shut you out, too/, address);
  }
  const proxies = {
    '10.0.0.0/8': '10.0.0.1',
    '10.0.0.1': '10.0.0.1',
    '2001:db8:5:7::1': '2001:db8:5::/48',
    '192.0.2.77': '192.0.2.0/24',
  };
  for (const [address, proxy] of Object.entries(proxies)) {
    const reply = await ban(address);
    assert.equal(reply.ok, false, address);
    assert.ok(reply.lines.join().includes(`has the trusted proxy ${proxy} in it`), reply.lines.join());
  }
  assert.deepEqual([...app.world.bans], []);
  assert.equal((await ban('10.0.1.0/24')).ok, true);
});

test('SERVER-156 the list with addresses shows every connection, invisible people and connections without a login', async () => {
  const { app, run } = await opened();
  const bob = await app.enter('bob');
  await app.must((world, done) => world.setStatus(bob, 'Offline', done));
  assert.deepEqual(
    await run({ command: 'list', addresses: true }),
    done(
      '2 people are here',
      '  alice',
      '    203.0.113.7 by tagged, since 2026-01-01 00:00:00 UTC',
      '  bob (invisible)',
      '  connections without a login',
      '    2001:db8:0:0::/64 by c2, since 2026-01-01 00:00:05 UTC',
      '0 names are banned',
    ),
  );
  assert.deepEqual((await run({ command: 'list' })).lines, [
    '1 person is here',
    '  alice, since 2026-01-01 00:00:00 UTC',
    '0 names are banned',
  ]);
});

/** A client of codechat that a trusted proxy passes on. */
async function visitor(cleanup: Cleanup, port: number, address: string, name: string) {
  const socket = connect(port, '127.0.0.1');
  cleanup.after(async () => void socket.destroy());
  await once(socket, 'connect');
  const inbox = new Inbox();
  let rest = '';
  socket.setEncoding('utf8').on('data', (piece: string) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) inbox.push(line);
  });
  socket.on('error', () => {}).on('close', () => inbox.push(null));
  const family = address.includes(':') ? 'TCP6' : 'TCP4';
  const own = family === 'TCP6' ? '2001:db8:9::1' : '10.0.0.1';
  socket.write(`PROXY ${family} ${address} ${own} 4000 5000\r\n`);
  socket.write(JSON.stringify({ cmd: 'connect', username: name }));
  return inbox;
}

test('SERVER-156 SERVER-157 SERVER-158 the operator sees where people come from, bans a range, and it lasts over a restart', async (t) => {
  const args = ['--trusted-proxy', '127.0.0.1'];
  const server = await startServerProcess(t, { args });
  const admin = (...words: string[]) => runParlance(['admin', ...words, '--data', server.dataDir]);
  const mallory = await visitor(t, server.port, '203.0.113.7', 'mallory');
  assert.match((await mallory.next()) ?? '', /"success":true/);
  const bob = await visitor(t, server.port, '2001:db8::7', 'bob');
  assert.match((await bob.next()) ?? '', /"success":true/);
  const local = await TextClient.enter(server.url, 'local');
  const list = (await admin('list', '--addresses')).stdout;
  assert.match(
    list,
    /^3 people are here\n {2}mallory\n {4}203\.0\.113\.7 by codechat, since .* UTC\n {2}bob\n {4}2001:db8:0:0::\/64 by codechat/,
  );
  assert.match(list, / {2}local\n {4}127\.0\.0\.1 by c2, since /);
  const own = await admin('ban', '--address', '127.0.0.1');
  assert.deepEqual([own.code, own.stdout], [1, '']);
  assert.match(own.stderr, /^parlance: 127\.0\.0\.1 has an address of this machine in it/);
  const banned = await admin('ban', '--address', '203.0.113.0/24', '--for', '2h', '--reason', 'flooding');
  assert.deepEqual([banned.code, banned.stderr], [0, '']);
  assert.match(banned.stdout, /^203\.0\.113\.0\/24 is banned until .* UTC: flooding\n$/);
  assert.equal(await local.until('c2/DISCONNECT'), 'c2/DISCONNECT ban; mallory; flooding');
  const last: string[] = [];
  for (let line = await mallory.next(); line !== null; line = await mallory.next()) last.push(line);
  assert.match(last.at(-1) ?? '', /"success":false,"error-msg":"banned: flooding"/);
  const both = await admin('ban', 'bob', '--address', '203.0.113.9');
  assert.match(both.stderr, /name either a person or, with --address, an address or a range/);
  assert.equal(both.code, 1);
  assert.equal((await admin('ban')).code, 1);
  await server.stop();

  const again = await startServerProcess(t, { dataDir: server.dataDir, args });
  const refusedOne = await visitor(t, again.port, '203.0.113.200', 'eve');
  assert.match((await refusedOne.next()) ?? '', /"success":false,"error-msg":"banned: flooding"/);
  assert.equal(await refusedOne.next(), null);
  const other = await visitor(t, again.port, '203.0.114.1', 'eve');
  assert.match((await other.next()) ?? '', /"success":true/);
  assert.equal(
    (await admin('unban', '--address', '203.0.113.0/24')).stdout,
    'people may come from 203.0.113.0/24 again\n',
  );
  const welcome = await visitor(t, again.port, '203.0.113.200', 'fay');
  assert.match((await welcome.next()) ?? '', /"success":true/);
});
