import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

test('CONN-65 signing out is answered after all earlier requests and is shown as leaving; nothing more is delivered', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('login bob');
  const replies = new Map<string, (answer: string) => void>();
  const client = app.client(lineProtocol({ history: 0, replies }));
  await client.ask('login alice');
  assert.deepEqual(await client.ask('later x', 'say one', 'bye', 'say two', 'who'), []);
  assert.deepEqual(await bob.ask('who'), ['new 1 alice one', 'bob alice']);
  replies.get('x')?.('at last');
  await app.settle();
  assert.deepEqual(client.lines(), ['at last', 'ok', 'new 1 alice one', 'ok', 'no not-allowed', 'bob']);
  assert.deepEqual(await bob.ask('say hello', 'who'), ['left alice left', 'ok', 'bob', 'new 2 bob hello']);
  assert.deepEqual(client.lines(), []);
  assert.equal(client.closeKind(), null);
});

test('CONN-65 CONN-38 the connection stays for the next person, and each person gets only their own messages', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('login bob');
  const client = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await client.ask('login alice', 'login bob'), ['ok', 'no not-allowed']);
  await bob.ask('say for both');
  assert.deepEqual(await client.ask('bye', 'enter carol', 'who'), ['new 1 bob for both', 'ok', 'ok', 'bob carol']);
  await bob.ask('direct alice waits');
  assert.deepEqual(client.lines(), []);
  assert.deepEqual(await client.ask('bye', 'login alice'), ['ok', 'ok', 'new @bob 1 bob waits'].map(asBacklog));
});

/** The same line as part of a backlog. */
function asBacklog(line: string): string {
  return line.replace('new @bob 1', 'old @bob 1');
}

test('CONN-65 after signing out a silent connection is closed after 60 s, and a lost link leaves no person behind', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const silent = app.client(lineProtocol());
  await silent.ask('login alice', 'bye');
  await app.advance(59_999);
  assert.equal(silent.closeKind(), null);
  await app.advance(1);
  assert.equal(silent.closeKind(), 'timeout');
  const lost = app.client(lineProtocol());
  await lost.ask('login alice');
  lost.send('bye');
  await lost.drop();
  assert.deepEqual(app.world.people.visible, []);
  assert.equal(app.hub.size, 0);
});

test('CONN-65 signing out twice, or before a login, is refused', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const client = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await client.ask('bye', 'token', 'login alice', 'bye', 'bye'), [
    'no not-allowed',
    'no not-allowed',
    'ok',
    'ok',
    'no not-allowed',
  ]);
});

test('CONN-65 if one of two connections signs out, the other stays', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const [one, two, bob] = [0, 1, 2].map(() => app.client(lineProtocol({ history: 0 })));
  assert.ok(one && two && bob);
  await one.ask('login alice');
  await two.ask('login alice');
  await bob.ask('login bob');
  assert.deepEqual(await one.ask('bye'), ['ok']);
  assert.deepEqual(await bob.ask('say hello'), ['ok', 'new 1 bob hello']);
  assert.deepEqual([one.lines(), two.lines()], [[], ['new 1 bob hello']]);
});

test('CONN-43 CONN-65 messages that were not confirmed when their person signed out wait again', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('login bob');
  for (const [number, isConfirmed] of [[1, false] as const, [2, true] as const]) {
    const alice = app.client(lineProtocol({ history: 0 }));
    assert.deepEqual(await alice.ask('login alice'), ['ok']);
    if (!isConfirmed) alice.peer.ignoreProbes();
    bob.send(`say late ${number}`);
    assert.deepEqual(await alice.ask('bye'), [`new ${number} bob late ${number}`, 'ok']);
    assert.equal(alice.link.probes, 1);
    await alice.drop();
    const again = app.client(lineProtocol({ history: 0 }));
    assert.deepEqual(await again.ask('login alice'), isConfirmed ? ['ok'] : ['ok', `old ${number} bob late ${number}`]);
    await again.ask('who', 'bye');
    await again.drop();
  }
});

test('CONN-43 CONN-65 messages that had not left when their person signed out wait, also while another person is on the connection', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('login bob');
  const client = app.client(lineProtocol({ history: 0 }));
  await client.ask('login alice');
  client.peer.stopReading();
  await bob.ask('direct alice one');
  await client.ask('bye', 'enter carol');
  await client.waitForProof();
  const alice = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await alice.ask('login alice'), ['ok', 'old @bob 1 bob one']);
  await alice.drop();
  client.peer.resumeReading();
  assert.deepEqual(client.lines(), ['new @bob 1 bob one', 'ok', 'ok', 'left alice lost']);
  await client.waitForProof();
  assert.deepEqual(await app.client(lineProtocol({ history: 0 })).ask('login alice'), ['ok']);
});

test('CONN-21 signing out and in again gives no new budget', async () => {
  const app = await TestHub.open({ rates: { messages: { perSecond: 1, burst: 2 } } });
  await app.accounts('alice');
  const client = app.client(lineProtocol({ history: 0 }));
  await client.ask('login alice', 'say 1', 'say 2', 'bye');
  await client.ask('login alice');
  assert.deepEqual(await client.ask('say 3'), ['no too-fast']);
  await app.advance(1_000);
  assert.deepEqual(await client.ask('say 3'), ['ok', 'new 3 alice 3']);
});

test('CONN-66 T21 signing out revokes the tokens that were issued or accepted in that session, and no others', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const client = app.client(lineProtocol({ history: 0 }));
  const [, first = ''] = await client.ask('login alice', 'token');
  const next = app.client(lineProtocol({ history: 0 }));
  const [, second = '', third = ''] = await next.ask('login alice', 'token', 'token');
  const resumeAll = async (...tokens: readonly string[]) => {
    const probe = app.client(lineProtocol({ history: 0 }));
    const answers = [];
    for (const token of tokens) answers.push(...(await probe.ask(`resume alice ${token}`)));
    await probe.drop();
    return answers;
  };
  assert.deepEqual(await client.ask(`resume alice ${second}`), ['ok']);
  assert.deepEqual(await resumeAll(first, second, third), ['ok', 'ok', 'ok']);
  assert.deepEqual(await client.ask('bye'), ['ok']);
  assert.deepEqual(await resumeAll(first, second, third), ['no wrong-credentials', 'no wrong-credentials', 'ok']);
  assert.deepEqual(await client.ask(`resume alice ${third}`), ['ok']);
});

test('CONN-73 T21 a connection ends when the last token of its session is revoked, and not before', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const [phone, desktop, plain, both] = [0, 1, 2, 3].map(() => app.client(lineProtocol({ history: 0 })));
  assert.ok(phone && desktop && plain && both);
  const [, first = ''] = await phone.ask('login alice', 'token');
  const [, second = ''] = await desktop.ask('login alice', 'token');
  await plain.ask('login alice');
  const copied = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await copied.ask(`resume alice ${first}`), ['ok']);
  assert.deepEqual(await both.ask(`resume alice ${first}`, `resume alice ${second}`), ['ok', 'ok']);
  await phone.ask('bye');
  assert.deepEqual(copied.link.ended, { kind: 'removed', reason: 'the token has ended' });
  assert.deepEqual(
    [phone.closeKind(), desktop.closeKind(), plain.closeKind(), both.closeKind()],
    [null, null, null, null],
  );
  await desktop.ask('bye');
  assert.deepEqual([both.closeKind(), plain.closeKind()], ['removed', null]);
});

test('CONN-73 a token that expires, or is dropped because there are too many, ends no connection', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const [old, busy] = [0, 1].map(() => app.client(lineProtocol({ history: 0 })));
  assert.ok(old && busy);
  const [, first = ''] = await old.ask('login alice', 'token');
  await busy.ask('login alice');
  for (let tokens = 0; tokens < 100; tokens += 5) await busy.ask(...Array<string>(5).fill('token'));
  assert.deepEqual(await old.ask(`resume alice ${first}`), ['no wrong-credentials']);
  assert.equal(old.closeKind(), null);
  const [, last = ''] = await app.client(lineProtocol({ history: 0 })).ask('login alice', 'token');
  const idle = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await idle.ask(`resume alice ${last}`), ['ok']);
  app.clock.jump(15 * 86_400_000);
  await busy.ask('token');
  assert.deepEqual(await idle.ask(`resume alice ${last}`), ['no wrong-credentials']);
  assert.equal(idle.closeKind(), null);
});

test('CONN-71 WORLD-93 a new password also ends sessions that rest on a token', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const changer = app.client(lineProtocol({ history: 0 }));
  const [, token = ''] = await changer.ask('login alice', 'token');
  const resumed = app.client(lineProtocol({ history: 0 }));
  await resumed.ask(`resume alice ${token}`);
  assert.deepEqual(await changer.ask('password alice new'), ['ok']);
  assert.deepEqual(resumed.link.ended, { kind: 'removed', reason: 'the password was changed' });
  assert.equal(changer.closeKind(), null);
});

test('CONN-66 if a token cannot be revoked, the person stays logged in', async () => {
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
  const app = await TestHub.open({ storage, clock });
  await app.accounts('alice');
  const client = app.client(lineProtocol({ history: 0 }));
  const [, token = ''] = await client.ask('login alice', 'token');
  storage.failing = true;
  assert.deepEqual(await client.ask('bye'), ['no unavailable']);
  storage.failing = false;
  assert.deepEqual(await client.ask('who', 'bye'), ['alice', 'ok']);
  assert.deepEqual(await client.ask(`resume alice ${token}`), ['no wrong-credentials']);
});

test('CONN-38 T22 T23 a token logs its person in, and is refused while another person is logged in', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const alice = app.client(lineProtocol({ history: 0 }));
  const [, token = ''] = await alice.ask('login alice', 'token');
  const bob = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await bob.ask('login bob', `resume alice ${token}`), ['ok', 'no not-allowed']);
  const other = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await other.ask(`resume bob ${token}`, 'resume alice guess', 'who'), [
    'no wrong-credentials',
    'no wrong-credentials',
    'alice bob',
  ]);
  assert.deepEqual(await other.ask(`resume ALICE ${token}`, 'say hi'), ['ok', 'ok', 'new 1 alice hi']);
});
