import assert from 'node:assert/strict';
import test from 'node:test';
import { AddressRanges, parseAddress, parseRange } from './address-ranges.ts';

test('PORT-79 an address has one text, whatever its zone, its case, its zeros, and the way that IPv4 is inside IPv6', () => {
  const parsed = {
    '192.0.2.1': '192.0.2.1',
    '::ffff:192.0.2.1': '192.0.2.1',
    '::FFFF:c000:201': '192.0.2.1',
    '0:0:0:0:0:ffff:255.255.255.255': '255.255.255.255',
    '::1': '::1',
    '0:0:0:0:0:0:0:1': '::1',
    '2001:0DB8::0001': '2001:db8::1',
    'fe80::1%eth0': 'fe80::1',
    '::': '::',
  };
  for (const [text, address] of Object.entries(parsed)) assert.equal(parseAddress(text), address, text);
  const none = [
    '',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    '1.2.3.4%eth0',
    '[::1]',
    ':::1',
    '1.2.3.4 ',
    '0x7f.1',
  ];
  for (const text of none) assert.equal(parseAddress(text), null, text);
});

test('PORT-79 a range is an address and how many of its first bits count', () => {
  assert.deepEqual(parseRange('10.1.2.3'), { address: '10.1.2.3', bits: 32 });
  assert.deepEqual(parseRange('10.0.0.0/8'), { address: '10.0.0.0', bits: 8 });
  assert.deepEqual(parseRange('2001:DB8::/32'), { address: '2001:db8::', bits: 32 });
  assert.deepEqual(parseRange('::ffff:10.0.0.0/104'), { address: '10.0.0.0', bits: 8 });
  for (const text of [
    '',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/8/8',
    '10/8',
    '10.0.0.0/-1',
    'fe80::1%eth0/64',
    'a.example/8',
    '10.0.0.0-10.0.0.9',
  ]) {
    assert.equal(parseRange(text), null, text);
    assert.throws(() => new AddressRanges([text]), /neither an address nor a range/);
  }
});

test('PORT-79 a set of ranges finds the addresses in them, in every way of writing, and no others', () => {
  const ranges = new AddressRanges([
    '192.0.2.7',
    '10.0.0.0/8',
    '2001:db8::/32',
    '::1',
    '::ffff:198.51.100.0/120',
    '0.0.0.0/32',
  ]);
  for (const address of [
    '192.0.2.7',
    '::ffff:192.0.2.7',
    '10.255.0.1',
    '::ffff:a01:203',
    '2001:db8:ffff::1',
    '2001:0DB8::',
    '0:0:0:0:0:0:0:1',
    '198.51.100.200',
    '::ffff:198.51.100.0',
  ]) {
    assert.equal(ranges.has(address), true, address);
  }
  for (const address of [
    '192.0.2.8',
    '11.0.0.0',
    '2001:db9::',
    '::2',
    '198.51.101.0',
    '127.0.0.1',
    '',
    'unknown',
    '10.0.0',
  ]) {
    assert.equal(ranges.has(address), false, address);
  }
  assert.equal(new AddressRanges([]).has('127.0.0.1'), false);
  assert.equal(new AddressRanges(['0.0.0.0/0']).has('203.0.113.9'), true);
});
