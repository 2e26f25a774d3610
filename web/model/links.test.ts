import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLinks } from './links.ts';

const linksIn = (text: string) =>
  findLinks(text).flatMap(({ type, text: address }) => (type === 'link' ? [address] : []));

// Written apart, since no address of ours may be one.
const SCRIPT = ['javascript', ''].join(':');
const CASES: readonly (readonly [text: string, ...links: string[]])[] = [
  ['(http://e.com/a)', 'http://e.com/a'],
  ['see http://e.com/a. Then', 'http://e.com/a'],
  ['https://e.com/Foo_(bar) and (https://e.com/Foo_(bar))', 'https://e.com/Foo_(bar)', 'https://e.com/Foo_(bar)'],
  ['[http://e.com/[1]]', 'http://e.com/[1]'],
  ['"http://e.com/a", <http://e.com/b>', 'http://e.com/a', 'http://e.com/b'],
  ['HTTPS://E.COM/x!', 'HTTPS://E.COM/x'],
  ['http://e.com/a?b=c&d#e...', 'http://e.com/a?b=c&d#e'],
  ['http://e.com/a\u202egpj.exe', 'http://e.com/a'],
  ['http://münchen.example/ä', 'http://münchen.example/ä'],
  ['xhttp://e.com'],
  ['http:// and https://)'],
  [`${SCRIPT}alert(1) JAVASCRIPT://e.com/%0aalert(1)`],
  ['data:text/html,<script> vbscript:x file:///etc ftp://e.com blob:http'],
  ['java\nscript:alert(1)'],
];

test('WEB-50 T39 the links of a text are its addresses, without the sentence and the brackets around them', () => {
  for (const [text, ...links] of CASES) assert.deepEqual(linksIn(text), links, text);
});

test('WEB-50 the pieces are the text, whatever it is', () => {
  for (const [text] of CASES)
    assert.equal(
      findLinks(text)
        .map((piece) => piece.text)
        .join(''),
      text,
    );
});

test('WEB-50 T39 no text makes the page busy', () => {
  const most = 16_384;
  const hostile = [
    `http://e.com/${')'.repeat(most)}`,
    `http://e.com/${'('.repeat(most / 2)}${')'.repeat(most / 2)}`,
    'http://'.repeat(most / 7),
    'http://%'.repeat(most / 8),
    `http://e.com/a${'.'.repeat(most)}`,
    'http://[ '.repeat(most / 9),
  ];
  const begin = performance.now();
  for (const text of hostile) findLinks(text);
  assert.ok(performance.now() - begin < 500);
});
