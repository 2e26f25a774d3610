import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount, formatPing, formatServers, formatUptime } from './format.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('LIST-87 counts have separators', () => {
  assert.deepEqual([0, 999, 10_000, 1_234_567].map(formatCount), ['0', '999', '10,000', '1,234,567']);
  assert.deepEqual([0, 1, 2, 10_000].map(formatServers), ['0 servers', '1 server', '2 servers', '10,000 servers']);
});

test('LIST-87 a ping is a whole number of milliseconds, at least one', () => {
  assert.deepEqual([0, 0.2, 1, 12.4, 4_999.6].map(formatPing), ['1 ms', '1 ms', '1 ms', '12 ms', '5,000 ms']);
});

test('LIST-87 an uptime is in the largest unit that it fills', () => {
  for (const [ms, text] of [
    [-DAY, '0 seconds'],
    [0, '0 seconds'],
    [SECOND, '1 second'],
    [MINUTE - 1, '59 seconds'],
    [MINUTE, '1 minute'],
    [HOUR - 1, '59 minutes'],
    [HOUR, '1 hour'],
    [DAY - 1, '23 hours'],
    [DAY, '1 day'],
    [2 * DAY + 23 * HOUR, '2 days'],
    [1_500 * DAY, '1,500 days'],
  ] as const) {
    assert.equal(formatUptime(ms), text);
  }
});
