import assert from 'node:assert/strict';
import test from 'node:test';
import { cleanName } from './name.ts';

test('SERVER-269 a name has nothing that separates paths, changes direction or shows nothing', () => {
  for (const [given, clean] of [
    ['cat.png', 'cat.png'],
    ['  My cat (2).tar.gz ', 'My cat (2).tar.gz'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Users\\a.txt', 'C_Users_a.txt'],
    ['a\u202egnp.exe', 'a_gnp.exe'],
    ['a\r\nb\u0000\u0085\u2028c', 'a_b_c'],
    ['.htaccess', 'htaccess'],
    ['con<>:"|?*.txt.', 'con_.txt'],
    ['e\u0301.txt', '\u00e9.txt'],
    ['\ud800a', '\ufffda'],
    ['نامه\u200cها.pdf', 'نامه\u200cها.pdf'],
    ['👩\u200d👩\u200d👧.png', '👩\u200d👩\u200d👧.png'],
    ...['', '.', '..', ' ', '...'].map((empty) => [empty, 'file'] as const),
  ] as const)
    assert.equal(cleanName(given), clean, JSON.stringify(given));
});

test('SERVER-269 a long name is cut between characters, and keeps a short ending', () => {
  for (const [given, bytes, ending] of [
    [`${'a'.repeat(200)}.png`, 120, '.png'],
    [`${'ä'.repeat(100)}.png`, 120, '.png'],
    [`${'👧'.repeat(50)}.jpeg`, 117, '.jpeg'],
    [`a.${'b'.repeat(500)}`, 120, 'b'],
    ['x'.repeat(100_000), 120, 'x'],
  ] as const) {
    const name = cleanName(given);
    assert.ok(Buffer.byteLength(name) <= bytes && name.endsWith(ending), name);
    assert.ok(name.isWellFormed());
  }
});
