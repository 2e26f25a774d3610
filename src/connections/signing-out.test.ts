import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { TestHub } from '../../testing/hub.ts';
import { lineWire } from '../../testing/line-wire.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';

test('CONN-65 who signs out is answered after all that was asked before, is shown leaving, and is shown nothing more', async () => {
  const house = await TestHub.open();
  await house.accounts('alice', 'bob');
  const bob = house.client(lineWire({ history: 0 }));
  await bob.ask('login bob');
  const later = new Map<string, (answer: string) => void>();
  const client = house.client(lineWire({ history: 0, later }));
  await client.ask('login alice');
  assert.deepEqual(await client.ask('later x', 'say one', 'bye', 'say two', 'who'), []);
  assert.deepEqual(await bob.ask('who'), ['new 1 alice one', 'bob alice']);
  later.get('x')?.('at last');
  await house.settle();
  assert.deepEqual(client.lines(), ['at last', 'ok', 'new 1 alice one', 'ok', 'no not-allowed', 'bob']);
  assert.deepEqual(await bob.ask('say hello', 'who'), ['left alice left', 'ok', 'bob', 'new 2 bob hello']);
  assert.deepEqual(client.lines(), []);
  assert.equal(client.endedAs(), null);
});

test('CONN-65 CONN-38 the connection stays for the next person, and each sees what is for them alone', async () => {
  const house = await TestHub.open();
  await house.accounts('alice', 'bob');
  const bob = house.client(lineWire({ history: 0 }));
  await bob.ask('login bob');
  const client = house.client(lineWire({ history: 0 }));
  assert.deepEqual(await client.ask('login alice', 'login bob'), ['ok', 'no not-allowed']);
  await bob.ask('say for both');
  assert.deepEqual(await client.ask('bye', 'enter carol', 'who'), ['new 1 bob for both', 'ok', 'ok', 'bob carol']);
  await bob.ask('direct alice waits');
  assert.deepEqual(client.lines(), []);
  assert.deepEqual(await client.ask('bye', 'login alice'), ['ok', 'ok', 'new @bob 1 bob waits'].map(asWaiting));
});

/** What waited is shown as history is. */
function asWaiting(line: string): string {
  return line.replace('new @bob 1', 'old @bob 1');
}

test('CONN-65 whoever signs out and says nothing more is closed after 60 s, and nobody is left behind by a lost link', async () => {
  const house = await TestHub.open();
  await house.accounts('alice');
  const silent = house.client(lineWire());
  await silent.ask('login alice', 'bye');
  await house.advance(59_999);
  assert.equal(silent.endedAs(), null);
  await house.advance(1);
  assert.equal(silent.endedAs(), 'timeout');
  const lost = house.client(lineWire());
  await lost.ask('login alice');
  lost.send('bye');
  await lost.lose();
  assert.deepEqual(house.world.people.visible, []);
  assert.equal(house.hub.size, 0);
});

test('CONN-65 signing out twice, or as nobody, is refused', async () => {
  const house = await TestHub.open();
  await house.accounts('alice');
  const client = house.client(lineWire({ history: 0 }));
  assert.deepEqual(await client.ask('bye', 'token', 'login alice', 'bye', 'bye'), [
    'no not-allowed',
    'no not-allowed',
    'ok',
    'ok',
    'no not-allowed',
  ]);
});

test('CONN-65 one of two connections signs out, and the other stays', async () => {
  const house = await TestHub.open();
  await house.accounts('alice', 'bob');
  const [one, two, bob] = [0, 1, 2].map(() => house.client(lineWire({ history: 0 })));
  assert.ok(one && two && bob);
  await one.ask('login alice');
  await two.ask('login alice');
  await bob.ask('login bob');
  assert.deepEqual(await one.ask('bye'), ['ok']);
  assert.deepEqual(await bob.ask('say hello'), ['ok', 'new 1 bob hello']);
  assert.deepEqual([one.lines(), two.lines()], [[], ['new 1 bob hello']]);
});

test('CONN-43 CONN-65 what was sent and may not have been seen when its person signed out waits again', async () => {
  const house = await TestHub.open();
  await house.accounts('alice', 'bob');
  const bob = house.client(lineWire({ history: 0 }));
  await bob.ask('login bob');
  for (const [number, sign] of [[1, false] as const, [2, true] as const]) {
    const alice = house.client(lineWire({ history: 0 }));
    assert.deepEqual(await alice.ask('login alice'), ['ok']);
    if (!sign) alice.peer.hush();
    bob.send(`say late ${number}`);
    assert.deepEqual(await alice.ask('bye'), [`new ${number} bob late ${number}`, 'ok']);
    assert.equal(alice.link.probes, 1);
    await alice.lose();
    const again = house.client(lineWire({ history: 0 }));
    assert.deepEqual(await again.ask('login alice'), sign ? ['ok'] : ['ok', `old ${number} bob late ${number}`]);
    await again.ask('who', 'bye');
    await again.lose();
  }
});

test('CONN-43 CONN-65 what had not left when its person signed out waits, also while somebody else is on the connection', async () => {
  const house = await TestHub.open();
  await house.accounts('alice', 'bob');
  const bob = house.client(lineWire({ history: 0 }));
  await bob.ask('login bob');
  const client = house.client(lineWire({ history: 0 }));
  await client.ask('login alice');
  client.peer.stall();
  await bob.ask('direct alice one');
  await client.ask('bye', 'enter carol');
  await client.live();
  const alice = house.client(lineWire({ history: 0 }));
  assert.deepEqual(await alice.ask('login alice'), ['ok', 'old @bob 1 bob one']);
  await alice.lose();
  client.peer.flow();
  assert.deepEqual(client.lines(), ['new @bob 1 bob one', 'ok', 'ok', 'left alice lost']);
  await client.live();
  assert.deepEqual(await house.client(lineWire({ history: 0 })).ask('login alice'), ['ok']);
});

test('CONN-21 whoever signs out and in again has no new budget', async () => {
  const house = await TestHub.open({ rates: { messages: { perSecond: 1, burst: 2 } } });
  await house.accounts('alice');
  const client = house.client(lineWire({ history: 0 }));
  await client.ask('login alice', 'say 1', 'say 2', 'bye');
  await client.ask('login alice');
  assert.deepEqual(await client.ask('say 3'), ['no too-fast']);
  await house.advance(1_000);
  assert.deepEqual(await client.ask('say 3'), ['ok', 'new 3 alice 3']);
});

test('CONN-66 a token is good until its visit is signed out of, and no other ends with it', async () => {
  const house = await TestHub.open();
  await house.accounts('alice');
  const client = house.client(lineWire({ history: 0 }));
  const [, token = '', other = ''] = await client.ask('login alice', 'token', 'token');
  const next = house.client(lineWire({ history: 0 }));
  assert.deepEqual(await next.ask(`resume alice ${token}`, `resume alice ${token}`, 'who'), ['ok', 'ok', 'alice']);
  assert.deepEqual(await client.ask(`bye ${token} ${token}`), ['ok']);
  assert.deepEqual(await next.ask(`resume alice ${token}`, `resume alice ${other}`), ['no wrong-credentials', 'ok']);
});

test('CONN-66 where a token cannot be ended nobody signs out', async () => {
  class Failing extends MemoryStorage {
    failing = false;
    override async append(...batch: Parameters<MemoryStorage['append']>) {
      return this.failing
        ? batch[0].map(() => ({ type: 'unavailable', reason: 'x' }) as const)
        : super.append(...batch);
    }
  }
  const clock = new FakeClock();
  const storage = new Failing(clock);
  const house = await TestHub.open({ storage, clock });
  await house.accounts('alice');
  const client = house.client(lineWire({ history: 0 }));
  const [, token = ''] = await client.ask('login alice', 'token');
  storage.failing = true;
  assert.deepEqual(await client.ask(`bye ${token}`), ['no unavailable']);
  storage.failing = false;
  assert.deepEqual(await client.ask('who'), ['alice']);
});

test('CONN-38 T22 T23 a token makes a connection its person’s, and is refused where somebody else is', async () => {
  const house = await TestHub.open();
  await house.accounts('alice', 'bob');
  const alice = house.client(lineWire({ history: 0 }));
  const [, token = ''] = await alice.ask('login alice', 'token');
  const bob = house.client(lineWire({ history: 0 }));
  assert.deepEqual(await bob.ask('login bob', `resume alice ${token}`), ['ok', 'no not-allowed']);
  const stranger = house.client(lineWire({ history: 0 }));
  assert.deepEqual(await stranger.ask(`resume bob ${token}`, 'resume alice guess', 'who'), [
    'no wrong-credentials',
    'no wrong-credentials',
    'bob alice'.split(' ').toReversed().join(' '),
  ]);
  assert.deepEqual(await stranger.ask(`resume ALICE ${token}`, 'say hi'), ['ok', 'ok', 'new 1 alice hi']);
});
