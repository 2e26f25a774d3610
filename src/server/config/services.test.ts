import assert from 'node:assert/strict';
import test from 'node:test';
import { loadConfig } from './load.ts';
import type { Config } from './schema.ts';

function load(env: NodeJS.ProcessEnv, flags: Readonly<Record<string, string>> = {}) {
  const directory = '/nowhere';
  return loadConfig({ flags: new Map(Object.entries({ data: directory, ...flags })), env, directory });
}

function loaded(env: NodeJS.ProcessEnv): Config {
  const config = load(env);
  if (!config.ok) throw new Error(config.error.join('\n'));
  return config.value;
}

function problems(env: NodeJS.ProcessEnv, flags: Readonly<Record<string, string>> = {}): string {
  const config = load(env, flags);
  if (config.ok) throw new Error('nothing was wrong with it');
  return config.error.join('\n');
}

test('SERVER-290 a bus needs a storage that nodes can share; such a storage needs no bus', () => {
  assert.equal(
    problems({ PARLANCE_BUS: 'nats://a.example' }),
    'bus connects nodes that share a storage: set storage to a URL of postgres://, or leave bus out',
  );
  const alone = loaded({});
  assert.deepEqual([alone.storage, alone.bus], ['sqlite', 'memory']);
  assert.equal(loaded({ PARLANCE_STORAGE: 'postgres://db.example/chat' }).bus, 'memory');
  const both = loaded({ PARLANCE_STORAGE: 'postgresql:///chat?host=/run', PARLANCE_BUS: 'nats://a:1,tls://b' });
  assert.deepEqual([both.storage, both.bus], ['postgresql:///chat?host=/run', 'nats://a:1,tls://b']);
});

test('SERVER-291 what is no storage or no bus is refused, and the error shows no value that may have a password in it', () => {
  const storage = 'expected sqlite, or a URL such as postgres://parlance@db.example.org/parlance';
  assert.equal(problems({}, { storage: 'sqllite' }), `--storage: ${storage}, got "sqllite"`);
  const hidden = 'got something else (not shown, for it may have a password in it)';
  for (const url of ['mysql://me:hunter2@a/b', 'me:hunter2@a', 'hunter2@a', '://hunter2', 'postgres//me:hunter2@a/b'])
    assert.equal(problems({ PARLANCE_STORAGE: url }), `PARLANCE_STORAGE: ${storage}, ${hidden}`);
  for (const url of ['http://hunter2@a', 'nats:hunter2@a', ','])
    assert.match(problems({ PARLANCE_BUS: url }), /^PARLANCE_BUS: expected memory, or a URL such as nats:/);
  const conflict = problems({ PARLANCE_BUS: 'nats://me:hunter2@a' });
  assert.ok(!conflict.includes('hunter2'), conflict);
});
