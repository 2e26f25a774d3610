import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestHub } from '../../testing/hub.ts';
import { lineProtocol } from '../../testing/line-protocol.ts';

test('CONN-68 from the request on that changes the encoding, answers and events use the new one', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const bob = app.client(lineProtocol({ history: 0 }));
  const carol = app.client(lineProtocol({ history: 0 }));
  await carol.ask('enter carol');
  const alice = app.client(lineProtocol({ history: 0 }));
  await alice.ask('login alice');
  assert.deepEqual(await bob.ask('enter bob', 'say one', 'direct alice a'), [
    'ok',
    'ok',
    'new 1 bob one',
    'ok',
    'new @alice 1 bob a',
  ]);
  assert.deepEqual(await bob.ask('who', '[say two]', 'who', 'direct alice b'), [
    'carol alice bob',
    '[ok]',
    '[carol alice bob]',
    '[ok]',
    '[new 2 bob two]',
    '[new @alice 2 bob b]',
  ]);
  assert.deepEqual(carol.lines(), ['new 1 bob one', 'new 2 bob two']);
  await carol.ask('say three');
  assert.deepEqual(bob.lines(), ['[new 3 carol three]']);
  await bob.drop();
  assert.deepEqual(await carol.ask('who'), ['left bob lost', 'carol alice']);
});

test('CONN-68 an answer that was ready before the encoding changed, and waits for an earlier one, uses the new one', async () => {
  const app = await TestHub.open();
  const replies = new Map<string, (answer: string) => void>();
  const client = app.client(lineProtocol({ history: 0, replies }));
  await client.ask('enter alice');
  assert.deepEqual(await client.ask('later x', 'who', '[who]'), []);
  replies.get('x')?.('at last');
  await app.settle();
  assert.deepEqual(client.lines(), ['[at last]', '[alice]', '[alice]']);
});

test('CONN-68 the backlog that was not sent when the encoding changes is sent in the new one', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('login bob');
  for (let count = 0; count < 40; count++) await bob.ask(`say ${'x'.repeat(10_000)}`, 'direct alice y');
  const alice = app.client(lineProtocol({ history: 0 }));
  alice.peer.stopReading();
  await alice.ask('login alice');
  await alice.ask('[who]');
  alice.peer.resumeReading();
  await app.settle();
  const lines = alice.lines();
  const changed = lines.indexOf('[bob alice]');
  assert.ok(changed > 40 && changed < 70, `${changed}`);
  assert.equal(lines.length, 2 + 2 * 40);
  assert.deepEqual(
    lines.map((line) => line.startsWith('[')),
    lines.map((_, index) => index >= changed),
  );
});

test('CONN-68 a deferred event is encoded when it is sent', async () => {
  const app = await TestHub.open();
  const replies = new Map<string, (answer: string) => void>();
  const client = app.client(lineProtocol({ history: 0, replies }));
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('enter bob');
  await client.ask('enter alice', 'later x', 'who');
  await bob.ask('say one', 'rename bobby', 'say two');
  assert.deepEqual(await client.ask('[who]'), []);
  replies.get('x')?.('at last');
  await app.settle();
  assert.deepEqual(client.lines(), [
    '[at last]',
    '[bob alice]',
    '[bobby alice]',
    '[new 1 bob one]',
    '[renamed bob bobby]',
    '[new 2 bobby two]',
  ]);
});
