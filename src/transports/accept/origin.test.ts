import assert from 'node:assert/strict';
import test from 'node:test';
import { missingOption, parseOrigin } from './origin.ts';

const policy = { hosts: ['chat.example.org'], allowOrigins: ['https://web.example.org'] };
const HOSTS = ['192.0.2.1:5000', '[2001:db8::1]:5000', 'localhost:5000', 'chat.example.org', 'rebound.example:5000'];

function mayConnect(origin: string | undefined, host: string | undefined, { isOwnTls = false, given = policy } = {}) {
  return missingOption({ origin, host, isOwnTls }, given) === null;
}

function allowing(...origins: readonly string[]): typeof policy {
  return { hosts: [], allowOrigins: origins.map((origin) => parseOrigin(origin) ?? assert.fail(origin)) };
}

test('PORT-12 T41 without an Origin any Host passes, also none', () => {
  for (const host of [...HOSTS, undefined]) assert.equal(mayConnect(undefined, host), true);
});

test('PORT-12 T41 an Origin passes with its own Host and no other', () => {
  const origins = [
    ['http://192.0.2.1:5000', '192.0.2.1:5000'],
    ['https://192.0.2.1:5000', '192.0.2.1:5000'],
    ['http://[2001:db8::1]:5000', '[2001:db8::1]:5000'],
    ['http://localhost:5000', 'localhost:5000'],
    ['https://chat.example.org', 'chat.example.org'],
  ] as const;
  for (const [origin, own] of origins) {
    for (const host of HOSTS) assert.equal(mayConnect(origin, host), host === own, `${origin} at ${host}`);
  }
  assert.equal(mayConnect('https://chat.example.org', 'CHAT.example.org:443'), true);
  assert.equal(mayConnect('http://chat.example.org', 'chat.example.org:443'), false);
  assert.equal(mayConnect('http://192.0.2.1', '192.0.2.1:5000'), false);
});

test('PORT-12 T41 an Origin that is no web page is never our own', () => {
  for (const origin of ['capacitor://localhost', 'app://localhost', 'file://', 'ws://localhost', 'null']) {
    for (const isOwnTls of [false, true]) assert.equal(mayConnect(origin, 'localhost', { isOwnTls }), false, origin);
  }
});

test('PORT-12 T41 an invalid Origin, or one without a Host, does not pass, also over TLS', () => {
  for (const origin of [
    '',
    'http://',
    'localhost:5000',
    'http://localhost:5000, http://localhost:5000',
    'http://a b',
  ]) {
    for (const host of [...HOSTS, '', undefined]) {
      assert.equal(mayConnect(origin, host), false, `${origin} at ${host}`);
      assert.equal(mayConnect(origin, host, { isOwnTls: true }), false, `${origin} at ${host}`);
    }
  }
  for (const host of [undefined, '', 'local host:5000', 'x@localhost:5000', 'localhost:5000/x', 'localhost:5000#']) {
    assert.equal(mayConnect('http://localhost:5000', host), false, host);
  }
});

test('PORT-13 T41 an allowed Origin passes with any Host, and no other does', () => {
  for (const host of [...HOSTS, undefined]) assert.equal(mayConnect('https://web.example.org', host), true);
  for (const other of ['http://web.example.org', 'https://web.example.org:444', 'https://x.web.example.org']) {
    assert.equal(mayConnect(other, 'localhost:5000'), false);
  }
});

test('PORT-64 an allowed origin is written in any case, with or without a final slash and the usual port', () => {
  for (const written of ['https://a.example', 'https://a.example/', 'HTTPS://A.Example/', 'https://a.example:443']) {
    const given = allowing(written);
    for (const origin of ['https://a.example', 'https://A.EXAMPLE']) {
      assert.equal(mayConnect(origin, undefined, { given }), true, written);
    }
    for (const origin of [
      'http://a.example',
      'https://a.example:444',
      'https://b.a.example',
      'https://a.example.evil',
    ]) {
      assert.equal(mayConnect(origin, undefined, { given }), false, origin);
    }
  }
  assert.equal(
    mayConnect('https://xn--mnchen-3ya.example', undefined, { given: allowing('https://München.example') }),
    true,
  );
  assert.equal(mayConnect('http://[2001:db8::1]:80', undefined, { given: allowing('http://[2001:DB8:0::1]') }), true);
});

test('PORT-64 T41 `*.` stands for all names below a name, and for nothing else', () => {
  const given = allowing('https://*.a.example', 'http://*.b.example:8080/', 'app://*.c');
  for (const origin of ['https://x.a.example', 'https://y.x.a.example', 'http://x.b.example:8080', 'app://x.c']) {
    assert.equal(mayConnect(origin, undefined, { given }), true, origin);
  }
  for (const origin of [
    'https://a.example',
    'https://.a.example',
    'https://evila.example',
    'http://x.a.example',
    'https://x.a.example:8443',
    'https://x.a.example.evil',
    'https://evil.example/.a.example',
    'https://evil.example#.a.example',
    'https://evil.example?.a.example',
    'https://evil.example@x.a.example',
    'https://evil.example\\.a.example',
    'http://x.b.example',
    'app://evil/x.c',
    'null',
  ]) {
    assert.equal(mayConnect(origin, undefined, { given }), false, origin);
  }
});

test('PORT-64 origins of apps, files and sandboxes can be allowed, each by itself', () => {
  const origins = [
    'capacitor://localhost',
    'app://x',
    'ionic://localhost',
    'chrome-extension://abcdef',
    'file://',
    'null',
  ];
  for (const allowed of origins) {
    for (const written of [allowed, allowed.toUpperCase(), allowed === 'null' ? allowed : `${allowed}/`]) {
      for (const origin of origins) {
        assert.equal(
          mayConnect(origin, 'localhost', { given: allowing(written) }),
          origin === allowed,
          `${origin} by ${written}`,
        );
      }
    }
  }
});

test('PORT-64 what is no origin cannot be allowed', () => {
  for (const text of [
    '',
    '*',
    'a.example',
    'localhost:5000',
    'https://',
    'https://*',
    'https://*.',
    'https://a.*.example',
    'https://*a.example',
    '*://a.example',
    'https://a.example/chat',
    'https://a.example?',
    'https://user@a.example',
    'https://a.example:99999',
    'https://a b.example',
    'https://a.example,https://b.example',
    'file:///etc/passwd',
    'nullnull',
  ]) {
    assert.equal(parseOrigin(text), null, text);
  }
});

test('PORT-14 T41 in plain, a name that a stranger can own does not pass as own Host', () => {
  for (const host of [
    'rebound.example:5000',
    'chat.example.org.evil.example',
    'localhost.example',
    'ai.',
    'local.example',
    'evillocal.example',
    'home.arpa.example',
    'home.arpa',
    '192.0.2.1.example',
  ]) {
    assert.equal(mayConnect(`http://${host}`, host), false, host);
  }
  for (const host of [
    '127.0.0.1:5000',
    '192.168.1.2',
    '[::1]:5000',
    '[fe80::1]',
    'localhost',
    'parlance.localhost:5000',
    'raspberrypi:5000',
    'RaspberryPi:5000',
    'chat.local:5000',
    'nas.lan',
    'chat.home.arpa',
    'a.b.internal:80',
    'chat.example.org:5000',
  ]) {
    assert.equal(mayConnect(`http://${host}`, host), true, host);
    assert.equal(mayConnect(`http://${host}`, 'other.internal:1'), false, host);
  }
});

test('PORT-14 T41 where the browser itself has checked the name by TLS, any own Host passes', () => {
  for (const host of ['rebound.example:5000', 'ai.', 'chat.example.org']) {
    assert.equal(mayConnect(`https://${host}`, host, { isOwnTls: true }), true, host);
    assert.equal(mayConnect(`https://${host}`, 'other.example', { isOwnTls: true }), false, host);
  }
});

test('PORT-65 the missing option is --public-host for an own Host, else --allow-origin', () => {
  const option = (origin: string, host: string) => missingOption({ origin, host, isOwnTls: false }, policy);
  assert.equal(option('http://Rebound.example:5000', 'rebound.example:5000'), '--public-host rebound.example');
  assert.equal(option('http://rebound.example', 'rebound.example:5000'), '--allow-origin http://rebound.example');
  assert.equal(option('HTTPS://Evil.example/', 'localhost'), '--allow-origin https://evil.example');
  assert.equal(option('null', 'localhost'), '--allow-origin null');
  assert.equal(option('\u001b[2J', 'localhost'), '--allow-origin');
});
