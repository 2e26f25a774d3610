import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../../testing/clock.ts';
import { type LineClient, TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

/** An app with a group `den` of bob's, and alice; both subscribe to all their rooms. */
async function open() {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const login = async (name: string): Promise<LineClient> => {
    const client = app.client(lineProtocol({ history: 0, rooms: 'all' }));
    await client.ask(`login ${name}`);
    return client;
  };
  const [alice, bob] = [await login('alice'), await login('bob')];
  await bob.ask('create den', 'group den before');
  return { app, login, alice, bob };
}

test('CONN-49 T27 a person who joins a room gets what comes after the join; one who leaves gets nothing after the answer', async () => {
  const { app, alice, bob } = await open();
  assert.deepEqual(await alice.ask('group den x'), ['no not-member']);
  bob.send('group den 1');
  alice.send('join den');
  bob.send('group den 2');
  await app.settle();
  bob.lines();
  const joined = alice.lines();
  assert.equal(joined[0], 'ok');
  await bob.ask('group den 3');
  alice.send('part den', 'who');
  bob.send('group den 4');
  await app.settle();
  bob.send('group den 5');
  await app.settle();
  const lines = [...joined.slice(1), ...alice.lines()];
  const answered = lines.indexOf('ok');
  assert.deepEqual(
    lines.slice(answered).filter((line) => line.includes('#den')),
    [],
    lines.join(),
  );
  const before = lines.slice(0, answered);
  assert.ok(before.includes('new #den 4 bob 3'));
  assert.deepEqual(await alice.ask('join den'), ['ok']);
  await bob.ask('group den again');
  assert.deepEqual(alice.lines(), ['new #den 7 bob again'], 'messages of the time in between are not delivered');
});

test('CONN-49 joining and leaving applies to all connections of a person, whichever asked', async () => {
  const { login, alice, bob } = await open();
  const second = await login('alice');
  await second.ask('join den');
  await bob.ask('group den hello');
  assert.deepEqual([alice.lines(), second.lines()], [['new #den 2 bob hello'], ['new #den 2 bob hello']]);
  await alice.ask('part den');
  await bob.ask('group den secret');
  assert.deepEqual([alice.lines(), second.lines()], [[], []]);
});

test('CONN-49 joining and leaving in one batch ends outside the room, leaving and joining inside', async () => {
  const { app, login, alice, bob } = await open();
  const second = await login('alice');
  alice.send('join den');
  second.send('part den');
  await app.settle();
  const outcome = [...alice.lines(), ...second.lines()];
  await bob.ask('group den 1');
  const isIn = outcome.includes('no not-member');
  assert.deepEqual(alice.lines(), isIn ? ['new #den 2 bob 1'] : []);
  if (!isIn) await alice.ask('join den');
  second.lines();
  alice.send('part den');
  second.send('join den');
  await app.settle();
  alice.lines();
  second.lines();
  await bob.ask('group den 2');
  assert.deepEqual(alice.lines(), second.lines());
});

test('CONN-49 a protocol for the lobby alone delivers no other room that its person joins', async () => {
  const { app, bob } = await open();
  await app.accounts('carol');
  const carol = app.client(lineProtocol({ history: 0 }));
  await carol.ask('login carol', 'join den');
  await bob.ask('group den hello', 'say hello', 'direct carol hello');
  assert.deepEqual(carol.lines(), ['new 1 bob hello', 'new @bob 1 bob hello']);
});

test('CONN-49 a direct begins on all connections of both people that deliver directs, and nowhere else', async () => {
  const { app, login, alice, bob } = await open();
  const second = await login('alice');
  const noDirects = app.client(lineProtocol({ history: 0, direct: null }));
  await noDirects.ask('login alice');
  await app.accounts('carol');
  const carol = await login('carol');
  assert.deepEqual(await bob.ask('direct alice one', 'direct alice two'), [
    'ok',
    'ok',
    'new @alice 1 bob one',
    'new @alice 2 bob two',
  ]);
  for (const client of [alice, second]) assert.deepEqual(client.lines(), ['new @bob 1 bob one', 'new @bob 2 bob two']);
  assert.deepEqual([noDirects.lines(), carol.lines()], [[], []]);
});

test('CONN-49 T27 in any order of events: nothing of a room after leaving, and everything once while a member', async () => {
  const action = fc.constantFrom('join', 'part', 'say', 'say', 'settle');
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 14 }), async (actions) => {
      const { app, alice, bob } = await open();
      let sent = 1;
      const lines: string[] = [];
      let isIn = false;
      let joinedAt = 1;
      for (const action of actions) {
        if (action === 'say') bob.send(`group den ${++sent}`);
        else if (action === 'settle') await app.settle();
        else {
          await app.settle();
          lines.push(...alice.lines());
          assert.deepEqual(lines, isIn ? numbered(joinedAt, sent) : []);
          lines.length = 0;
          const [answer] = await alice.ask(`${action} den`);
          assert.equal(answer, action === 'part' && !isIn ? 'no not-member' : 'ok');
          isIn = action === 'join';
          joinedAt = sent;
        }
      }
      await app.settle();
      assert.deepEqual(alice.lines(), isIn ? numbered(joinedAt, sent) : []);
    }),
    { numRuns: 60 },
  );
});

test('CONN-55 a room that no connection delivers is unpinned, the lobby is not; a person who comes back misses nothing', async () => {
  const { app, login, alice, bob } = await open();
  const { world } = app;
  const den = world.rooms.find('den') ?? 0;
  await alice.ask('join den');
  await bob.ask('group den hello');
  await bob.ask('leave');
  assert.ok(world.position(den) > 0, 'alice still delivers it');
  await alice.drop();
  assert.equal(world.position(den), 0);
  assert.ok(world.position(world.lobby) > 0);
  const again = app.client(lineProtocol({ history: 0, rooms: 'all' }));
  assert.deepEqual(await again.ask('login alice'), ['ok', 'old #den 2 bob hello']);
  await (await login('bob')).ask('group den again');
  assert.deepEqual(again.lines().at(-1), 'new #den 3 bob again');
});

/** The lines for the messages after number `after`, up to `last`. */
function numbered(after: number, last: number): string[] {
  return Array.from({ length: last - after }, (_, index) => `new #den ${after + index + 1} bob ${after + index + 1}`);
}

/** Memory storage whose pages of history wait for `before`. */
class SlowPages extends MemoryStorage {
  before: Promise<void> = Promise.resolve();

  override async page(...args: Parameters<MemoryStorage['page']>) {
    await this.before;
    return super.page(...args);
  }
}

test('CONN-45 CONN-49 a room that is joined while the backlog is still being loaded is delivered after the backlog', async () => {
  const clock = new FakeClock();
  const storage = new SlowPages(clock);
  const app = await TestHub.open({ clock, storage });
  await app.accounts('alice', 'bob');
  const [bob, other] = [app.client(lineProtocol({ history: 0 })), app.client(lineProtocol({ history: 0 }))];
  await bob.ask('login bob');
  await other.ask('login alice');
  await other.ask('leave');
  await bob.ask('create den', 'say waits');
  const gate = Promise.withResolvers<void>();
  storage.before = gate.promise;
  const [slow, quick] = [app.client(lineProtocol({ history: 0, rooms: 'all' })), app.client(lineProtocol())];
  await slow.ask('login alice');
  await quick.ask('login alice', 'join den');
  await bob.ask('group den live');
  assert.deepEqual(slow.lines(), []);
  gate.resolve();
  await app.settle();
  assert.deepEqual(slow.lines(), ['old 1 bob waits', 'new #den 1 bob live']);
});
