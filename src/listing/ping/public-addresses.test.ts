import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PublicAddresses } from './public-addresses.ts';

const addresses = new PublicAddresses(false);
const withPrivate = new PublicAddresses(true);

test('LIST-45 the first and the last address of each special range are forbidden, their neighbours are public', () => {
  const ranges = [
    ['', '0.0.0.0', '0.255.255.255', '1.0.0.0'],
    ['9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
    ['100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
    ['126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0'],
    ['169.253.255.255', '169.254.0.0', '169.254.255.255', '169.255.0.0'],
    ['172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
    ['191.255.255.255', '192.0.0.0', '192.0.0.255', '192.0.1.0'],
    ['192.0.1.255', '192.0.2.0', '192.0.2.255', '192.0.3.0'],
    ['192.31.195.255', '192.31.196.0', '192.31.196.255', '192.31.197.0'],
    ['192.52.192.255', '192.52.193.0', '192.52.193.255', '192.52.194.0'],
    ['192.88.98.255', '192.88.99.0', '192.88.99.255', '192.88.100.0'],
    ['192.167.255.255', '192.168.0.0', '192.168.255.255', '192.169.0.0'],
    ['192.175.47.255', '192.175.48.0', '192.175.48.255', '192.175.49.0'],
    ['198.17.255.255', '198.18.0.0', '198.19.255.255', '198.20.0.0'],
    ['198.51.99.255', '198.51.100.0', '198.51.100.255', '198.51.101.0'],
    ['203.0.112.255', '203.0.113.0', '203.0.113.255', '203.0.114.0'],
    ['223.255.255.255', '224.0.0.0', '255.255.255.255', ''],
    ['', '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:200::'],
    ['2001:db7:ffff::', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::'],
    ['2001:ffff::', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2003::'],
    ['2620:4f:7fff::', '2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff', '2620:4f:8001::'],
    ['3ffe:ffff::', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:1000::'],
  ] as const;
  for (const [before, first, last, after] of ranges) {
    for (const special of [first, last]) assert.equal(addresses.has(special), false, special);
    for (const neighbour of [before, after].filter(Boolean)) assert.equal(addresses.has(neighbour), true, neighbour);
  }
});

test('LIST-46 of IPv6 only unicast addresses that are given out are public; IPv4 inside IPv6 is judged as IPv4', () => {
  const publicOnes = ['2000::', '2606:4700::1111', '2a00:1450:4001::', '3ffd::1', '::ffff:8.8.8.8', '::FFFF:808:808'];
  const others = ['1fff:ffff::', '4000::', '::8.8.8.8', '64:ff9b::8.8.8.8', '::ffff:0:8.8.8.8', '::ffff:10.0.0.1'];
  for (const address of publicOnes) assert.equal(addresses.has(address), true, address);
  for (const address of [...others, '2606:4700::1111%eth0', '8.8.8.8:80', '[2000::]', 'a.example', '']) {
    assert.equal(addresses.has(address), false, address);
    assert.equal(withPrivate.has(address), address === '::ffff:10.0.0.1', address);
  }
});

test('LIST-47 private addresses can be allowed; link-local, unspecified and multicast ones cannot', () => {
  const privateOnes = ['127.0.0.1', '::1', '10.1.2.3', '172.16.0.1', '192.168.0.1', '100.64.0.1', 'fc00::', 'fdff::1'];
  for (const address of privateOnes) {
    assert.equal(addresses.has(address), false, address);
    assert.equal(withPrivate.has(address), true, address);
  }
  const never = [
    '169.254.1.1',
    'fe80::1',
    'febf::1',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
    '::2',
  ];
  for (const address of never) assert.equal(withPrivate.has(address), false, address);
  assert.equal(withPrivate.has('8.8.8.8'), true);
});

test('LIST-48 where clouds give their machines credentials is forbidden, also where private addresses are allowed', () => {
  const metadata = [
    '100.100.100.200',
    '168.63.129.16',
    'fd00:42::42',
    'fd00:ec2::254',
    'fd20:ce::254',
    '169.254.169.254',
  ];
  for (const address of metadata) assert.equal(withPrivate.has(address), false, address);
  assert.equal(addresses.has('168.63.129.16'), false);
  for (const address of ['100.100.100.201', 'fd20:ce::255']) assert.equal(withPrivate.has(address), true, address);
});
