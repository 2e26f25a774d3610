import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentsOf } from './segments.ts';

const short = (text: string) => segmentsOf(text).map(({ type, text: inner }) => `${type}:${inner}`);

test('WEB-51 code in back quotes is code, a name after @ is a mention, and nothing else is markup', () => {
  assert.deepEqual(short('a `b` c'), ['text:a ', 'code:b', 'text: c']);
  assert.deepEqual(short('see:\n```js\nlet a;\n```\ndone'), ['text:see:', 'block:let a;', 'text:done']);
  assert.deepEqual(short('@ada, and @bea. a@b.example'), [
    'mention:ada',
    'text:, and ',
    'mention:bea',
    'text:. a@b.example',
  ]);
  assert.deepEqual(short('**no** _markup_ <b>here</b> # at all'), ['text:**no** _markup_ <b>here</b> # at all']);
});

test('WEB-51 nothing in code is a link or a mention', () => {
  assert.deepEqual(short('`http://e.com @ada`'), ['code:http://e.com @ada']);
  assert.deepEqual(short('```\nhttp://e.com @ada\n```'), ['block:http://e.com @ada']);
});

test('WEB-51 back quotes around nothing, and unclosed ones, are text', () => {
  for (const text of ['` `', '``', '``````', '``` ```', 'a ` b', '``` a'])
    assert.deepEqual(short(text), [`text:${text}`]);
});

test('WEB-51 T39 no text makes the page busy', () => {
  const most = 16_384;
  const begin = performance.now();
  for (const piece of ['`', '```', '```\n', '`a', '@', '@a', '``` `', '@a.'])
    segmentsOf(piece.repeat(most / piece.length));
  assert.ok(performance.now() - begin < 1_000);
});
