import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { confirm } from './confirm.ts';

function typing(text: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  input.end(text);
  return { input, output };
}

test('SERVER-155 only yes or y confirms at a terminal; without one nobody is asked', async () => {
  for (const text of ['yes\n', 'y\n', ' YES \n']) assert.equal(await confirm(typing(text), 'Really?'), true, text);
  for (const text of ['no\n', '\n', 'yess\n', 'n\n', '', 'alice\n'])
    assert.equal(await confirm(typing(text), 'Really?'), false, text);
  const quiet = typing('', false);
  assert.equal(await confirm(quiet, 'Really?'), true);
  assert.equal(quiet.output.read(), null);
  const asked = typing('no\n');
  await confirm(asked, 'Really?');
  assert.equal(String(asked.output.read()), 'Really? (yes/no) ');
});
