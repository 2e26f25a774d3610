import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { PingLimits } from './ping-limits.ts';

const TARGET = ['192.0.2.1'];

/** How many of `count` calls were admitted. */
function admitted(count: number, admit: () => number): number {
  return Array.from({ length: count }, admit).filter((wait) => wait === 0).length;
}

function addressOf(number: number): string {
  return `10.${number >> 16}.${(number >> 8) & 0xff}.${number & 0xff}`;
}

test('LIST-60 6 pings in any minute go to one address, in every way of writing it', () => {
  const clock = new FakeClock();
  const limits = new PingLimits(clock);
  assert.equal(
    admitted(4, () => limits.admitCheck(TARGET, true)),
    4,
  );
  clock.advance(30_000);
  assert.equal(
    admitted(4, () => limits.admitCheck(['::ffff:192.0.2.1'], true)),
    2,
  );
  assert.equal(limits.admitCheck(TARGET, true), 30_000);
  clock.advance(30_000);
  assert.equal(
    admitted(9, () => limits.admitCheck(TARGET, true)),
    4,
  );
  assert.equal(limits.admitCheck(['192.0.2.2'], true), 0);
});

test('LIST-60 an IPv6 network of 64 bits counts as one address, and twice in one ping as once', () => {
  const limits = new PingLimits(new FakeClock());
  const targets = ['2001:db8::1', '2001:db8::2'];
  assert.equal(
    admitted(9, () => limits.admitCheck(targets, true)),
    6,
  );
  assert.equal(limits.admitCheck(['2001:db8:0:0:ffff::'], true), 60_000);
  assert.equal(limits.admitCheck(['2001:db8:0:1::'], true), 0);
});

test('LIST-61 callers cause 3 of them, and leave the others to the checks', () => {
  const limits = new PingLimits(new FakeClock());
  assert.equal(
    admitted(9, () => limits.admitCallersPing(TARGET)),
    3,
  );
  assert.equal(limits.admitCallersPing(TARGET), 60_000);
  assert.equal(
    admitted(9, () => limits.admitCheck(TARGET, true)),
    3,
  );
});

test('LIST-61 callers get no more than the checks have left', () => {
  const limits = new PingLimits(new FakeClock());
  admitted(5, () => limits.admitCheck(TARGET, true));
  assert.equal(
    admitted(9, () => limits.admitCallersPing(TARGET)),
    1,
  );
});

test('LIST-62 one caller causes 30 pings in any minute, from its whole IPv6 network', () => {
  const clock = new FakeClock();
  const limits = new PingLimits(clock);
  let last = 0;
  const admit = () => {
    clock.advance(100);
    last += 1;
    return limits.admitCaller(`2001:db8::${last.toString(16)}`);
  };
  assert.equal(admitted(40, admit), 30);
  assert.equal(limits.admitCaller('2001:db8::'), 60_000 - 3_900);
  assert.equal(limits.admitCaller('192.0.2.1'), 0);
  clock.advance(60_000);
  assert.equal(admitted(31, admit), 30);
});

test('LIST-62 all callers together cause 20 pings in any second', () => {
  const clock = new FakeClock();
  const limits = new PingLimits(clock);
  let last = 0;
  const admit = () => limits.admitCaller(`192.0.2.${(last += 1)}`);
  assert.equal(admitted(15, admit), 15);
  clock.advance(500);
  assert.equal(admitted(15, admit), 5);
  assert.equal(admit(), 500);
  clock.advance(500);
  assert.equal(admitted(30, admit), 15);
});

test('LIST-63 a ping needs room for all of its addresses, and without it counts for none', () => {
  const limits = new PingLimits(new FakeClock());
  admitted(6, () => limits.admitCheck(['192.0.2.1'], true));
  for (let count = 0; count < 9; count++) assert.equal(limits.admitCheck(['192.0.2.2', '192.0.2.1'], true), 60_000);
  assert.equal(
    admitted(9, () => limits.admitCheck(['192.0.2.2'], true)),
    6,
  );
});

test('LIST-60 LIST-62 as many other addresses as there can be in a minute make no address and no caller forgotten', () => {
  const clock = new FakeClock();
  const limits = new PingLimits(clock);
  const eight = (network: number) => Array.from({ length: 8 }, (_, host) => addressOf(network * 8 + host));
  admitted(6, () => limits.admitCheck(TARGET, true));
  for (let count = 0; count < 30; count++) {
    assert.equal(limits.admitCaller('192.0.2.1'), 0);
    clock.advance(50);
  }
  clock.advance(1_000);
  let network = 0;
  for (let second = 0; second < 57; second++) {
    for (let ping = 0; ping < 167; ping++) assert.equal(limits.admitCheck(eight((network += 1)), true), 0);
    for (let ping = 0; ping < 20; ping++) {
      assert.equal(limits.admitCaller(addressOf(network)), 0);
      assert.equal(limits.admitCallersPing(eight((network += 1))), 0);
    }
    clock.advance(1_000);
  }
  assert.ok(clock.monotonic() < 60_000);
  assert.notEqual(limits.admitCheck(TARGET, true), 0);
  assert.notEqual(limits.admitCaller('192.0.2.1'), 0);
});

test('LIST-61 T47 checks of hidden servers leave room for the check of one that is shown', () => {
  const limits = new PingLimits(new FakeClock());
  assert.equal(
    admitted(9, () => limits.admitCheck(TARGET, false)),
    3,
  );
  assert.equal(limits.admitCallersPing(TARGET), 60_000);
  assert.equal(limits.admitCheck(TARGET, true), 0);
});
