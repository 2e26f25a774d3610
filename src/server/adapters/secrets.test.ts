import assert from 'node:assert/strict';
import test from 'node:test';
import type { LogFields } from '../../core/ports.ts';
import { hidePasswords, hidingLog } from './secrets.ts';

test('SERVER-291 passwords and tokens in URLs are taken out of texts, as they are written and as they are meant', () => {
  const hide = hidePasswords([
    'postgres://parlance:hun%2Fter2@db.example/chat?host=a&sslpassword=inner',
    'nats://me:first@a.example:4222,tls://token7@b.example',
    'sqlite',
  ]);
  assert.equal(hide('no hun%2Fter2, no hun/ter2, no inner'), 'no ***, no ***, no ***');
  assert.equal(hide('nats://me:first@a.example and token7'), 'nats://me:***@a.example and ***');
  assert.equal(hidePasswords(['postgres://parlance@db.example/chat'])('parlance'), 'parlance', 'a name is no secret');
  assert.equal(hidePasswords(['postgres://me:50%@db/chat'])('is 50% right?'), 'is *** right?');
  assert.equal(hidePasswords(['postgres://me:p@ss@db/chat'])('p@ss'), '***');
});

test('SERVER-291 a log shows no password either', () => {
  const lines: (readonly [string, LogFields | undefined])[] = [];
  const add = (event: string, fields?: LogFields) => void lines.push([event, fields]);
  const log = hidingLog({ info: add, warn: add, error: add }, hidePasswords(['nats://me:hunter2@a']));
  log.info('one', { url: 'nats://me:hunter2@a', count: 2 });
  log.warn('two');
  log.error('three', { reason: 'not hunter2' });
  assert.deepEqual(lines, [
    ['one', { url: 'nats://me:***@a', count: 2 }],
    ['two', {}],
    ['three', { reason: 'not ***' }],
  ]);
});
