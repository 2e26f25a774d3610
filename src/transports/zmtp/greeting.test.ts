import assert from 'node:assert/strict';
import test from 'node:test';
import { peerGreeting, SERVER_GREETING } from '../../../testing/transports/zmtp.ts';
import { ourGreeting, readGreeting } from './greeting.ts';

const more = { type: 'more' };
const refusedWithoutError = { type: 'refused', error: null };

/** The result for each prefix of these bytes. */
function resultsOfPrefixes(bytes: Uint8Array) {
  return Array.from(bytes, (_, index) => readGreeting(bytes.subarray(0, index + 1)));
}

function repeated<T>(count: number, same: T): T[] {
  return Array.from({ length: count }, () => same);
}

test('ZMTP-02 our greeting is 3.1, NULL, and zeros', () => {
  assert.deepEqual(ourGreeting(), SERVER_GREETING);
});

test('ZMTP-03 a greeting may come byte by byte; padding and filler may be anything', () => {
  const all = resultsOfPrefixes(Buffer.concat([peerGreeting(), Buffer.from('more')]));
  assert.deepEqual(all.slice(0, 63), repeated(63, more));
  assert.deepEqual(all.slice(63), repeated(5, { type: 'greeted', hasHeartbeats: true }));
});

test('ZMTP-03 a wrong signature is refused without an ERROR at its tenth byte', () => {
  for (const end of [0x00, 0x01, 0x7e, 0xff]) {
    const greeting = peerGreeting();
    greeting[9] = end;
    const all = resultsOfPrefixes(greeting);
    assert.deepEqual(all.slice(0, 9), repeated(9, more));
    assert.deepEqual(all.slice(9), repeated(55, refusedWithoutError));
  }
});

test('ZMTP-04 a version below 3 is refused without an ERROR as soon as it has come; any other is accepted', () => {
  for (const major of [0, 1, 2]) {
    const all = resultsOfPrefixes(peerGreeting({ major }));
    assert.deepEqual(all.slice(0, 10), repeated(10, more));
    assert.deepEqual(all.slice(10), repeated(54, refusedWithoutError));
  }
  for (const [major, minor, hasHeartbeats] of [
    [3, 0, false],
    [3, 1, true],
    [3, 255, true],
    [4, 0, true],
    [255, 0, true],
  ] as const) {
    assert.deepEqual(readGreeting(peerGreeting({ major, minor })), { type: 'greeted', hasHeartbeats });
  }
});

test('ZMTP-05 any mechanism but NULL, padded with zeros, is refused with a reason', () => {
  for (const mechanism of ['PLAIN', 'CURVE', 'GSSAPI', 'null', 'NULLX', 'NUL', '', `NULL${'\0'.repeat(15)}X`]) {
    const refused = { type: 'refused', error: 'mechanism-is-not-NULL' };
    assert.deepEqual(readGreeting(peerGreeting({ mechanism })), refused, mechanism);
    assert.deepEqual(readGreeting(peerGreeting({ mechanism }).subarray(0, 63)), more, mechanism);
  }
});

test('ZMTP-06 as-server is 0; a peer of 3.0 may also say 1', () => {
  const refused = { type: 'refused', error: 'as-server-in-NULL' };
  for (const [minor, asServer, isAccepted] of [
    [0, 0, true],
    [0, 1, true],
    [0, 2, false],
    [0, 255, false],
    [1, 0, true],
    [1, 1, false],
    [1, 255, false],
  ] as const) {
    const expected = isAccepted ? { type: 'greeted', hasHeartbeats: minor === 1 } : refused;
    assert.deepEqual(readGreeting(peerGreeting({ minor, asServer })), expected, `${minor} ${asServer}`);
  }
});
