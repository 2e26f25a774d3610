import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropConnections } from './drop-connections.ts';

test('DOC-224 CONN-150 F19 three clients that drop 200 connections while they send post every message once', async () => {
  const report = await dropConnections({ drops: 67, kills: 0, seed: 1 }, () => {});
  assert.deepEqual(report.problems, []);
  assert.ok(report.messages > 200, `${report.messages} messages`);
});

test('DOC-224 CONN-150 F1 the same with a server that is killed in between', async () => {
  const report = await dropConnections({ drops: 12, kills: 3, seed: 2 }, () => {});
  assert.deepEqual(report.problems, []);
  assert.ok(report.messages > 20, `${report.messages} messages`);
});
