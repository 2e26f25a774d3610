import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countedAddress } from './address.ts';
import { AddressRanges } from './address-ranges.ts';
import { banRange, hasLoopback, overlap } from './ban-range.ts';

test('CONN-104 equal ranges are written in one way', () => {
  const known = {
    '203.0.113.7': '203.0.113.7/32',
    '203.0.113.77/24': '203.0.113.0/24',
    '203.0.113.77/25': '203.0.113.0/25',
    '203.0.113.177/25': '203.0.113.128/25',
    '10.1.2.3/8': '10.0.0.0/8',
    '0.0.0.0/0': '0.0.0.0/0',
    '1.2.3.4/0': '0.0.0.0/0',
    '::ffff:203.0.113.7': '203.0.113.7/32',
    '::FFFF:203.0.113.7/120': '203.0.113.0/24',
    '::ffff:cb00:7107': '203.0.113.7/32',
    '2001:db8::1': '2001:db8::/64',
    '2001:DB8:0:1:2:3:4:5/128': '2001:db8:0:1::/64',
    '2001:db8:ffff::/33': '2001:db8:8000::/33',
    '2001:db8::/32': '2001:db8::/32',
    'fe80::1': 'fe80::/64',
    '::1': '::/64',
    '::/0': '::/0',
  };
  for (const [text, range] of Object.entries(known)) {
    assert.equal(banRange(text), range, text);
    assert.equal(banRange(range), range);
  }
  for (const text of [
    '',
    'alice',
    '203.0.113',
    '203.0.113.0/33',
    '203.0.113.0/',
    '::/129',
    '1.2.3.4/-1',
    '1.2.3.4/a',
    '/24',
    '256.1.1.1',
    'localhost',
  ])
    assert.equal(banRange(text), null, text);
});

test('CONN-104 a range has exactly the addresses whose first bits are its own', () => {
  const ipv4 = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(ipv4, ipv4, fc.nat(32), (one, other, bits) => {
      const range = banRange(`${one}/${bits}`) ?? '';
      const prefix = (address: string) =>
        address
          .split('.')
          .map((part) => Number(part).toString(2).padStart(8, '0'))
          .join('')
          .slice(0, bits);
      const isIn = prefix(one) === prefix(other);
      assert.ok(new AddressRanges([range]).has(one));
      assert.equal(new AddressRanges([range]).has(other), isIn);
      assert.equal(overlap(range, other), isIn);
    }),
  );
});

test('CONN-104 the range of an IPv6 address has every address of its client, as limits count it', () => {
  const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, fc.integer({ min: 0, max: 128 }), (parts, bits) => {
      const address = parts.map((part) => part.toString(16)).join(':');
      const range = banRange(`${address}/${bits}`);
      if (range === null || range.includes('.')) return;
      const counted = countedAddress(address).replace(/\/.*/, '');
      assert.ok(new AddressRanges([range]).has(counted), `${address} ${range}`);
    }),
  );
});

test('SERVER-158 ranges with an address of this machine, and ranges that overlap, are known', () => {
  for (const range of ['127.0.0.1/32', '127.0.0.0/8', '126.0.0.0/7', '0.0.0.0/0', '::/64', '::/0'])
    assert.ok(hasLoopback(range), range);
  for (const range of ['128.0.0.0/8', '203.0.113.0/24', '2001:db8::/32', '::1:0:0:0:0/64'])
    assert.ok(!hasLoopback(banRange(range) ?? ''), range);
  assert.ok(overlap('10.0.0.0/8', '10.1.2.3'));
  assert.ok(overlap('10.1.2.3', '10.0.0.0/8'));
  assert.ok(overlap('::ffff:10.1.2.3', '10.0.0.0/8'));
  assert.ok(!overlap('10.0.0.0/8', '11.0.0.0/8'));
  assert.ok(!overlap('10.0.0.0/8', 'a00::/8'));
  assert.ok(!overlap('10.0.0.0/8', 'nothing'));
});
