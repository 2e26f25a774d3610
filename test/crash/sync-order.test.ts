import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentBeforeSync } from './sync-order.ts';
import { readTrace } from './strace.ts';

const LOG = '20</data/parlance.db-wal>';
const SOCKET = '30<TCP:[127.0.0.1:5000->127.0.0.1:40001]>';
const ENTER = `11  write(${SOCKET}, "c2/ACKNOWLEDGE Parlance\\n", 24) = 24`;
const WRITE = `12  pwrite64(${LOG}, "...token-1-end...", 4096, 0) = 4096`;
const SYNC = `12  fdatasync(${LOG}) = 0`;
const ANSWER = `11  write(${SOCKET}, "c2/ACKNOWLEDGE\\nc2/MSG a; 1; id; token-1-end\\n", 46) = 46`;
const asked = new Map([[40001, { sent: [null, 'token-1-end'], answer: /c2\/ACKNOWLEDGE/g }]]);

function problems(...lines: string[]): number {
  return sentBeforeSync(readTrace(lines.join('\n')), asked).length;
}

test('an acknowledgement after the sync of its write is in order', () => {
  assert.equal(problems(ENTER, WRITE, SYNC, ANSWER), 0);
});

test('without a sync, or with one too early or too late, the answer and the event are both found', () => {
  assert.equal(problems(ENTER, WRITE, ANSWER), 2);
  assert.equal(problems(ENTER, SYNC, WRITE, ANSWER), 2);
  assert.equal(problems(ENTER, WRITE, ANSWER, SYNC), 2);
});

test('a sync of another file does not count, nor one that ended after the answer began', () => {
  assert.equal(problems(ENTER, WRITE, '12  fdatasync(21</data/lock.db>) = 0', ANSWER), 2);
  const begun = `12  fdatasync(${LOG} <unfinished ...>`;
  const ended = '12  <... fdatasync resumed>) = 0';
  assert.equal(problems(ENTER, WRITE, begun, ANSWER, ended), 2);
  assert.equal(problems(ENTER, WRITE, begun, ended, ANSWER), 0);
});
