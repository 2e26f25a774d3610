import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { countedAddress, isLoopback } from '../address.ts';
import { Admission, type AdmissionLimits, defaultAdmissionLimits } from './admission.ts';

const PEER = '192.0.2.7';
const OTHER = '192.0.2.8';

function admissionOf(limits: Partial<AdmissionLimits> = {}) {
  const clock = new FakeClock();
  const logged: unknown[] = [];
  const log = { info: () => {}, warn: (_event: string, fields: unknown) => logged.push(fields), error: () => {} };
  return { clock, logged, admission: new Admission({ ...defaultAdmissionLimits, ...limits }, clock, log) };
}

test('PORT-18 T29 an address has at most 64 connections, and gets one more when one ends', () => {
  const { admission } = admissionOf({ newPerMinute: 1_000 });
  const tickets = Array.from({ length: 64 }, () => {
    const ticket = admission.admit(PEER);
    ticket?.loggedIn();
    return ticket;
  });
  assert.ok(tickets.every((ticket) => ticket !== null));
  assert.equal(admission.admit(PEER), null);
  assert.notEqual(admission.admit(OTHER), null);
  tickets[0]?.release();
  tickets[0]?.release();
  assert.notEqual(admission.admit(PEER), null);
  assert.equal(admission.admit(PEER), null);
});

test('PORT-18 T29 an address has at most so many connections without a login', () => {
  const { admission } = admissionOf({ unauthenticatedPerAddress: 20 });
  const tickets = Array.from({ length: 20 }, () => admission.admit(PEER));
  assert.ok(tickets.every((ticket) => ticket !== null));
  assert.equal(admission.admit(PEER), null);
  tickets[0]?.loggedIn();
  assert.notEqual(admission.admit(PEER), null);
  assert.equal(admission.admit(PEER), null);
  tickets[1]?.release();
  assert.notEqual(admission.admit(PEER), null);
});

test('PORT-41 logging in counts once, and not again when the connection ends', () => {
  const { admission } = admissionOf({ unauthenticatedPerAddress: 2 });
  const first = admission.admit(PEER);
  first?.loggedIn();
  first?.loggedIn();
  first?.release();
  admission.admit(PEER);
  admission.admit(PEER);
  assert.equal(admission.admit(PEER), null);
});

test('PORT-18 T29 an address gets 64 new connections per clock minute; refused ones do not count', () => {
  const { admission, clock } = admissionOf();
  const come = () => {
    const ticket = admission.admit(PEER);
    ticket?.release();
    return ticket !== null;
  };
  clock.advance(60_000);
  for (let count = 0; count < 64; count++) assert.ok(come());
  assert.equal(come(), false);
  clock.advance(59_999);
  assert.equal(come(), false);
  clock.advance(1);
  for (let count = 0; count < 64; count++) assert.ok(come());
  assert.equal(come(), false);
});

test('PORT-20 loopback is exempt from limits by address unless configured otherwise', () => {
  const exempt = admissionOf({ perAddress: 1, unauthenticatedPerAddress: 1, newPerMinute: 1 }).admission;
  for (const address of ['127.0.0.1', '127.0.0.1', '::1', '::1']) assert.notEqual(exempt.admit(address), null);
  const strict = admissionOf({ perAddress: 1, exemptLoopback: false }).admission;
  assert.notEqual(strict.admit('127.0.0.1'), null);
  assert.equal(strict.admit('127.0.0.1'), null);
});

test('PORT-21 T37 a full server refuses new connections, also from this machine', () => {
  const { admission, logged } = admissionOf({ connections: 2 });
  const first = admission.admit(PEER);
  admission.admit('127.0.0.1');
  assert.equal(admission.connections, 2);
  assert.equal(admission.admit('127.0.0.1'), null);
  assert.deepEqual(logged, [{ address: '127.0.0.1', reason: 'server full' }]);
  first?.release();
  assert.notEqual(admission.admit(OTHER), null);
});

test('PORT-22 T43 refusals are logged once per address and minute, with the reason', () => {
  const { admission, clock, logged } = admissionOf({ newPerMinute: 0 });
  for (let count = 0; count < 5; count++) admission.admit(PEER);
  admission.admit(OTHER);
  const reason = 'too many in a minute';
  assert.deepEqual(logged, [
    { address: PEER, reason },
    { address: OTHER, reason },
  ]);
  clock.advance(60_000);
  admission.admit(PEER);
  assert.equal(logged.length, 3);
});

test('PORT-19 IPv4 inside IPv6 counts as IPv4, IPv6 by its first 64 bits, this machine as itself', () => {
  const counted = {
    '192.0.2.1': '192.0.2.1',
    '::ffff:192.0.2.1': '192.0.2.1',
    '::FFFF:127.0.0.1': '127.0.0.1',
    '::ffff:c000:201': '192.0.2.1',
    '0:0:0:0:0:ffff:192.0.2.1': '192.0.2.1',
    '0:0:0:0:0:0:0:1': '::1',
    unknown: 'unknown',
    '': '',
    '::1': '::1',
    '2001:db8::1': '2001:db8:0:0::/64',
    '2001:DB8:0:0:ffff::2': '2001:db8:0:0::/64',
    '2001:db8:0:1::1': '2001:db8:0:1::/64',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:0db8:0001:0002::': '2001:db8:1:2::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    '::': '0:0:0:0::/64',
  };
  for (const [address, expected] of Object.entries(counted)) assert.equal(countedAddress(address), expected);
  assert.deepEqual(['127.9.9.9', '::1', '128.0.0.1', '2001:db8:0:0::/64'].map(isLoopback), [true, true, false, false]);
});
