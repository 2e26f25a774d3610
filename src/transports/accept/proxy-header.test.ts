import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { proxyHeader2 } from '../../../testing/transports/proxy-header.ts';
import { parseAddress } from '../address-ranges.ts';
import { readProxyHeader, sniffProxyHeader } from './proxy-header.ts';

const FULL = Array.from({ length: 8 }, () => 'ffff').join(':');
const MORE = Buffer.from('abc/ what follows \r\n');

/** Reads it whole, with bytes after it, and cut at every byte; returns what all ways say of its source. */
function sourceOf(header: Buffer): string | null {
  for (let cut = 1; cut < header.length; cut++) {
    const part = header.subarray(0, cut);
    const start = sniffProxyHeader(part);
    assert.notEqual(start, 'no', `cut at ${cut}`);
    if (start === 'yes') assert.deepEqual(readProxyHeader(part), { type: 'more' }, `cut at ${cut}`);
  }
  assert.equal(sniffProxyHeader(header), 'yes');
  const read = readProxyHeader(header);
  assert.deepEqual(readProxyHeader(Buffer.concat([header, MORE])), read);
  if (read.type !== 'found') assert.fail(`${header.toString('latin1')}: ${JSON.stringify(read)}`);
  assert.equal(read.length, header.length);
  return read.source;
}

function reasonOf(header: Buffer | string): string {
  const read = readProxyHeader(Buffer.from(header));
  return read.type === 'invalid' ? read.reason : assert.fail(`${String(header)}: ${read.type}`);
}

test('PORT-70 a header begins with `PROXY ` or the twelve bytes of version 2, and with nothing else', () => {
  for (const other of [
    'c2/',
    'PROXIES',
    'proxy ',
    'PUT / ',
    '{"cmd":',
    '\r\n\r\n{',
    '\r\n\r\n\0\r\nQUIX',
    '\x16\x03',
    '\xff',
  ]) {
    assert.equal(sniffProxyHeader(Buffer.from(other, 'latin1')), 'no', other);
  }
  assert.equal(sniffProxyHeader(Buffer.from('P')), 'more');
  assert.equal(sniffProxyHeader(Buffer.from('\r\n\r\n\0\r\nQUIT')), 'more');
});

test('PORT-71 T50 a line of version 1 names the source, cut at every byte', () => {
  const vectors: readonly (readonly [string, string | null])[] = [
    ['PROXY TCP4 192.0.2.7 198.51.100.1 56324 443', '192.0.2.7'],
    ['PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535', '255.255.255.255'],
    ['PROXY TCP4 0.0.0.0 0.0.0.0 0 0', '0.0.0.0'],
    ['PROXY TCP6 2001:db8::7 ::1 4 5', '2001:db8::7'],
    [`PROXY TCP6 ${FULL} ${FULL} 65535 65535`, FULL],
    ['PROXY TCP6 ::ffff:192.0.2.7 ::1 1 1', '::ffff:192.0.2.7'],
    ['PROXY UNKNOWN', null],
    ['PROXY UNKNOWN anything at all', null],
    [`PROXY UNKNOWN ${FULL} ${FULL} 65535 65535`, null],
  ];
  for (const [line, source] of vectors) assert.equal(sourceOf(Buffer.from(`${line}\r\n`)), source, line);
  assert.equal(`PROXY UNKNOWN ${FULL} ${FULL} 65535 65535\r\n`.length, 107);
});

test('PORT-71 T50 a malformed line of version 1, or one of more than 107 bytes, is invalid', () => {
  const fits = `PROXY UNKNOWN ${'x'.repeat(91)}\r\n`;
  assert.equal(sourceOf(Buffer.from(fits)), null);
  assert.equal(fits.length, 107);
  assert.equal(reasonOf(fits.replace('\r\n', 'x\r\n')), 'the line is too long');
  assert.equal(reasonOf(`PROXY ${'x'.repeat(1_000)}`), 'the line is too long');
  assert.deepEqual(readProxyHeader(Buffer.from(`PROXY ${'x'.repeat(100)}`)), { type: 'more' });
  for (const line of [
    'PROXY ',
    'PROXY TCP4',
    'PROXY TCP5 192.0.2.7 192.0.2.1 1 1',
    'PROXY tcp4 192.0.2.7 192.0.2.1 1 1',
    'PROXY UDP4 192.0.2.7 192.0.2.1 1 1',
    'PROXY UNKNOWNS',
    'PROXY TCP4 192.0.2.7 192.0.2.1 1',
    'PROXY TCP4 192.0.2.7 192.0.2.1 1 1 1',
    'PROXY TCP4  192.0.2.7 192.0.2.1 1 1',
    'PROXY TCP4 192.0.2.7 192.0.2.1 1 1 ',
    'PROXY TCP4 192.0.2.7 192.0.2.1 65536 1',
    'PROXY TCP4 192.0.2.7 192.0.2.1 1 99999',
    'PROXY TCP4 192.0.2.7 192.0.2.1 01 1',
    'PROXY TCP4 192.0.2.7 192.0.2.1 -1 1',
    'PROXY TCP4 192.0.2.7 192.0.2.1 1 x',
    'PROXY TCP4 192.0.2.256 192.0.2.1 1 1',
    'PROXY TCP4 192.0.2.7 host.example 1 1',
    'PROXY TCP4 ::1 ::1 1 1',
    'PROXY TCP6 192.0.2.7 192.0.2.1 1 1',
    'PROXY TCP6 fe80::1%eth0 ::1 1 1',
    'PROXY TCP4 192.0.2.7 192.0.2.1 1 1\n',
  ]) {
    assert.equal(reasonOf(`${line}\r\n`), 'the line is malformed', line);
  }
});

test('PORT-72 T50 a header of version 2 names the source, cut at every byte; what follows the addresses is skipped', () => {
  const v4 = Buffer.from([192, 0, 2, 7, 198, 51, 100, 1, 0xdc, 4, 1, 0xbb]);
  const v6 = Buffer.from(`20010db8000000000000000000000007${'00'.repeat(15)}01dc0401bb`, 'hex');
  const values = Buffer.concat([Buffer.from([0x02, 0, 5]), Buffer.from('hello'), Buffer.from([0x04, 0, 3, 1, 2, 3])]);
  const unix = Buffer.alloc(216, 'a');
  const vectors: readonly (readonly [number, number, Buffer, string | null])[] = [
    [0x21, 0x11, v4, '192.0.2.7'],
    [0x21, 0x11, Buffer.concat([v4, values]), '192.0.2.7'],
    [0x21, 0x21, v6, '2001:0db8:0000:0000:0000:0000:0000:0007'],
    [0x21, 0x21, Buffer.concat([v6, values]), '2001:0db8:0000:0000:0000:0000:0000:0007'],
    [0x20, 0x00, Buffer.alloc(0), null],
    [0x20, 0x11, v4, null],
    [0x20, 0x11, Buffer.alloc(3), null],
    [0x21, 0x00, Buffer.alloc(0), null],
    [0x21, 0x00, values, null],
    [0x21, 0x12, v4, null],
    [0x21, 0x22, v6, null],
    [0x21, 0x31, unix, null],
    [0x21, 0xff, values, null],
    [0x21, 0x11, Buffer.concat([v4, Buffer.alloc(4_084, 0xee)]), '192.0.2.7'],
  ];
  for (const [command, family, rest, source] of vectors) {
    assert.equal(sourceOf(proxyHeader2(command, family, rest)), source, `${command} ${family}`);
  }
});

test('PORT-72 T50 T1 another version or command, a long header and missing addresses are refused from the first 16 bytes', () => {
  const head = (command: number, family: number, length: number) =>
    proxyHeader2(command, family, Buffer.alloc(0), length);
  for (const command of [0x00, 0x01, 0x11, 0x22, 0x2f, 0x31, 0xff]) {
    assert.equal(reasonOf(head(command, 0x11, 12)), 'unknown version or command');
  }
  for (const length of [4_097, 65_535]) assert.equal(reasonOf(head(0x21, 0x11, length)), 'it is too long');
  assert.equal(reasonOf(head(0x20, 0x00, 65_535)), 'it is too long');
  assert.equal(reasonOf(head(0x21, 0x11, 11)), 'it is too short for its addresses');
  assert.equal(reasonOf(head(0x21, 0x21, 35)), 'it is too short for its addresses');
  assert.deepEqual(readProxyHeader(head(0x21, 0x11, 4_096)), { type: 'more' });
});

test('PORT-71 PORT-72 T50 whatever follows the first bytes of a header, the verdict is the same however it is cut', () => {
  const noise = fc.uint8Array({ maxLength: 300 });
  const words = fc.array(
    fc.constantFrom('TCP4', 'TCP6', 'UNKNOWN', '192.0.2.7', '::1', '0', '65536', ' ', '\r\n', '%', 'x'),
  );
  const first = fc.oneof(
    noise.map((bytes) => proxyHeader2(0x21, 0x11, Buffer.from(bytes)).subarray(0, 40)),
    noise.map((bytes) => Buffer.concat([proxyHeader2(0x21, 0x11, Buffer.alloc(0)).subarray(0, 12), bytes])),
    noise.map((bytes) => Buffer.concat([Buffer.from('PROXY '), bytes])),
    words.map((parts) => Buffer.from(`PROXY ${parts.join(' ')}\r\n`)),
  );
  fc.assert(
    fc.property(first, (bytes) => {
      const whole = readProxyHeader(bytes);
      if (whole.type === 'found') assert.ok(whole.length <= bytes.length);
      if (whole.type === 'found' && whole.source !== null) assert.notEqual(parseAddress(whole.source), null);
      for (let cut = 12; cut < bytes.length; cut++) {
        const part = readProxyHeader(bytes.subarray(0, cut));
        if (part.type !== 'more') assert.deepEqual(part, whole);
      }
    }),
  );
});
