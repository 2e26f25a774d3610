import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewsOf } from './source.ts';

test('comments are told from look-alikes in strings and templates', () => {
  const { comments, uncommented } = viewsOf("const a = 'x // y'; // real\n/* two\nlines */ b(`// ${c /* in */} //`);");
  assert.equal(comments.replaceAll(/\s+/g, ' ').trim(), '// real /* two lines */ /* in */');
  assert.ok(uncommented.includes("'x // y'"));
});

test('the content of strings is blank in code, the content of `${...}` is not', () => {
  const { code } = viewsOf("f('if (', `while ( ${a ? `${'('}` : b} )`, \"it's\")");
  assert.equal(code.replaceAll(/\s+/g, ' '), "f(' ', ` ${a ? `${' '}` : b} `, \" \")");
});

test('a slash begins a regular expression or divides', () => {
  assert.equal(viewsOf('a = b / c / d;').code, 'a = b / c / d;');
  assert.equal(viewsOf("return /['/]\\/(/.test(x) // y").code.trimEnd(), 'return /       /.test(x)');
});

test('every view has the length and the line ends of the text', () => {
  const text = "import a from 'b';\n// c\nconst d = `e\n${f}`;\n";
  for (const view of Object.values(viewsOf(text))) {
    assert.equal(view.length, text.length);
    assert.deepEqual(
      [...view.matchAll(/\n/g)].map(({ index }) => index),
      [...text.matchAll(/\n/g)].map(({ index }) => index),
    );
  }
});
