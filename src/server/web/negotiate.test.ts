import assert from 'node:assert/strict';
import test from 'node:test';
import { asksForHtml, encodingFor } from './negotiate.ts';

test('SERVER-240 who names text/html asks for it; who takes anything does not', () => {
  for (const accept of ['text/html', 'text/html,application/xhtml+xml,*/*;q=0.8', 'a/b , Text/HTML ; q=0.1']) {
    assert.equal(asksForHtml(accept), true, accept);
  }
  for (const accept of [undefined, '', '*/*', 'text/*', 'text/html;q=0', 'text/html; q=0.000', 'text/htmlx']) {
    assert.equal(asksForHtml(accept), false, accept);
  }
});

test('SERVER-246 the best encoding that the client names is taken, and none that it does not', () => {
  const all = new Map([
    ['br', 1],
    ['gzip', 2],
    ['identity', 3],
  ] as const);
  for (const [accepted, expected] of [
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'br'],
    ['GZIP', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0,gzip; q=0', 'identity'],
    ['deflate', 'identity'],
    ['*', 'identity'],
    ['', 'identity'],
    [undefined, 'identity'],
  ] as const) {
    assert.equal(encodingFor(accepted, all), expected, accepted);
  }
  assert.equal(encodingFor('br, gzip', new Map([['gzip', 2]] as const)), 'gzip');
});
