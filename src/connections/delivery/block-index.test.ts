import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type LineClient, TestHub } from '../../../testing/hub.ts';
import { countingIds } from '../../../testing/ids.ts';
import { type LineOptions, lineProtocol, type ManualReplies } from '../../../testing/line-protocol.ts';
import { RefusingStorage } from '../../../testing/storage/refusing.ts';
import { TestWorld } from '../../../testing/world.ts';
import type { LoginResult } from '../../core/world.ts';

const id = (count: number) => `00000000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;

/** An app with accounts for alice, bob and carol. */
async function open() {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob', 'carol');
  const login = async (name: string, adapter: LineOptions = {}): Promise<LineClient> => {
    const client = app.client(lineProtocol({ history: 0, ...adapter }));
    assert.equal((await client.ask(`login ${name}`))[0], 'ok');
    return client;
  };
  return { app, login };
}

test('CONN-40 T28 messages and edits of a blocked person are delivered on no connection of the person who blocks, those of others are', async () => {
  const { login } = await open();
  const [one, two] = [await login('alice'), await login('alice', { name: 'other', rooms: 'all' })];
  const [bob, carol] = [await login('bob'), await login('carol')];
  await bob.ask('say before');
  one.lines();
  two.lines();
  assert.deepEqual(await one.ask('block bob'), ['ok']);
  await bob.ask('say hidden', `edit ${id(1)} changed`, `delete ${id(2)}`);
  await carol.ask('say seen');
  for (const client of [one, two]) assert.deepEqual(client.lines(), ['new 3 carol seen']);
  assert.deepEqual(await one.ask('unblock bob'), ['ok']);
  await bob.ask('say again');
  for (const client of [one, two]) assert.deepEqual(client.lines(), ['new 4 bob again']);
});

test('CONN-40 in one batch only the messages of a blocked person are left out', async () => {
  const { app, login } = await open();
  const [alice, bob, carol] = [await login('alice'), await login('bob'), await login('carol')];
  await alice.ask('block bob');
  bob.send('say 1', 'say 2');
  carol.send('say 3');
  bob.send('say 4', 'rename x');
  await app.settle();
  const received = alice.lines();
  assert.deepEqual(received, ['new 3 carol 3']);
  assert.deepEqual(
    carol.lines().filter((line) => line.startsWith('new')),
    ['new 1 bob 1', 'new 2 bob 2', 'new 3 carol 3', 'new 4 bob 4'],
  );
  await carol.ask('say 5');
  assert.deepEqual(alice.lines(), ['new 5 carol 5'], 'the connection is not behind because of what was left out');
});

test('CONN-40 messages of a blocked person are neither in the backlog nor in the history, until the block ends', async () => {
  const { app, login } = await open();
  const [alice, bob, carol] = [await login('alice'), await login('bob'), await login('carol')];
  await alice.ask('block bob');
  await alice.drop();
  await bob.ask('say 1');
  await carol.ask('say 2');
  const again = app.client(lineProtocol({ history: 50 }));
  assert.deepEqual(await again.ask('login alice'), ['ok', 'old 2 carol 2']);
  await again.ask('unblock bob');
  await again.drop();
  const third = app.client(lineProtocol({ history: 50 }));
  assert.deepEqual(await third.ask('login alice'), ['ok', 'old 1 bob 1', 'old 2 carol 2']);
});

test('CONN-40 a direct to a person who blocks its author is stored and delivered to its author alone, for good', async () => {
  const { app, login } = await open();
  const [alice, bob] = [await login('alice'), await login('bob')];
  await bob.ask('direct alice before');
  alice.lines();
  await alice.waitForProof();
  await alice.ask('block bob');
  assert.deepEqual(await bob.ask('direct alice withheld'), ['stored', 'new @alice 2 bob withheld']);
  await bob.ask(`edit ${id(2)} changed`);
  assert.deepEqual(alice.lines(), []);
  assert.deepEqual(await alice.ask('history bob'), ['']);
  await alice.ask('unblock bob');
  assert.deepEqual(await alice.ask('history bob'), ['before'], 'withheld messages stay withheld after the block');
  await bob.ask('direct alice after', 'history alice');
  assert.deepEqual(alice.lines(), ['new @bob 3 bob after']);
  await alice.drop();
  assert.deepEqual(await app.client(lineProtocol({ history: 0 })).ask('login alice'), ['ok', 'old @bob 3 bob after']);
});

test('CONN-40 an earlier block applies to a later connection, and no longer once that is closed', async () => {
  const { app, login } = await open();
  await (await login('alice')).ask('block bob', 'leave');
  const bob = await login('bob');
  const alice = await login('alice');
  await bob.ask('say hidden');
  assert.deepEqual(alice.lines(), []);
  await alice.ask('leave');
  await bob.ask('say on');
  assert.deepEqual(bob.lines(), []);
  assert.equal(app.hub.size, 1);
});

test('CONN-40 catching up leaves out the same messages', async () => {
  const { app, login } = await open();
  const replies: ManualReplies = new Map();
  const [alice, bob, carol] = [await login('alice', { replies }), await login('bob'), await login('carol')];
  await alice.ask('block bob');
  assert.deepEqual(await alice.ask('later x', 'who'), []);
  await bob.ask('say hidden');
  await carol.ask('say seen');
  replies.get('x')?.('x');
  await app.settle();
  assert.deepEqual(alice.lines(), ['x', 'alice bob carol', 'new 2 carol seen']);
});

test('CONN-110 blocks and contacts that another node set hold once the person is read again', async () => {
  const storage = new RefusingStorage(new FakeClock());
  const app = await TestHub.open({ storage });
  await app.accounts('alice', 'bob');
  const adapter = lineProtocol({ history: 0, rosterUpdates: true });
  const [alice, bob] = [app.client(adapter), app.client(adapter)];
  await alice.ask('login alice');
  await bob.ask('login bob');
  const other = await TestWorld.open({ storage, ids: countingIds(2) });
  const password = { type: 'plain', value: 'alice' } as const;
  const { id: person } = await other.must<LoginResult>((world, done) => world.login('alice', password, done));
  for (const kind of ['contact', 'block'] as const)
    await other.must((world, done) => world.relationships.set(kind, person, 'bob', true, done));
  await bob.ask('say seen');
  await app.advance(1_000);
  alice.lines();
  storage.refuses = true;
  assert.deepEqual(await alice.ask('contact bob'), ['no unavailable']);
  storage.refuses = false;
  await app.advance(2_000);
  await app.advance(1_000);
  assert.deepEqual(alice.lines(), ['people bob=online+']);
  await bob.ask('say hidden');
  assert.deepEqual(alice.lines(), []);
});
