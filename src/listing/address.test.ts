import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultAddress, isAllowedPort, parseListedAddress } from './address.ts';

test('LIST-40 LIST-41 LIST-42 an address of a server has one text, whatever the way of writing', () => {
  const texts = {
    '192.0.2.1:5000': '192.0.2.1:5000',
    '[2001:DB8:0:0::0001]:80': '[2001:db8::1]:80',
    '[::1]:65535': '[::1]:65535',
    '[::ffff:192.0.2.1]:5000': '192.0.2.1:5000',
    '[::FFFF:C000:0201]:5000': '192.0.2.1:5000',
    'Chat.Example.ORG:443': 'chat.example.org:443',
    'localhost:1': 'localhost:1',
    'a.1.b:5000': 'a.1.b:5000',
    'xn--mnchen-3ya.example:5000': 'xn--mnchen-3ya.example:5000',
    '1.2.3.x0:5000': '1.2.3.x0:5000',
  };
  for (const [text, canonical] of Object.entries(texts)) assert.equal(parseListedAddress(text)?.text, canonical, text);
});

test('LIST-40 LIST-42 the host is told from the port, without brackets', () => {
  const read = (text: string) => {
    const { host, port, kind } = parseListedAddress(text) ?? {};
    return [host, port, kind];
  };
  assert.deepEqual(read('[2001:DB8::1]:80'), ['2001:db8::1', 80, 'ip']);
  assert.deepEqual(read('[::ffff:192.0.2.1]:80'), ['192.0.2.1', 80, 'ip']);
  assert.deepEqual(read('192.0.2.1:80'), ['192.0.2.1', 80, 'ip']);
  assert.deepEqual(read('A.example:80'), ['a.example', 80, 'name']);
});

test('LIST-52 a server on port 443 speaks TLS, one on another port does not', () => {
  const isSecure = (text: string) => parseListedAddress(text)?.isSecure;
  assert.deepEqual(['a.example:443', '[2001:db8::1]:443', 'a.example:4430'].map(isSecure), [true, true, false]);
});

test('LIST-42 a name has 253 characters at most, and each part of it 63', () => {
  const isAddress = (name: string) => parseListedAddress(`${name}:5000`) !== null;
  const part = 'a'.repeat(63);
  assert.deepEqual([isAddress(`${part}.example`), isAddress(`${part}a.example`)], [true, false]);
  const long = `${part}.${part}.${part}.${'a'.repeat(61)}`;
  assert.deepEqual([isAddress(long), isAddress(`${long}a`)], [true, false]);
});

test('LIST-43 a server that names no address has that of the caller and port 5000', () => {
  assert.equal(defaultAddress('192.0.2.1'), '192.0.2.1:5000');
  assert.equal(defaultAddress('::ffff:192.0.2.1'), '192.0.2.1:5000');
  assert.equal(defaultAddress('2001:DB8::1'), '[2001:db8::1]:5000');
  for (const text of ['2001:db8:0:1::/64', 'fe80::1%eth0', '', 'a.example']) assert.equal(defaultAddress(text), null);
});

test('LIST-44 ports of services of the system are not allowed, except those of HTTP', () => {
  const ports = [0, 1, 22, 79, 80, 81, 442, 443, 444, 1_023, 1_024, 5_000, 65_535, 65_536];
  assert.deepEqual(ports.filter(isAllowedPort), [80, 443, 1_024, 5_000, 65_535]);
});
