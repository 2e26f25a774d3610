import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { loadConfig } from './load.ts';
import { options } from './options.ts';
import type { Config } from './schema.ts';
import { dataDirectory } from './sources.ts';

const ORIGINS =
  'origins such as https://chat.example.org, https://*.example.org, capacitor://localhost, file:// or null';

type Given = {
  readonly flags?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  /** The contents of `parlance.toml` in the data directory. */
  readonly file?: string;
};

/** A working directory with the given files; its `data` is the data directory. */
async function given(t: TestContext, { flags = {}, env = {}, file }: Given) {
  const directory = temporaryDirectory(t);
  await mkdir(join(directory, 'data'));
  if (file !== undefined) await writeFile(join(directory, 'data', 'parlance.toml'), file);
  return { directory, flags: new Map(Object.entries(flags)), env };
}

async function load(t: TestContext, options: Given): Promise<Config> {
  const config = loadConfig(await given(t, options));
  if (!config.ok) throw new Error(config.error.join('\n'));
  return config.value;
}

async function problems(t: TestContext, options: Given): Promise<string> {
  const sources = await given(t, options);
  const config = loadConfig(sources);
  if (config.ok) throw new Error('nothing was wrong with it');
  return config.error.join('\n').replaceAll(`${join(sources.directory, 'data')}/`, '');
}

test('SERVER-01 a flag wins over the environment, that over the file, that over the default', async (t) => {
  const file = 'port = 1\nhistory = 1\nname = "file"\n[limits]\nmessages_burst = 7\nloopback = true\n';
  const env = { PARLANCE_PORT: '2', PARLANCE_HISTORY: '2', PARLANCE_LIMITS_LOOPBACK: 'false', HOME: '/' };
  const config = await load(t, { flags: { port: '3', 'public-metrics': true }, env, file });
  assert.deepEqual([config.port, config.history, config.name, config.lobby], [3, 2, 'file', 'lobby']);
  assert.deepEqual([config.limits.messages_burst, config.limits.messages_per_second], [7, 10]);
  assert.deepEqual([config.limits.loopback, config.public_metrics], [false, true]);
});

test('SERVER-01 without any source every option has its default', async (t) => {
  const config = await load(t, {});
  assert.deepEqual(config.limits, {
    connections_per_address: 64,
    strangers_per_address: 64,
    new_per_minute: 64,
    messages_per_second: 10,
    messages_burst: 30,
    renames_per_minute: 30,
    renames_burst: 3,
    searches_per_second: 2,
    searches_burst: 20,
    requests_per_second: 50,
    requests_burst: 200,
    pings_per_second: 10,
    registrations_per_hour: 5,
    loopback: false,
  });
  assert.deepEqual([config.port, config.host, config.ports, config.tls], [5000, '::', {}, {}]);
  assert.deepEqual([config.registration, config.tagged_logins], ['open', 'on']);
  assert.deepEqual([config.accounts_join_lobby, config.private_lines], [true, true]);
  assert.deepEqual(config.waiting, { messages: 1_000, days: 30 });
  assert.deepEqual(config.font, { family: 'Segoe UI', color: '#000000', style: '' });
});

test('SERVER-01 an option that is on by default can be switched off by each source', async (t) => {
  const file = 'private_lines = false';
  assert.equal((await load(t, { file })).private_lines, false);
  const env = { PARLANCE_PRIVATE_LINES: 'true' };
  assert.equal((await load(t, { file, env })).private_lines, true);
  assert.equal((await load(t, { env, flags: { 'private-lines': 'false' } })).private_lines, false);
});

test('SERVER-02 unknown options are errors, in a file and in the environment', async (t) => {
  assert.equal(
    await problems(t, { file: 'prot = 1\nlog = 3\n[limits]\nmessages = 2\n[new]\nx = 1\n' }),
    'parlance.toml: there is no option prot\n' +
      'parlance.toml: there is no option log\n' +
      'parlance.toml: there is no option limits.messages\n' +
      'parlance.toml: there is no option new',
  );
  assert.equal(await problems(t, { file: '__proto__ = 1\n' }), 'parlance.toml: there is no option __proto__');
  assert.equal(await problems(t, { env: { PARLANCE_PROT: '1' } }), 'environment: there is no option PARLANCE_PROT');
});

test('SERVER-03 the error for an invalid value names its source, the expected and the found value; all at once', async (t) => {
  const values = await problems(t, {
    file: 'port = "x"\nname = 5\nhistory = 1.5\nallow_origins = ["chat.example.org"]\n[log]\nlevel = "all"\n',
    env: { PARLANCE_LIMITS_LOOPBACK: 'yes', PARLANCE_LOBBY: 'a;b' },
    flags: { 'tls-cert': '', 'c2-port': '70000', name: 'a\u202eb', 'allow-origin': ['a.example', 'https://*'] },
  });
  assert.deepEqual(values.split('\n').sort(), [
    `--allow-origin: expected ${ORIGINS}, got ["a.example","https://*"]`,
    '--c2-port: expected a whole number from 0 to 65535, got 70000',
    '--name: expected 1 to 64 printable characters, got "a\u202eb"',
    '--tls-cert: expected a path, got ""',
    'PARLANCE_LIMITS_LOOPBACK: expected true or false, got "yes"',
    `parlance.toml: allow_origins: expected ${ORIGINS}, got ["chat.example.org"]`,
    'parlance.toml: history: expected a whole number from 0 to 1000, got 1.5',
    'parlance.toml: log.level: expected info, warn or error, got "all"',
    'parlance.toml: name: expected 1 to 64 printable characters, got 5',
    'parlance.toml: port: expected a whole number from 0 to 65535, got "x"',
  ]);
});

test('SERVER-02 SERVER-03 unknown options and invalid values of every source are reported together', async (t) => {
  const all = await problems(t, {
    file: 'prot = 1\ndata = "elsewhere"\nport = "x"\n',
    env: { PARLANCE_NOPE: '1', PARLANCE_PORT: 'abc' },
    flags: { history: '-1', 'tls-key': 'a' },
  });
  assert.deepEqual(all.split('\n'), [
    'parlance.toml: there is no option prot',
    'parlance.toml: data cannot be set by a file in the data directory',
    'environment: there is no option PARLANCE_NOPE',
    'parlance.toml: port: expected a whole number from 0 to 65535, got "x"',
    'PARLANCE_PORT: expected a whole number from 0 to 65535, got "abc"',
    '--history: expected a whole number from 0 to 1000, got "-1"',
  ]);
  const unread = await problems(t, { file: 'name = \n', env: { PARLANCE_PORT: 'abc' } });
  assert.match(unread, /^parlance\.toml:1: .+\nPARLANCE_PORT: expected /);
});

test('SERVER-03 the error for a file that is no TOML names the line', async (t) => {
  assert.match(await problems(t, { file: 'port = 1\nname = \n' }), /^parlance\.toml:2: /);
  assert.match(await problems(t, { flags: { config: 'none.toml' } }), /none\.toml: cannot be read \(.*ENOENT/);
});

test('SERVER-03 every option refuses values of another type, from every source', async (t) => {
  for (const { flag, env, kind, expects } of options) {
    if (kind === 'text') continue;
    assert.equal(
      await problems(t, { env: { [env]: '?' } }),
      `${env}: expected ${expects}, got ${kind === 'list' ? '["?"]' : '"?"'}`,
    );
    const wrong = kind === 'list' ? ['?'] : '?';
    assert.match(await problems(t, { flags: { [flag]: wrong } }), new RegExp(`^--${flag}: expected `));
  }
});

test('SERVER-03 T40 a font is a plain family, a colour of six digits, and four styles', async (t) => {
  const font = (part: string, text: string) => ({ env: { [`PARLANCE_FONT_${part}`]: text } });
  for (const text of ['Arial', 'DejaVu Sans-2', 'x'.repeat(40), '游ゴシック', 'ไทย', '𝒜'.repeat(40)]) {
    assert.equal((await load(t, font('FAMILY', text))).font.family, text);
  }
  for (const text of ['#1a2B3c', '#000000']) assert.equal((await load(t, font('COLOR', text))).font.color, text);
  for (const text of ['', 'b', 'bius', 'sb']) assert.equal((await load(t, font('STYLE', text))).font.style, text);
  for (const text of [' '.repeat(41), 'x'.repeat(41), 'a;b', 'ä.', 'ㅤ', 'a\u200b', 'a\n']) {
    assert.match(
      await problems(t, font('FAMILY', text)),
      /^PARLANCE_FONT_FAMILY: expected 1 to 40 letters of any script/,
    );
  }
  for (const text of ['#', 'red', '#fff', '#1a2b3c4d', '#1a2b3c\n', '#gggggg']) {
    assert.match(await problems(t, font('COLOR', text)), /^PARLANCE_FONT_COLOR: expected a colour such as #1a2b3c/);
  }
  for (const text of ['bb', 'bub', 'x', 'B', 'b\n']) {
    assert.match(
      await problems(t, font('STYLE', text)),
      /^PARLANCE_FONT_STYLE: expected any of the letters b, i, u and s/,
    );
  }
});

test('SERVER-04 the file is the one named, else parlance.toml in the data directory, which cannot move that', async (t) => {
  const sources = await given(t, { file: 'name = "from data"' });
  await writeFile(join(sources.directory, 'other.toml'), 'name = "other"\ndata = "elsewhere"');
  const named = (flags: [string, unknown][], env: NodeJS.ProcessEnv = {}) => {
    const config = loadConfig({ ...sources, flags: new Map(flags), env });
    return config.ok ? [config.value.name, config.value.data.slice(sources.directory.length)] : config.error;
  };
  assert.deepEqual(named([]), ['from data', '/data']);
  assert.deepEqual(named([['data', 'new']]), ['Parlance', '/new']);
  assert.deepEqual(named([], { PARLANCE_DATA: 'new' }), ['Parlance', '/new']);
  assert.deepEqual(named([['config', 'other.toml']]), ['other', '/elsewhere']);
  assert.deepEqual(named([], { PARLANCE_CONFIG: 'other.toml' }), ['other', '/elsewhere']);
  assert.equal(
    await problems(t, { file: 'data = "elsewhere"' }),
    'parlance.toml: data cannot be set by a file in the data directory',
  );
});

test('SERVER-05 options that conflict are refused', async (t) => {
  const together = /^tls\.cert and tls\.key belong together$/;
  assert.match(await problems(t, { flags: { 'tls-cert': 'a' } }), together);
  assert.match(await problems(t, { flags: { 'tls-key': 'a' } }), together);
  assert.match(await problems(t, { flags: { lobby: 'a;b' } }), /^lobby: "a;b" is not a valid name$/);
  assert.equal((await load(t, { flags: { lobby: 'Tea-room', 'tls-cert': 'a', 'tls-key': 'b' } })).lobby, 'Tea-room');
  const silence = (seconds: string) => ({ flags: { 'deadlines-silence-seconds': seconds } });
  assert.match(await problems(t, silence('20')), /^deadlines\.silence_seconds must be more/);
  assert.equal((await load(t, silence('21'))).deadlines.silence_seconds, 21);
});

test('SERVER-06 relative paths start at the directory of their file, else at the working directory', async (t) => {
  const sources = await given(t, { file: '[tls]\ncert = "cert.pem"\nkey = "/etc/key.pem"' });
  const config = loadConfig(sources);
  assert.ok(config.ok);
  assert.deepEqual(config.value.tls, { cert: join(sources.directory, 'data', 'cert.pem'), key: '/etc/key.pem' });
  assert.equal(config.value.data, join(sources.directory, 'data'));
  const flags = new Map([
    ['tls-cert', 'c.pem'],
    ['tls-key', 'k.pem'],
  ]);
  const flagged = loadConfig({ ...sources, flags });
  assert.ok(flagged.ok);
  assert.deepEqual(flagged.value.tls, {
    cert: join(sources.directory, 'c.pem'),
    key: join(sources.directory, 'k.pem'),
  });
  assert.equal(dataDirectory({ ...sources, env: { PARLANCE_DATA: 'x' } }), join(sources.directory, 'x'));
});

test('SERVER-101 a trusted proxy is an address or a range, of either family', async (t) => {
  const proxies = ['192.0.2.7', '10.0.0.0/8', '::1', '2001:db8::/32', '::ffff:192.0.2.0/120'];
  assert.deepEqual((await load(t, { flags: { 'trusted-proxy': proxies } })).trusted_proxies, proxies);
  assert.deepEqual((await load(t, { file: 'trusted_proxies = ["127.0.0.1"]' })).trusted_proxies, ['127.0.0.1']);
  assert.deepEqual((await load(t, { env: { PARLANCE_TRUSTED_PROXY: '::1, 10.0.0.1' } })).trusted_proxies, [
    '::1',
    '10.0.0.1',
  ]);
  for (const wrong of ['localhost', '10.0.0.0/33', '10.0.0.1:80', '*', '']) {
    assert.match(
      await problems(t, { flags: { 'trusted-proxy': ['::1', wrong] } }),
      /^--trusted-proxy: expected addresses or ranges such as 192\.0\.2\.7 or 10\.0\.0\.0\/8, got /,
    );
  }
});

test('SERVER-01 lists are separated by commas in the environment, and repeated as flags', async (t) => {
  const origins = ['https://a.example', 'http://b.example:8080'];
  const env = { PARLANCE_ALLOW_ORIGIN: origins.join(', '), PARLANCE_PUBLIC_HOST: 'chat.example.org' };
  const config = await load(t, { env });
  assert.deepEqual([config.allow_origins, config.public_hosts], [origins, ['chat.example.org']]);
  assert.deepEqual((await load(t, { flags: { 'allow-origin': origins } })).allow_origins, origins);
});

test('SERVER-06 ~ is the home directory in every path of every source; that of another user is refused', async (t) => {
  const env = { HOME: '/home/me', PARLANCE_TLS_KEY: '~/key.pem', PARLANCE_DATA: '~' };
  const config = await load(t, { env, flags: { 'tls-cert': '~/cert.pem' } });
  assert.deepEqual([config.tls, config.data], [{ cert: '/home/me/cert.pem', key: '/home/me/key.pem' }, '/home/me']);
  const file = '[tls]\ncert = "~/cert.pem"\nkey = "./~/key~.pem"\n';
  const sources = await given(t, { env: { HOME: '/home/me' }, file });
  const read = loadConfig(sources);
  assert.ok(read.ok);
  assert.deepEqual(read.value.tls, { cert: '/home/me/cert.pem', key: join(sources.directory, 'data/~/key~.pem') });
  const home = await given(t, { file: 'name = "from home"' });
  const named = { env: { HOME: home.directory }, flags: { config: '~/data/parlance.toml' } };
  assert.equal((await load(t, named)).name, 'from home');
  const byVariable = { env: { HOME: home.directory, PARLANCE_CONFIG: '~/data/parlance.toml' } };
  assert.equal((await load(t, byVariable)).name, 'from home');
  assert.equal(dataDirectory({ ...home, env: { HOME: '/home/me', PARLANCE_DATA: '~/chat' } }), '/home/me/chat');
  const others = { file: '[tls]\ncert = "~bob/cert.pem"', env: { PARLANCE_TLS_KEY: '~bob/key.pem' } };
  assert.equal(
    await problems(t, { ...others, flags: { data: undefined } }),
    'parlance.toml: tls.cert: ~bob/cert.pem is in the home of another user; write the whole path\n' +
      'PARLANCE_TLS_KEY: ~bob/key.pem is in the home of another user; write the whole path',
  );
});

test('SERVER-127 an empty variable counts as not set, whatever its option, and also if there is no such option', async (t) => {
  const env = Object.fromEntries(
    [...options.map(({ env }) => env), 'PARLANCE_CONFIG', 'PARLANCE_X'].map((name) => [name, '']),
  );
  const file = 'name = "Tea"\nallow_origins = ["https://a.example"]\n';
  const config = await load(t, { env, file });
  assert.deepEqual([config.name, config.allow_origins, config.port], ['Tea', ['https://a.example'], 5000]);
  assert.equal(dataDirectory({ flags: new Map(), env, directory: '/srv' }), '/srv/data');
});

test('SERVER-128 one port given twice is refused with both options, except 0', async (t) => {
  assert.equal(
    await problems(t, {
      file: 'port = 4000\n[ports]\nzeromq = 4000\nc2 = 4001\n',
      env: { PARLANCE_TAGGED_PORT: '4001' },
    }),
    '--c2-port and --tagged-port are both 4001; each needs a port of its own\n' +
      '--port and --zeromq-port are both 4000; each needs a port of its own',
  );
  const flags = { port: '0', 'c2-port': '0', 'zeromq-port': '0' };
  assert.deepEqual((await load(t, { flags })).ports, { c2: 0, zeromq: 0 });
});

test('SERVER-219 a server is listed at a public address, or by its own on port 5000', async (t) => {
  const listing = 'https://listing.example.org/';
  const listed = await load(t, { flags: { listing } });
  assert.deepEqual([listed.listing, listed.public_address], [listing, undefined]);
  const needs = 'listing needs public_address unless port is 5000: the directory cannot know it';
  assert.equal(await problems(t, { flags: { listing, port: '5001' } }), needs);
  assert.equal(await problems(t, { flags: { listing, port: '0' } }), needs);
  const env = { PARLANCE_PUBLIC_ADDRESS: 'chat.example.org:443' };
  assert.equal((await load(t, { flags: { listing, port: '5001' }, env })).public_address, 'chat.example.org:443');
  assert.match(
    await problems(t, { env: { PARLANCE_LISTING: 'a' } }),
    /^PARLANCE_LISTING: expected the URL of a listing/,
  );
  assert.match(
    await problems(t, { file: 'public_address = "a"' }),
    /public_address: expected a host and a port, such as/,
  );
});

test('SERVER-219 a server without a visible name is not listed', async (t) => {
  const [listing, name] = ['http://a', ' \u3164'];
  assert.equal((await load(t, { flags: { name } })).name, name);
  assert.equal(
    await problems(t, { flags: { listing, name } }),
    `name: ${JSON.stringify(name)} shows nothing, so it cannot be listed`,
  );
});
