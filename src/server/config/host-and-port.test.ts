import assert from 'node:assert/strict';
import test from 'node:test';
import { isHostAndPort } from './host-and-port.ts';

test('SERVER-219 a public address is a host and a port', () => {
  const hosts = [
    'chat.example.org',
    'localhost',
    'a-b.4c.XN--P1AI',
    '192.0.2.7',
    '[2001:db8::7]',
    '[::1]',
    'x'.repeat(63),
  ];
  for (const host of hosts) assert.ok(isHostAndPort(`${host}:5000`), host);
  for (const port of ['1', '65535']) assert.ok(isHostAndPort(`a:${port}`), port);
});

test('SERVER-219 anything else is no public address', () => {
  const names = [
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    '-a',
    'a-',
    'ä',
    'a_b',
    'a b',
    '5',
    'a.5',
    'x'.repeat(64),
    'a.'.repeat(127) + 'b',
  ];
  const addresses = ['1.2.3', '1.2.3.256', '01.2.3.4', '0x7f.1', '::1', '[]', '[::g]', '[fe80::1%eth0]', '[127.0.0.1]'];
  for (const host of [...names, ...addresses, 'u@a', 'http://a']) assert.ok(!isHostAndPort(`${host}:5000`), host);
  for (const port of ['', '0', '05', '65536', '100000', '5000/', ' 5000', '+1', '1e3', '5000\n'])
    assert.ok(!isHostAndPort(`a:${port}`), port);
  for (const text of ['a', '[::1]', '5000']) assert.ok(!isHostAndPort(text), text);
});
