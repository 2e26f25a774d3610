import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import test from 'node:test';
import { AddressRanges } from '../address-ranges.ts';
import { clientOf, isForwarded } from './forwarded.ts';

const proxies = new AddressRanges(['127.0.0.1', '10.0.0.0/8', '2001:db8:ffff::/48']);
const ticket = { assign: () => true, loggedIn: () => {}, release: () => {} };

function client(headers: IncomingHttpHeaders, { isProxy = true, secure = false } = {}) {
  return clientOf(headers, { address: '127.0.0.1', ip: '127.0.0.1', isProxy, secure, ticket, openedAt: 0 }, proxies);
}

function address(list: string): string {
  return client({ 'x-forwarded-for': list }).address;
}

test('PORT-74 T50 what a stranger says of its client means nothing', () => {
  const headers = {
    host: 'here.example',
    'x-forwarded-for': '192.0.2.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'there.example',
  };
  assert.deepEqual(client(headers, { isProxy: false }), {
    address: '127.0.0.1',
    ip: '127.0.0.1',
    secure: false,
    host: 'here.example',
  });
  const forwarded = { address: '192.0.2.7', ip: '192.0.2.7', secure: true, host: 'there.example' };
  assert.deepEqual(client(headers), forwarded);
});

test('PORT-75 T50 the client is the last address that is no trusted proxy: earlier ones may be forged', () => {
  assert.equal(address('192.0.2.7'), '192.0.2.7');
  assert.equal(address('198.51.100.1, 192.0.2.7'), '192.0.2.7');
  assert.equal(address('198.51.100.1,192.0.2.7,10.1.2.3'), '192.0.2.7');
  assert.equal(address('127.0.0.1, 192.0.2.7, 10.1.2.3 , 127.0.0.1'), '192.0.2.7');
  assert.equal(address('garbage, unknown, 192.0.2.7, 10.1.2.3'), '192.0.2.7');
  assert.equal(address('192.0.2.7, 2001:db8:ffff:1::2'), '192.0.2.7');
  assert.equal(address(`${'127.0.0.1, '.repeat(500)}192.0.2.7`), '192.0.2.7');
  assert.equal(address(`192.0.2.7${', 127.0.0.1'.repeat(500)}`), '192.0.2.7');
});

test('PORT-75 T50 if all are trusted, the first is the client; without any header of a proxy, the proxy itself', () => {
  assert.equal(address('10.1.2.3'), '10.1.2.3');
  assert.equal(address('10.9.9.9, 10.1.2.3, 127.0.0.1'), '10.9.9.9');
  assert.equal(client({}).address, '127.0.0.1');
});

test('PORT-75 T50 an address may have a port, brackets or a zone, and IPv4 may be inside IPv6; IPv6 counts as ever', () => {
  const written = {
    '192.0.2.7:567': '192.0.2.7',
    '::ffff:192.0.2.7': '192.0.2.7',
    '[::ffff:192.0.2.7]:567': '192.0.2.7',
    '::FFFF:C000:207': '192.0.2.7',
    '2001:db8::7': '2001:db8:0:0::/64',
    '[2001:DB8::7]': '2001:db8:0:0::/64',
    '[2001:db8::7]:567': '2001:db8:0:0::/64',
    'fe80::7%eth0': 'fe80:0:0:0::/64',
    '[fe80::7%25eth0]:1': 'fe80:0:0:0::/64',
    '[::1]:5': '::1',
    '  192.0.2.7\t': '192.0.2.7',
    '192.0.2.7,': '192.0.2.7',
    '192.0.2.7, ,': '192.0.2.7',
    '192.0.2.7, [::ffff:10.0.0.1]:80': '192.0.2.7',
  };
  for (const [text, expected] of Object.entries(written)) assert.equal(address(text), expected, text);
});

test('PORT-75 T50 a client that its proxy does not name is none of this machine', () => {
  for (const empty of ['', ' ', ',', ' , ,']) assert.equal(address(empty), 'unknown');
  for (const name of ['x-real-ip', 'x-forwarded-proto', 'forwarded', 'via']) {
    assert.equal(client({ [name]: '192.0.2.7' }).address, 'unknown', name);
  }
  for (const text of [
    'unknown',
    '_hidden',
    'garbage',
    '192.0.2',
    '192.0.2.7:',
    '192.0.2.7:x',
    '[192.0.2.7',
    '01.2.3.4',
    '1.2.3.4;',
    "'",
  ]) {
    assert.equal(address(text), 'unknown', text);
    assert.equal(address(`192.0.2.7, ${text}`), 'unknown', text);
    assert.equal(address(`192.0.2.7, ${text}, 10.0.0.1`), 'unknown', text);
    assert.equal(address(`${text}, 192.0.2.7`), '192.0.2.7', text);
  }
});

test('PORT-76 T50 of several schemes and hosts the last counts, and TLS to the proxy does not secure its client', () => {
  const secure = (scheme: string, own = false) => client({ 'x-forwarded-proto': scheme }, { secure: own }).secure;
  for (const scheme of ['https', 'HTTPS', 'wss', 'http, https', ' https ']) assert.equal(secure(scheme), true, scheme);
  for (const scheme of ['http', 'ws', 'https, http', 'httpsx', 'on']) {
    assert.equal(secure(scheme), false, scheme);
    assert.equal(secure(scheme, true), false, scheme);
  }
  assert.equal(client({}, { secure: true }).secure, true);
  const host = (text: string) => client({ host: 'a.example', 'x-forwarded-host': text }).host;
  assert.deepEqual(
    [host('b.example:80'), host('evil.example, b.example'), host('')],
    ['b.example:80', 'b.example', 'a.example'],
  );
  assert.equal(client({ host: 'a.example' }).host, 'a.example');
});

test('SERVER-43 a request is forwarded if any header of a proxy says so', () => {
  for (const name of ['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-server']) {
    assert.equal(isForwarded({ [name]: '' }), true, name);
  }
  assert.equal(isForwarded({ host: 'forwarded', 'x-via': '1' }), false);
});
