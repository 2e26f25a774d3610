import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import test from 'node:test';
import { readPassword } from './password.ts';

/** A terminal at which one text is typed for each question. */
function typist(...typed: readonly string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true, raw: false, setRawMode });
  function setRawMode(raw: boolean): void {
    input.raw = raw;
  }
  const shown: string[] = [];
  const waiting = [...typed];
  const output = new PassThrough();
  output.on('data', (bytes: Buffer) => {
    shown.push(bytes.toString());
    if (bytes.toString().endsWith(': ')) input.write(waiting.shift() ?? '\u0003');
  });
  return { input, output, shown };
}

/** A standard input that is no terminal. */
function pipe(bytes: string | Uint8Array) {
  const input = new PassThrough();
  input.end(bytes);
  return { input, output: new PassThrough() };
}

const value = (password: string) => ({ ok: true, value: password });
const error = (words: string) => ({ ok: false, error: words });

test('SERVER-81 a terminal asks twice, shows nothing of the password, and lets it be corrected', async () => {
  const terminal = typist('correct hoss\u007f\u007frse\r', 'correct horse\n');
  assert.deepEqual(await readPassword(terminal, false), value('correct horse'));
  assert.deepEqual(terminal.shown.join(''), 'Password: \nThe same again: \n');
  assert.equal(terminal.input.raw, false);
});

test('SERVER-81 two different passwords, Ctrl-C and Ctrl-D change nothing', async () => {
  const differ = await readPassword(typist('correct horse\r', 'correct hose\r'), false);
  assert.deepEqual(differ, error('these were two different passwords'));
  for (const key of ['\u0003', '\u0004']) {
    assert.deepEqual(await readPassword(typist(key), false), error('nothing was changed'));
  }
});

test('SERVER-81 without a terminal the error says what to do instead', async () => {
  const words = 'there is no terminal to type a password at; give it on standard input, with --password-stdin';
  assert.deepEqual(await readPassword(pipe('correct horse'), false), error(words));
});

test('SERVER-81 standard input is the password, without the end of its line', async () => {
  for (const end of ['', '\n', '\r\n']) {
    assert.deepEqual(await readPassword(pipe(` päss wörd ${end}`), true), value(' päss wörd '));
  }
  assert.deepEqual(
    await readPassword(pipe(Uint8Array.of(0x70, 0xff, ...Buffer.from('assword'))), true),
    error('a password is text in UTF-8'),
  );
});

test('SERVER-82 a password has at least 8 characters and at most 1,024 bytes, without control characters', async () => {
  const read = (text: string) => readPassword(pipe(text), true);
  for (const text of ['', '1234567', '🔑'.repeat(7)]) {
    assert.deepEqual(await read(text), error('a password has at least 8 characters'));
  }
  for (const text of ['12345678', '🔑'.repeat(8), 'x'.repeat(1_024)]) assert.deepEqual(await read(text), value(text));
  assert.deepEqual(await read('x'.repeat(1_025)), error('a password has at most 1024 bytes'));
  for (const text of ['two\nlines', 'tab\tulator', 'end of line\n\n']) {
    assert.deepEqual(await read(text), error('a password is one line, without control characters'));
  }
  assert.deepEqual(await readPassword(typist('short\r'), false), error('a password has at least 8 characters'));
});
