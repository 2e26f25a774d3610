import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { openTestPort } from '../../../testing/transports/port.ts';

test('PORT-101 8,192 connections may wait to be accepted, or as many as the system allows', async (t) => {
  const { port } = await openTestPort(t);
  const [, , waiting] = execFileSync('ss', ['-Hltn', `sport = :${port}`], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  const most = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  assert.equal(Number(waiting), Math.min(8_192, most));
});
