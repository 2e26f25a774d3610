import assert from 'node:assert/strict';
import test from 'node:test';
import { silentLog } from '../../../testing/world.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { compareSettings } from './shared-settings.ts';

function config(flags: Readonly<Record<string, string>>): Config {
  const loaded = loadConfig({ flags: new Map(Object.entries(flags)), env: {}, directory: '/' });
  if (!loaded.ok) throw new Error(loaded.error.join());
  return loaded.value;
}

test('SERVER-301 a node warns of settings that differ from those of the last one where all have to agree, once', async () => {
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (event: string, fields?: object) => void warnings.push([event, fields]) };
  let kept = '';
  const exchangeSettings = async (settings: string) => {
    const before = kept;
    kept = settings;
    return before;
  };
  const start = (flags: Readonly<Record<string, string>>) => compareSettings(config(flags), { exchangeSettings }, log);
  await start({ port: '1', data: '/one' });
  await start({ port: '2', data: '/two', 'log-level': 'error', 'public-host': 'a.example' });
  assert.deepEqual(warnings, []);
  await start({ lobby: 'tea-room', 'limits-messages-burst': '5' });
  assert.deepEqual(warnings, [['settings-differ', { options: 'lobby, limits.messages_burst' }]]);
  await start({ lobby: 'tea-room', 'limits-messages-burst': '5' });
  assert.equal(warnings.length, 1, 'the nodes agree again');
  await start({ lobby: 'tea-room', 'limits-messages-burst': '5', files: '/shared' });
  assert.deepEqual(warnings[1], ['settings-differ', { options: 'files.directory' }], 'also what only one has');
  warnings.pop();
  kept = JSON.stringify({ gone: 1 });
  await start({});
  assert.equal(warnings.length, 1, 'another version had other options');
});
