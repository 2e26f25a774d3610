import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { settle, silentLog } from '../../../testing/world.ts';
import { type Lease, LEASE_MS, type Names } from '../ports.ts';
import { NodeLease } from './node-lease.ts';

/** A service of leases that answers when the test says so. */
class HeldBackNames implements Names {
  readonly leaseMs = LEASE_MS;
  readonly renewals: PromiseWithResolvers<Lease>[] = [];
  readonly ended: string[] = [];
  claim = () => Promise.reject(new Error('not asked for'));
  release = () => Promise.reject(new Error('not asked for'));

  renew(): Promise<Lease> {
    const renewal = Promise.withResolvers<Lease>();
    this.renewals.push(renewal);
    return renewal.promise;
  }

  async leave(node: string): Promise<void> {
    this.ended.push(node);
  }
}

async function opened() {
  const clock = new FakeClock();
  const names = new HeldBackNames();
  const calls: string[] = [];
  let recovery = Promise.withResolvers<void>();
  recovery.resolve();
  const lease = new NodeLease(
    'a',
    { names, clock, log: silentLog },
    {
      found: (node) => calls.push(`found ${node}`),
      lost: (node) => calls.push(`lost ${node}`),
      renewed: () => calls.push('renewed'),
      recover: (isBroken) => {
        calls.push(isBroken ? 'recover names' : 'recover');
        return recovery.promise;
      },
    },
  );
  /** Answers the oldest renewal. */
  const answer = async (lasted: Lease | Error) => {
    const renewal = names.renewals.shift();
    assert.ok(renewal !== undefined);
    if (lasted instanceof Error) renewal.reject(lasted);
    else renewal.resolve(lasted);
    await settle(clock, 2);
  };
  /** A second passes for a node that is awake. */
  const tick = async (ms = 1_000) => {
    clock.advance(ms);
    lease.tick();
    await settle(clock, 2);
  };
  const open = lease.open();
  await answer({ unbroken: false, nodes: ['a'] });
  await open;
  return {
    clock,
    names,
    lease,
    answer,
    tick,
    calls: () => calls.splice(0),
    holdRecovery: () => (recovery = Promise.withResolvers()),
  };
}

const held = (...others: readonly string[]): Lease => ({ unbroken: true, nodes: ['a', ...others] });
const broken = (...others: readonly string[]): Lease => ({ unbroken: false, nodes: ['a', ...others] });

test('WORLD-290 a renewal is sent every 2 s, never while one is under way, and after a failure at the next tick', async () => {
  const { names, tick, answer, calls } = await opened();
  await tick();
  assert.equal(names.renewals.length, 0);
  await tick();
  assert.equal(names.renewals.length, 1);
  for (let second = 0; second < 3; second++) await tick();
  assert.equal(names.renewals.length, 1, 'it is not answered yet');
  await answer(held());
  await tick();
  assert.equal(names.renewals.length, 1);
  await answer(new Error('away'));
  await tick();
  assert.equal(names.renewals.length, 1);
  await answer(held());
  await tick();
  assert.deepEqual([names.renewals.length, calls()], [0, ['renewed', 'renewed']]);
});

test('WORLD-42 nodes are found and lost by what a renewal says', async () => {
  const { tick, answer, calls, lease } = await opened();
  await tick(2_000);
  await answer(held('b', 'c'));
  assert.deepEqual([calls(), lease.isAlone], [['found b', 'found c', 'renewed'], false]);
  assert.ok(lease.isAlive('b'));
  await tick(2_000);
  await answer(held('c'));
  assert.deepEqual(calls(), ['lost b', 'renewed']);
  assert.ok(!lease.isAlive('b') && lease.isAlive('c'));
});

test('WORLD-285 an unknown node makes it renew at once, also after the renewal that is under way, and once between ticks', async () => {
  const { names, tick, answer, calls, lease } = await opened();
  lease.meet('b');
  lease.meet('b');
  lease.meet('c');
  assert.equal(names.renewals.length, 1);
  await answer(held());
  assert.equal(names.renewals.length, 1, 'c was heard after the first one was sent');
  await answer(held('c'));
  assert.deepEqual(calls(), ['renewed', 'found c', 'renewed']);
  lease.meet('b');
  assert.equal(names.renewals.length, 0);
  await tick(1_000);
  lease.meet('b');
  assert.equal(names.renewals.length, 1);
});

test('WORLD-288 the gate closes 8 s after the last renewal was sent, before any timer says so', async () => {
  const { clock, tick, answer, lease, calls } = await opened();
  await tick(2_000);
  clock.advance(3_000);
  await answer(held('b'));
  clock.advance(4_999);
  assert.ok(lease.gate.isOpen && lease.isAlive('b') && lease.holds(lease.term));
  clock.advance(1);
  assert.ok(!lease.gate.isOpen && !lease.isAlive('b') && !lease.holds(lease.term));
  calls();
  await tick(20_000);
  await answer(held('b'));
  assert.deepEqual([calls(), lease.gate.isOpen], [['recover', 'renewed'], true]);
});

test('WORLD-286 WORLD-288 after a lapse the gate opens when the lease is renewed and the node is up to date', async () => {
  const { tick, answer, lease, calls, holdRecovery } = await opened();
  const { term } = lease;
  const recovery = holdRecovery();
  const ran: string[] = [];
  await tick(20_000);
  lease.gate.wait((isOpen) => ran.push(`first ${isOpen}`));
  lease.gate.wait((isOpen) => ran.push(`second ${isOpen}`));
  await answer(broken());
  assert.deepEqual([calls(), lease.gate.isOpen, ran], [['recover names', 'renewed'], false, []]);
  await tick();
  await answer(held());
  assert.deepEqual([calls(), lease.gate.isOpen], [['renewed'], false], 'the lease is renewed meanwhile');
  recovery.resolve();
  await tick(0);
  assert.deepEqual([lease.gate.isOpen, ran], [true, ['first true', 'second true']]);
  assert.ok(!lease.holds(term), 'a name that was claimed before may be lost');
  assert.ok(lease.holds(lease.term));
});

test('WORLD-288 if it lapses again, or bringing it up to date fails, the gate stays closed, and names are claimed in the end', async () => {
  const { tick, answer, lease, calls, holdRecovery } = await opened();
  const failing = holdRecovery();
  await tick(20_000);
  await answer(broken());
  failing.reject(new Error('storage is away'));
  await tick();
  assert.ok(!lease.gate.isOpen);
  const slow = holdRecovery();
  await answer(held());
  await tick(20_000);
  await answer(held());
  slow.resolve();
  await tick();
  assert.ok(!lease.gate.isOpen, 'what was read is old by now');
  await answer(held());
  await tick(0);
  assert.deepEqual(calls(), [
    'recover names',
    'renewed',
    'recover names',
    'renewed',
    'renewed',
    'recover names',
    'renewed',
  ]);
  assert.ok(lease.gate.isOpen);
});

test('WORLD-288 a lease that others ended closes the gate, even if it seemed to hold', async () => {
  const { tick, answer, lease, calls, holdRecovery } = await opened();
  const recovery = holdRecovery();
  await tick(2_000);
  await answer(broken());
  assert.deepEqual([calls(), lease.gate.isOpen], [['recover names', 'renewed'], false]);
  recovery.resolve();
  await tick(0);
  assert.ok(lease.gate.isOpen);
});

test('WORLD-291 the end of the lease waits for a renewal that is under way, and none follows', async () => {
  const { names, tick, answer, lease } = await opened();
  await tick(2_000);
  const left = lease.leave();
  await settle(new FakeClock(), 2);
  assert.deepEqual(names.ended, []);
  await answer(held());
  await left;
  assert.deepEqual(names.ended, ['a']);
  await tick(5_000);
  lease.meet('b');
  assert.equal(names.renewals.length, 0);
});
