import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { FILE, documented, withOptions } from '../../../scripts/configuration-docs.ts';
import { protocols } from '../../protocols/index.ts';
import { options } from './options.ts';

test('SERVER-07 the document lists the options of the schema (else: node scripts/configuration-docs.ts)', () => {
  const document = readFileSync(FILE, 'utf8');
  assert.equal(document, withOptions(document));
  for (const { key, flag } of options.flatMap(documented))
    assert.ok(document.includes(`| \`${key}\` | \`--${flag}\` |`));
});

test('SERVER-07 the ports of all protocols are one row, and every other option has its own', () => {
  const keys = options.flatMap(documented).map(({ key }) => key);
  assert.deepEqual([...new Set(keys)], keys);
  const left = options.map(({ key }) => key).filter((key) => !keys.includes(key));
  assert.deepEqual(left.sort(), protocols.map(({ name }) => `ports.${name}`).sort());
  assert.equal(keys.filter((key) => key === 'ports.PROTOCOL').length, 1);
});

test('SERVER-07 a table that was changed by hand is noticed, and so is a document without a place for it', () => {
  const document = readFileSync(FILE, 'utf8');
  assert.notEqual(document.replace('`5000`', '`5001`'), withOptions(document.replace('`5000`', '`5001`')));
  assert.throws(() => withOptions('# Configuration'), /no place/);
});
