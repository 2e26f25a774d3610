import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doubleNames, hasInName, isDouble } from './doubles.ts';

test('WEB-109 names that differ in nothing that one sees are doubles', () => {
  const doubles = doubleNames(['Ada', 'ada', 'Bea', 'Ａda'].map((name) => ({ display_name: name })));
  assert.deepEqual(
    ['Ada', 'ADA', 'Bea'].map((name) => isDouble(doubles, name)),
    [true, true, false],
  );
});

test('WEB-107 a name is found by any part of it, without case and accents', () => {
  assert.equal(hasInName('Zoë Müller', ' mul'), true);
  assert.equal(hasInName('فاطمة', 'اط'), true);
  assert.equal(hasInName('Zoë', 'x'), false);
  assert.equal(hasInName('Zoë', ''), true);
});
