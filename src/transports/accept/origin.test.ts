import assert from 'node:assert/strict';
import test from 'node:test';
import { mayConnect } from './origin.ts';

const policy = { hosts: ['chat.example.org'], allowOrigins: ['https://web.example.org'] };
const HOSTS = ['192.0.2.1:5000', '[2001:db8::1]:5000', 'localhost:5000', 'chat.example.org', 'rebound.example:5000'];

test('PORT-12 T41 without an Origin any Host passes, also none', () => {
  for (const host of [...HOSTS, undefined]) assert.equal(mayConnect(undefined, host, policy), true);
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
    for (const host of HOSTS) assert.equal(mayConnect(origin, host, policy), host === own, `${origin} at ${host}`);
  }
  assert.equal(mayConnect('https://chat.example.org', 'CHAT.example.org:443', policy), true);
  assert.equal(mayConnect('http://chat.example.org', 'chat.example.org:443', policy), false);
  assert.equal(mayConnect('http://192.0.2.1', '192.0.2.1:5000', policy), false);
});

test('PORT-12 T41 an invalid Origin, or one without a Host, does not pass', () => {
  for (const origin of [
    'null',
    '',
    'file://',
    'http://',
    'localhost:5000',
    'http://localhost:5000, http://localhost:5000',
  ]) {
    for (const host of [...HOSTS, '', undefined])
      assert.equal(mayConnect(origin, host, policy), false, `${origin} at ${host}`);
  }
  assert.equal(mayConnect('http://localhost:5000', undefined, policy), false);
  assert.equal(mayConnect('http://localhost:5000', 'local host:5000', policy), false);
});

test('PORT-13 T41 an allowed Origin passes with any Host, if it is equal letter by letter', () => {
  for (const host of [...HOSTS, undefined]) assert.equal(mayConnect('https://web.example.org', host, policy), true);
  for (const other of ['http://web.example.org', 'https://web.example.org:444', 'https://x.web.example.org']) {
    assert.equal(mayConnect(other, 'localhost:5000', policy), false);
  }
});

test('PORT-14 T41 a name that an attacker made to point here does not pass as own Host', () => {
  for (const host of [
    'rebound.example:5000',
    'chat.example.org.evil.example',
    'localhost.example',
    '192.0.2.1.example',
  ]) {
    assert.equal(mayConnect(`http://${host}`, host, policy), false, host);
  }
  for (const host of [
    '127.0.0.1:5000',
    '[::1]:5000',
    'localhost',
    'parlance.localhost:5000',
    'chat.example.org:5000',
  ]) {
    assert.equal(mayConnect(`http://${host}`, host, policy), true, host);
  }
});
