import assert from 'node:assert/strict';
import test from 'node:test';
import { fillTemplate } from './template.ts';

const FACTS = '<script type="application/json" id="server"></script>';
const names = new Map([['main.js', 'main-1.js']]);
const page = (head: string) => `<head>${FACTS}${head}</head>`;

test('SERVER-246 names of sources become names of built files, and what is needed at once is loaded at once', () => {
  assert.equal(
    fillTemplate(page('<script src="/web/main.js"></script><a href="/elsewhere">'), names, ['chunk-2.js']),
    page(
      '<script src="/web/main-1.js"></script><a href="/elsewhere"><link rel="modulepreload" href="/web/chunk-2.js" />',
    ),
  );
});

test('SERVER-242 a template that names a file which is not there, or has not one place for the facts, is refused', () => {
  assert.throws(
    () => fillTemplate(page('<link href="/web/none.css">'), names, []),
    /names \/web\/none\.css, and there/,
  );
  assert.throws(() => fillTemplate('<head></head>', names, []), /has not one <script type="application\/json"/);
  assert.throws(() => fillTemplate(page(FACTS), names, []), /has not one <script/);
  assert.throws(() => fillTemplate(FACTS, names, []), /has not one <\/head>/);
});
