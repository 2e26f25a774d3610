import assert from 'node:assert/strict';
import test from 'node:test';
import { rangeOf } from './range.ts';

test('SERVER-274 a range is one part of a file, or nothing that can be understood', () => {
  for (const [header, expected] of [
    [undefined, null],
    ['bytes=0-9', { first: 0, last: 9 }],
    ['BYTES = 0 - 0', { first: 0, last: 0 }],
    ['bytes=5-', { first: 5, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-99', { first: 0, last: 9 }],
    ['bytes=9-99999999999999', { first: 9, last: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=-', null],
    ['bytes=3-2', null],
    ['bytes=0-1,5-6', null],
    ['bytes=1-2-3', null],
    ['bytes=99999999999999999-', null],
    ['items=0-1', null],
    ['bytes=+1-2', null],
  ] as const)
    assert.deepEqual(rangeOf(header, 10), expected, header);
});
