import assert from 'node:assert/strict';
import test from 'node:test';
import { hostileMarkup } from '../../../testing/hostile-markup.ts';
import { FACTS_PLACE } from './page.ts';
import { renderPage } from './render.ts';

const facts = { protocols: [], registration: 'open', guests: true, maxFileBytes: 1, version: '1.0.0' } as const;
const template = `<head>${FACTS_PLACE}</head>`;

test('SERVER-248 T39 no name of a server ends the element that it is in, and the page reads it as it is', () => {
  const names = [
    ...hostileMarkup(),
    '</script><img src=x onerror=alert(1)>',
    '<!--<script>',
    "$&$'$`$1",
    '\u2028\u2029',
  ];
  assert.ok(names.length > 500);
  for (const name of names) {
    const html = renderPage(template, { ...facts, name, missingOption: `--public-host ${name}` });
    const json =
      /^<head><script type="application\/json" id="server">([^<>&]*)<\/script><\/head>$/.exec(html)?.[1] ?? '';
    const read = JSON.parse(json) as { readonly name: string; readonly missingOption: string };
    assert.deepEqual([read.name, read.missingOption], [name, `--public-host ${name}`]);
  }
});
