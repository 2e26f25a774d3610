import assert from 'node:assert/strict';
import { test } from 'node:test';
import { natsSubject } from './subjects.ts';
import { parseNatsUrl } from './url.ts';

test('BUS-20 a URL names servers, and how to sign on to them', () => {
  const cases = [
    ['nats://one', { servers: ['one:4222'], prefix: 'parlance', credentials: {} }],
    ['nats://one:1/?prefix=a.b-c', { servers: ['one:1'], prefix: 'a.b-c', credentials: {} }],
    ['nats://one:1,nats://[::1]:2', { servers: ['one:1', '[::1]:2'], prefix: 'parlance', credentials: {} }],
    ['nats://one,two:2', { servers: ['one:4222', 'two:2'], prefix: 'parlance', credentials: {} }],
    ['tls://one', { servers: ['one:4222'], prefix: 'parlance', credentials: { tls: {} } }],
    ['nats://a%3Ab:c%40,d%2C@one', null],
    [
      'nats://a%3Ab:c%40%2C@one,two',
      { servers: ['one:4222', 'two:4222'], prefix: 'parlance', credentials: { user: 'a:b', pass: 'c@,' } },
    ],
    ['nats://secret@one', { servers: ['one:4222'], prefix: 'parlance', credentials: { token: 'secret' } }],
  ] as const;
  for (const [url, wanted] of cases) {
    const parsed = parseNatsUrl(url);
    assert.deepEqual(parsed.ok ? parsed.value : null, wanted, url);
  }
});

test('BUS-20 a wrong URL is refused, by a sentence that repeats nothing of it', () => {
  const wrong = [
    '',
    'nats://',
    'http://secret',
    'nats://secret/path',
    'nats://secret#f',
    'nats://secret:99999',
    'nats://%ff@one',
  ];
  const more = [
    'nats://secret?more=1',
    'nats://secret?prefix=a?b',
    'nats://a:secret@one,b:secret@two',
    'nats://secret,',
  ];
  for (const url of [...wrong, ...more]) {
    const parsed = parseNatsUrl(url);
    assert.ok(!parsed.ok && !parsed.error.includes('secret'), url);
  }
});

test('BUS-21 a prefix is made of words with dots between them, and every subject begins with it', () => {
  for (const prefix of ['', '.', 'a..b', 'a.', 'a*', '>', 'a b', 'ä', 'a.b.c.d.e', 'x'.repeat(33)])
    assert.ok(!parseNatsUrl(`nats://one?prefix=${encodeURIComponent(prefix)}`).ok, prefix);
  assert.equal(natsSubject('parlance', 'room/12'), 'parlance.room.12');
  assert.equal(natsSubject('a.b', 'node/0123abcd'), 'a.b.node.0123abcd');
  assert.equal(natsSubject('parlance', 'nodes'), 'parlance.nodes');
});
