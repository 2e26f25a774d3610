import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deletion } from '../../src/core/services/deletions.ts';
import type { Result } from '../../src/lib/result.ts';
import { TestHub } from '../../testing/hub.ts';
import { lineProtocol } from '../../testing/line-protocol.ts';
import { runParlance, startServerProcess } from '../../testing/server.ts';
import { TextClient } from '../../testing/text-client.ts';
import { untilSettled } from '../../testing/world.ts';

async function remove(app: TestHub, name: string, messages = false): Promise<void> {
  const result = await untilSettled(
    app.clock,
    new Promise<Result<Deletion, unknown>>((done) => void app.world.deletions.delete(name, messages, done)),
  );
  assert.ok(result.ok);
  await app.settle();
}

test('WORLD-121 WORLD-122 every connection of a deleted account ends, and others see it leave', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const clients = ['alice', 'alice', 'bob'].map(() => app.client(lineProtocol({ history: 0, rosterUpdates: true })));
  const [one, two, bob] = clients;
  assert.ok(one && two && bob);
  await one.ask('login alice');
  await two.ask('login alice');
  await bob.ask('login bob', 'contact alice');
  await app.advance(2_000);
  for (const client of clients) client.lines();
  await remove(app, 'alice');
  assert.deepEqual(bob.lines(), ['left alice left']);
  assert.deepEqual([one.closeKind(), two.closeKind(), bob.closeKind()], ['done', 'done', null]);
  await app.advance(2_000);
  assert.deepEqual(bob.lines(), ['people alice=offline-', 'groups lobby=bob']);
  assert.deepEqual(await bob.ask('direct alice hello', 'contact alice'), ['no not-found', 'no not-found']);
  const again = app.client(lineProtocol());
  assert.deepEqual(await again.ask('login alice', 'login nobody'), ['no wrong-credentials', 'no wrong-credentials']);
  assert.deepEqual(await again.ask('enter alice'), ['no name-taken']);
});

test('WORLD-121 CONN-54 in the lobby nobody is shown that a person from outside it was deleted', async () => {
  const app = await TestHub.open({ rules: { joinLobby: false } });
  await app.accounts('alice');
  const [guest, alice] = [app.client(lineProtocol()), app.client(lineProtocol({ rooms: 'all' }))];
  await guest.ask('enter bob');
  await alice.ask('login alice');
  await remove(app, 'alice');
  assert.deepEqual(guest.lines(), []);
  assert.equal(alice.closeKind(), 'done');
});

test('WORLD-123 deleted messages are deleted for everybody who is here, and do not wait for those who are away', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob', 'carol');
  const [alice, bob] = [app.client(lineProtocol()), app.client(lineProtocol())];
  await alice.ask('login alice');
  await bob.ask('login bob');
  await alice.ask('say secret', 'direct carol secret');
  assert.deepEqual(bob.lines(), ['new 1 alice secret']);
  await remove(app, 'alice', true);
  assert.deepEqual(bob.lines(), ['left alice left', 'deleted 1']);
  const carol = app.client(lineProtocol({ history: 0 }));
  assert.ok(!(await carol.ask('login carol')).join().includes('secret'));
});

test('SERVER-154 SERVER-155 the operator deletes an account; without a terminal nobody is asked', async (t) => {
  const server = await startServerProcess(t);
  const admin = (...args: string[]) =>
    runParlance(['admin', 'user', ...args, '--data', server.dataDir], {}, 'correct horse\n');
  assert.equal((await admin('create', 'alice', '--password-stdin')).code, 0);
  assert.equal((await admin('create', 'carol', '--password-stdin')).code, 0);
  const alice = await TextClient.open(server.url);
  assert.match((await alice.ask('c2/CONNECT alice; correct horse')) ?? '', /^c2\/ACKNOWLEDGE/);
  const bob = await TextClient.enter(server.url, 'bob');
  assert.equal(await alice.ask('c2/MSG 1; secret words'), 'c2/ACKNOWLEDGE');
  const id = (await bob.until('c2/MSG')).split('; ')[2] ?? '';
  const deleted = await admin('delete', 'ALICE', '--messages', '--yes');
  const text = 'alice has no account any more, and the name stays taken; 1 message is deleted\n';
  assert.deepEqual([deleted.code, deleted.stdout, deleted.stderr], [0, text, '']);
  assert.equal(await bob.until('c2/DISCONNECT'), 'c2/DISCONNECT disconnect; alice');
  assert.equal(await bob.until('c2/MSG'), `c2/MSG alice~; 1; ${id}; (deleted)`);
  await alice.closed();
  const again = await TextClient.open(server.url);
  const unknown = await again.ask('c2/CONNECT nobody; correct horse');
  assert.equal(await again.ask('c2/CONNECT alice; correct horse'), unknown);
  assert.match(unknown ?? '', /^c2\/ERROR/);
  const none = await admin('delete', 'nobody');
  assert.deepEqual([none.code, none.stdout, none.stderr], [1, '', 'parlance: nobody has no account\n']);
  const carol = await admin('delete', 'carol');
  const kept = 'carol has no account any more, and the name stays taken; what this person said stays, under carol~\n';
  assert.deepEqual([carol.code, carol.stdout], [0, kept]);
  assert.equal((await admin('list')).stdout, '0 accounts\n');
  assert.match((await admin('create', 'alice', '--password-stdin')).stderr, /taken/);
});
