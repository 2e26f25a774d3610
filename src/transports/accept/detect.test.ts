import assert from 'node:assert/strict';
import { METHODS } from 'node:http';
import test from 'node:test';
import { detect, type Sniff } from './detect.ts';
import { sniffHttp, sniffTls } from './sniffers.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const candidate = (name: string, sniff: Sniff) => ({ name, sniff });
const yes = candidate('yes', () => 'yes');
const no = candidate('no', () => 'no');
const more = candidate('more', () => 'more');

test('PORT-02 TLS is a handshake record of a version that begins with 3', () => {
  assert.equal(sniffTls(bytes('\x16')), 'more');
  assert.equal(sniffTls(bytes('\x16\x03\x01')), 'yes');
  assert.equal(sniffTls(bytes('\x16\x02')), 'no');
  assert.equal(sniffTls(bytes('G')), 'no');
});

test('PORT-02 HTTP is a method and a space, cut anywhere', () => {
  for (const method of METHODS) {
    const request = bytes(`${method} / HTTP/1.1\r\n`);
    for (let cut = 1; cut <= request.length; cut++) {
      const expected = cut <= method.length ? 'more' : 'yes';
      assert.equal(sniffHttp(request.subarray(0, cut)), expected, `${method} cut at ${cut}`);
    }
  }
  for (const other of ['get / HTTP/1.1', 'GETS /', 'c2/PING', '{"cmd":', 'PO ', '\x16\x03\x01', '\x90']) {
    assert.equal(sniffHttp(bytes(other)), 'no', other);
  }
});

test('PORT-02 a whole request line with a method that nobody knows is HTTP too', () => {
  for (const line of ['BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n', 'GETS http://x/ HTTP/1.0\n']) {
    assert.equal(sniffHttp(bytes(line)), 'yes', line);
  }
  for (const line of [
    'BREW /pot\r\n',
    'NICK bob\r\n',
    'brew /pot HTTP/1.1\r\n',
    'BREW /pot HTTP/1.1',
    'PROXY TCP4 ::1 ::1 1 1\r\n',
  ]) {
    assert.equal(sniffHttp(bytes(line)), 'no', line);
  }
});

test('PORT-03 the first candidate that says yes is found', () => {
  const second = candidate('second', () => 'yes');
  assert.deepEqual(detect([no, more, yes, second], bytes('x')), { type: 'found', found: yes });
  assert.deepEqual(detect([no], bytes('x')), { type: 'unknown' });
});

test('PORT-04 while no candidate says yes and one says more, more is read', () => {
  assert.deepEqual(detect([no, more, no], bytes('x')), { type: 'more' });
  assert.deepEqual(detect([no, no], bytes('x')), { type: 'unknown' });
});

test('PORT-05 candidates see at most 4 KiB; then more counts as no', () => {
  const seen: number[] = [];
  const greedy = candidate('greedy', (first) => {
    seen.push(first.length);
    return 'more';
  });
  assert.equal(detect([greedy], new Uint8Array(4_095)).type, 'more');
  assert.equal(detect([greedy], new Uint8Array(4_096)).type, 'unknown');
  assert.equal(detect([greedy], new Uint8Array(60_000)).type, 'unknown');
  assert.deepEqual(seen, [4_095, 4_096, 4_096]);
});
