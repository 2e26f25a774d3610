import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMentioned } from './mentions.ts';

const NAMES = ['Ana', 'Zoë', 'a.b', ''];

test('WEB-10 a name after @ mentions its person, in any case and at the end of a sentence', () => {
  for (const text of ['@ana', 'hi @ANA!', 'look, @ana.', '(@zoë)', '@a.b', '@A.B...', '@Ana: no']) {
    assert.ok(isMentioned(text, NAMES), text);
  }
});

test('WEB-10 a name without @, in a longer name, an address, code or a link mentions nobody', () => {
  for (const text of ['ana', '@anabel', 'x@ana', '`@ana`', '```\n@ana\n```', 'http://e.example/@ana', '@', '@@']) {
    assert.ok(!isMentioned(text, NAMES), text);
  }
});
