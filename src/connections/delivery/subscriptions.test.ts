import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineClient, TestHub, type TestHubOptions } from '../../../testing/hub.ts';
import { type LineOptions, lineProtocol } from '../../../testing/line-protocol.ts';

/** The id of a message, counted over all rooms. */
const id = (count: number) => `00000000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;

/** An app with accounts for alice, bob and carol. */
async function open(options: TestHubOptions = {}) {
  const app = await TestHub.open(options);
  await app.accounts('alice', 'bob', 'carol');
  /** A client that has logged in, by a protocol with these options, and has read its backlog. */
  const login = async (name: string, adapter: LineOptions = {}): Promise<LineClient> => {
    const client = app.client(lineProtocol({ history: 0, ...adapter }));
    assert.equal((await client.ask(`login ${name}`))[0], 'ok');
    return client;
  };
  return { app, login };
}

test('CONN-40 a person’s message is delivered on all their connections, or not on the one that sent it', async () => {
  const { login } = await open();
  const all = await login('alice');
  const others = await login('alice', { ownMessages: 'others' });
  const bob = await login('bob');
  assert.deepEqual(await others.ask('say here'), ['ok']);
  assert.deepEqual([all.lines(), bob.lines()], [['new 1 alice here'], ['new 1 alice here']]);
  assert.deepEqual(await all.ask('say there'), ['ok', 'new 2 alice there']);
  assert.deepEqual([others.lines(), bob.lines()], [['new 2 alice there'], ['new 2 alice there']]);
});

test('CONN-40 an edit or a deletion counts as sent on the connection that made it, wherever the original was sent', async () => {
  const { login } = await open();
  const first = await login('alice', { ownMessages: 'others' });
  const second = await login('alice', { ownMessages: 'others' });
  await first.ask('say original');
  second.lines();
  assert.deepEqual(await second.ask(`edit ${id(1)} changed`), ['ok']);
  assert.deepEqual(first.lines(), ['edited 1 changed']);
  assert.deepEqual(await first.ask(`delete ${id(1)}`), ['ok']);
  assert.deepEqual(second.lines(), ['deleted 1']);
});

test('CONN-40 a person’s own directs have a separate choice: all, others or none', async () => {
  const { login } = await open();
  const options: LineOptions[] = [
    { direct: 'all', ownMessages: 'others' },
    { direct: 'others' },
    { direct: 'none' },
    { direct: null },
  ];
  const [all, others, none, noDirects] = await Promise.all([
    login('alice', options[0]),
    login('alice', options[1]),
    login('alice', options[2]),
    login('alice', options[3]),
  ]);
  const bob = await login('bob');
  const received = () => [all, others, none, noDirects].map((client) => client.lines());
  assert.deepEqual(await all.ask('direct bob one'), ['ok', 'new @bob 1 alice one']);
  assert.deepEqual(received(), [[], ['new @bob 1 alice one'], [], []]);
  assert.deepEqual(await others.ask('direct bob two'), ['ok']);
  assert.deepEqual(received(), [['new @bob 2 alice two'], [], [], []]);
  assert.deepEqual(await none.ask('direct bob three'), ['ok']);
  assert.deepEqual(received(), [['new @bob 3 alice three'], ['new @bob 3 alice three'], [], []]);
  bob.lines();
  await bob.ask('direct alice four');
  assert.deepEqual(received(), [['new @bob 4 bob four'], ['new @bob 4 bob four'], ['new @bob 4 bob four'], []]);
});

test('CONN-40 a connection remembers a thousand messages as its own', async () => {
  const { app, login } = await open();
  const alice = await login('alice', { ownMessages: 'others' });
  for (let index = 0; index < 20; index++) {
    const lines = await alice.ask(...Array.from({ length: 60 }, () => 'say x'));
    assert.deepEqual(new Set(lines), new Set(['ok']));
  }
  assert.equal(app.world.rooms.head(app.world.lobby).number, 1_200);
});

test('CONN-41 a person who leaves on one of several connections gets the farewell there, once, and nowhere else', async () => {
  const { login } = await open();
  const [first, second, bob] = [await login('alice'), await login('alice', { name: 'other' }), await login('bob')];
  assert.deepEqual(await first.ask('leave'), ['left alice left']);
  assert.equal(first.closeKind(), 'done');
  assert.deepEqual([second.lines(), bob.lines()], [[], []]);
  assert.deepEqual(await second.ask('leave'), ['left alice left']);
  assert.deepEqual(bob.lines(), ['left alice left']);
});

test('CONN-41 a person who is removed gets the farewell on every connection, once', async () => {
  const { app, login } = await open();
  const [first, second, bob] = [await login('alice'), await login('alice', { rooms: 'all' }), await login('bob')];
  app.world.moderation.ban({ type: 'operator' }, 'alice', 'spam', null, () => {});
  await app.settle();
  for (const client of [first, second]) {
    assert.deepEqual(client.lines(), ['left alice removed']);
    assert.equal(client.closeKind(), 'removed');
  }
  assert.deepEqual(bob.lines(), ['left alice removed']);
});

test('CONN-41 others see a person who becomes invisible leave; the own connections do not', async () => {
  const { login } = await open();
  const [alice, bob] = [await login('alice'), await login('bob')];
  assert.deepEqual(await alice.ask('status Offline'), ['ok']);
  assert.deepEqual(bob.lines(), ['left alice left']);
  assert.equal(alice.closeKind(), null);
  assert.deepEqual(await bob.ask('who'), ['bob']);
});

test('CONN-42 if a change is a message of its own, only connections that delivered the original get it', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  const first = await login('alice', { showsChangesAsMessages: true });
  const documents = await login('carol', { name: 'documents' });
  await bob.ask('say one');
  await first.waitForProof();
  const second = await login('alice', { showsChangesAsMessages: true });
  await bob.ask('say two', `edit ${id(1)} uno`, `edit ${id(2)} due`);
  assert.deepEqual(first.lines(), ['new 1 bob one', 'new 2 bob two', 'edited 1 uno', 'edited 2 due']);
  assert.deepEqual(second.lines(), ['new 2 bob two', 'edited 2 due']);
  assert.deepEqual(documents.lines(), ['new 1 bob one', 'new 2 bob two', 'edited 1 uno', 'edited 2 due']);
  await bob.ask(`delete ${id(1)}`, `delete ${id(2)}`);
  assert.deepEqual([first.lines(), second.lines()], [['deleted 1', 'deleted 2'], ['deleted 2']]);
  assert.equal(app.hub.size, 4);
});

test('CONN-42 changes of a message that was left out because of a block are never delivered', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  const alice = await login('alice', { showsChangesAsMessages: true });
  await alice.ask('block bob');
  await bob.ask('say one');
  await alice.ask('unblock bob');
  await bob.ask('say two', `edit ${id(1)} uno`, `edit ${id(2)} due`, `delete ${id(1)}`);
  assert.deepEqual(alice.lines(), ['new 2 bob two', 'edited 2 due']);
  await alice.waitForProof();
  await alice.ask('block bob');
  await alice.drop();
  const carol = await login('carol', { showsChangesAsMessages: true });
  await carol.ask('say three');
  await bob.ask('say four');
  await carol.ask('say five');
  const again = await login('alice', { showsChangesAsMessages: true });
  assert.deepEqual(await again.ask('unblock bob'), ['ok'], 'the rest came at the login');
  bob.send(`edit ${id(4)} quattro`);
  carol.send(`edit ${id(3)} tre`, `edit ${id(5)} cinque`);
  await app.settle();
  assert.deepEqual(again.lines().toSorted(), ['edited 3 tre', 'edited 5 cinque']);
});

test('CONN-92 changes of a message are delivered on the connection that said it, if another one makes them', async () => {
  const { app, login } = await open();
  const first = await login('bob', { showsChangesAsMessages: true, ownMessages: 'others' });
  const second = await login('bob', { showsChangesAsMessages: true, ownMessages: 'others' });
  await first.ask('say one');
  const answers = await second.ask('say two', `edit ${id(1)} uno`, `edit ${id(2)} due`);
  assert.deepEqual(answers, ['new 1 bob one', 'ok', 'ok', 'ok']);
  assert.deepEqual(first.lines(), ['new 2 bob two', 'edited 1 uno', 'edited 2 due']);
  await first.ask(`delete ${id(2)}`);
  assert.deepEqual(second.lines(), ['deleted 2']);
  await second.ask(`edit ${id(1)} eins`);
  assert.deepEqual(first.lines(), ['edited 1 eins']);
  await first.ask(`edit ${id(1)} een`);
  assert.deepEqual([first.lines(), second.lines()], [[], ['edited 1 een']]);
  app.world.messages.delete({ type: 'operator' }, id(1), () => {});
  await app.settle();
  assert.deepEqual([first.lines(), second.lines()], [['deleted 1'], ['deleted 1']]);
});

test('CONN-92 changes of a direct message too, unless the protocol shows nothing of the person’s own', async () => {
  const { login } = await open();
  await login('alice');
  for (const [direct, seen] of [
    ['others', true],
    ['changes', true],
    ['none', false],
  ] as const) {
    const first = await login('bob', { showsChangesAsMessages: true, direct });
    const second = await login('bob', { showsChangesAsMessages: true, direct });
    await first.ask('direct alice hello');
    const number = ['others', 'changes', 'none'].indexOf(direct) + 1;
    second.lines();
    assert.deepEqual(await second.ask(`edit ${id(number)} bye`), ['ok']);
    assert.deepEqual(first.lines(), seen ? [`edited @alice ${number} bye`] : [], direct);
    await first.ask(`edit ${id(number)} hi`);
    assert.deepEqual(second.lines(), direct === 'others' ? [`edited @alice ${number} hi`] : [], direct);
    for (const client of [first, second]) await client.drop();
  }
});

test('CONN-42 messages of the backlog or the history count as delivered', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  const gone = await login('alice', { showsChangesAsMessages: true });
  await bob.ask('say one', 'say two');
  await gone.waitForProof();
  await gone.drop();
  await bob.ask('say three', 'direct alice private');
  const alice = await login('alice', { showsChangesAsMessages: true });
  const guest = app.client(lineProtocol({ showsChangesAsMessages: true, history: 2 }));
  await guest.ask('enter guest');
  bob.lines();
  await bob.ask(`edit ${id(1)} 1`, `edit ${id(2)} 2`, `edit ${id(3)} 3`, `edit ${id(4)} 4`);
  assert.deepEqual(alice.lines(), ['edited 3 3', 'edited @bob 1 4']);
  assert.deepEqual(guest.lines(), ['edited 2 2', 'edited 3 3']);
});

test('CONN-45 the backlog comes oldest first over all rooms, as it is now, and then what is new', async () => {
  const { app, login } = await open();
  const [bob, carol] = [await login('bob', { rooms: 'all' }), await login('carol')];
  const before = await login('alice', { rooms: 'all' });
  await bob.ask('create den');
  await before.ask('join den');
  await before.waitForProof();
  await before.drop();
  for (const line of ['group den 1', 'direct alice 2', 'say 3']) {
    await bob.ask(line);
    app.clock.advance(1);
  }
  await carol.ask('direct alice 4', 'say 5', 'direct alice 6');
  await bob.ask('group den 7', `edit ${id(1)} one`);
  const alice = app.client(lineProtocol({ history: 0, rooms: 'all' }));
  alice.send('login alice');
  await app.settle();
  assert.deepEqual(alice.lines(), [
    'ok',
    'old #den 1 bob one',
    'old @bob 1 bob 2',
    'old 1 bob 3',
    'old @carol 1 carol 4',
    'old 2 carol 5',
    'old @carol 2 carol 6',
    'old #den 2 bob 7',
  ]);
  await bob.ask('group den 8');
  assert.deepEqual(alice.lines(), ['new #den 3 bob 8']);
});

test('CONN-45 within a room the order is that of the numbers, also if the clock goes back', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  await bob.ask('say 1');
  app.clock.jump(-10_000);
  await bob.ask('say 2', 'direct alice a');
  app.clock.jump(-10_000);
  await bob.ask('say 3', 'direct alice b');
  const alice = app.client(lineProtocol({ history: 0 }));
  const lines = await alice.ask('login alice');
  assert.deepEqual(
    lines.filter((line) => line.startsWith('old @')),
    ['old @bob 1 bob a', 'old @bob 2 bob b'],
  );
  assert.deepEqual(
    lines.filter((line) => /^old \d/.test(line)),
    ['old 1 bob 1', 'old 2 bob 2', 'old 3 bob 3'],
  );
});

test('CONN-44 a backlog has a limited number of messages over all rooms, the last ones', async () => {
  const { app, login } = await open({ hub: { backlog: { messages: 5, days: 30 } } });
  const bob = await login('bob');
  for (let index = 1; index <= 4; index++) {
    await bob.ask(`say ${index}`, `direct alice ${index}`);
    app.clock.advance(1);
  }
  const alice = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await alice.ask('login alice'), [
    'ok',
    'old @bob 2 bob 2',
    'old 3 bob 3',
    'old @bob 3 bob 3',
    'old 4 bob 4',
    'old @bob 4 bob 4',
  ]);
});

test('CONN-44 a backlog has no messages older than its limit; the history of the lobby is delivered however old', async () => {
  const { app, login } = await open({ hub: { backlog: { messages: 1_000, days: 2 } } });
  const bob = await login('bob');
  await bob.ask('say old', 'direct alice old');
  app.clock.suspend(86_400_000);
  await bob.ask('say newer', 'direct alice newer');
  app.clock.suspend(86_400_000);
  const exactly = app.client(lineProtocol({ history: 0 }));
  exactly.peer.ignoreProbes();
  assert.deepEqual(await exactly.ask('login alice'), [
    'ok',
    'old 1 bob old',
    'old @bob 1 bob old',
    'old 2 bob newer',
    'old @bob 2 bob newer',
  ]);
  await exactly.drop();
  app.clock.suspend(1);
  const later = app.client(lineProtocol({ history: 0 }));
  later.peer.ignoreProbes();
  assert.deepEqual(await later.ask('login alice'), ['ok', 'old 2 bob newer', 'old @bob 2 bob newer']);
  await later.drop();
  const history = app.client(lineProtocol({ history: 50 }));
  assert.deepEqual(await history.ask('login alice'), [
    'ok',
    'old 1 bob old',
    'old 2 bob newer',
    'old @bob 2 bob newer',
  ]);
});

test('CONN-44 messages from before a join are not in the backlog', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  await bob.ask('create den', 'group den before');
  const alice = await login('alice', { rooms: 'all' });
  await alice.ask('join den');
  await bob.ask('group den after');
  assert.deepEqual(alice.lines(), ['new #den 2 bob after']);
  await alice.drop();
  assert.deepEqual(await app.client(lineProtocol({ history: 0, rooms: 'all' })).ask('login alice'), [
    'ok',
    'old #den 2 bob after',
  ]);
});

test('CONN-43 a message counts as delivered at the first sign of life after it has left, and not before', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  const again = async () => {
    const client = app.client(lineProtocol({ history: 0 }));
    const lines = await client.ask('login alice');
    return { client, waiting: lines.slice(1) };
  };
  const { client: lost } = await again();
  await bob.ask('say one', 'direct alice two');
  await lost.drop();
  const { client: stalled, waiting } = await again();
  assert.deepEqual(waiting, ['old 1 bob one', 'old @bob 1 bob two'], 'the last seconds repeat');
  await stalled.waitForProof();
  stalled.peer.stopReading();
  await bob.ask('say three');
  await stalled.waitForProof();
  await stalled.drop();
  const { client: read, waiting: unread } = await again();
  assert.deepEqual(unread, ['old 2 bob three'], 'it had not left, and delivered messages do not come again');
  await read.waitForProof();
  await read.drop();
  assert.deepEqual((await again()).waiting, [], 'after a clean end nothing repeats');
});

test('CONN-72 CONN-56 a backlog counts as delivered after a short session; guests and people without a backlog are not probed', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  await bob.ask('say one', 'direct alice two');
  const short = app.client(lineProtocol({ history: 0 }));
  const unread = app.client(lineProtocol({ history: 0 }));
  unread.peer.stopReading();
  await unread.ask('login alice');
  assert.equal(unread.link.probes, 1);
  await unread.drop();
  assert.deepEqual(await short.ask('login alice'), ['ok', 'old 1 bob one', 'old @bob 1 bob two']);
  assert.equal(short.link.probes, 1);
  await short.drop();
  const again = app.client(lineProtocol({ history: 0 }));
  const guest = app.client(lineProtocol({ history: 50 }));
  assert.deepEqual(await again.ask('login alice'), ['ok']);
  assert.deepEqual(await guest.ask('enter eve'), ['ok', 'old 1 bob one']);
  assert.deepEqual([again.link.probes, guest.link.probes], [0, 0]);
});

test('CONN-43 the answer to a later probe proves delivery; requests, a half-close and other answers do not', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  let number = 0;
  for (const sign of ['request', 'half-close', 'earlier probe', 'later probe'] as const) {
    const alice = await login('alice');
    await alice.waitForProof();
    alice.peer.holdProbes();
    if (sign === 'earlier probe') app.hub.probe(app.world.people.find('alice')?.id ?? 0, () => {});
    await bob.ask(`say ${sign}`);
    if (sign === 'request') assert.deepEqual(await alice.ask('who'), [`new ${++number} bob ${sign}`, 'bob alice']);
    else number++;
    if (sign === 'later probe') app.clock.advance(2_000);
    alice.peer.answerProbes();
    if (sign === 'half-close') alice.peer.halfClose();
    await app.settle();
    await alice.drop();
    const again = app.client(lineProtocol({ history: 0 }));
    const waiting = sign === 'later probe' ? [] : [`old ${number} bob ${sign}`];
    assert.deepEqual(await again.ask('login alice'), ['ok', ...waiting], sign);
    await again.ask('leave');
  }
});

test('CONN-43 leaving on purpose proves messages that have left, and none that a closing link refused', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  for (const isEnded of [false, true]) {
    const alice = await login('alice');
    bob.send('say late');
    alice.send('leave');
    if (isEnded) {
      alice.peer.stopReading();
      alice.link.end('timeout', 'nothing was heard');
    }
    await app.settle();
    await app.advance(2_000);
    const again = app.client(lineProtocol({ history: 0 }));
    assert.deepEqual(await again.ask('login alice'), isEnded ? ['ok', 'old 2 bob late'] : ['ok']);
    await again.ask('leave');
  }
});

test('CONN-43 a message that a connection hides counts as delivered', async () => {
  const { app, login } = await open();
  const alice = await login('alice', { ownMessages: 'others' });
  await alice.ask('say mine');
  await alice.waitForProof();
  await alice.drop();
  assert.deepEqual(await app.client(lineProtocol({ history: 0, ownMessages: 'others' })).ask('login alice'), ['ok']);
});

test('CONN-43 CONN-56 messages that a guest got before registering are not in the backlog', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  const dora = app.client(lineProtocol({ history: 0 }));
  await dora.ask('enter dora');
  await bob.ask('direct dora one', 'say two');
  assert.deepEqual(await dora.ask('register dora'), ['new @bob 1 bob one', 'new 1 bob two', 'ok']);
  await dora.waitForProof();
  await dora.drop();
  await bob.ask('direct dora three');
  assert.deepEqual(await app.client(lineProtocol({ history: 0 })).ask('login dora'), ['ok', 'old @bob 2 bob three']);
});

test('CONN-43 messages of a room that a connection does not deliver wait for one that does', async () => {
  const { app, login } = await open();
  const bob = await login('bob');
  await bob.ask('create den');
  const tagged = await login('alice', { rooms: 'all' });
  await tagged.ask('join den');
  await tagged.drop();
  const lobby = await login('alice', { direct: null });
  await bob.ask('group den hello', 'direct alice hello', 'say hello');
  assert.deepEqual(await lobby.ask('who'), ['new 1 bob hello', 'bob alice']);
  await lobby.waitForProof();
  await lobby.drop();
  assert.deepEqual((await app.client(lineProtocol({ history: 0, rooms: 'all' })).ask('login alice')).slice(1), [
    'old #den 1 bob hello',
    'old @bob 1 bob hello',
  ]);
});

test('CONN-48 an account that logs in by a protocol for the lobby alone becomes a member of the lobby', async () => {
  const app = await TestHub.open({ rules: { joinLobby: false } });
  await app.accounts('alice', 'bob');
  const { world } = app;
  const isMember = (name: string) => world.rooms.isIn(world.people.find(name)?.id ?? 0, world.lobby);
  const all = app.client(lineProtocol({ rooms: 'all' }));
  await all.ask('login alice');
  assert.equal(isMember('alice'), false);
  const lobby = app.client(lineProtocol());
  assert.deepEqual(await lobby.ask('login bob', 'say hello', 'who'), ['ok', 'ok', 'bob', 'new 1 bob hello']);
  assert.equal(isMember('bob'), true);
  assert.deepEqual(all.lines(), []);
  const second = app.client(lineProtocol({ history: 0 }));
  await second.ask('login alice');
  assert.equal(isMember('alice'), true);
  await lobby.ask('say again');
  assert.deepEqual([all.lines(), second.lines()], [['new 2 bob again'], ['new 2 bob again']]);
});

test('CONN-54 nobody is shown that a person outside the lobby enters or leaves', async () => {
  const app = await TestHub.open({ rules: { joinLobby: false } });
  await app.accounts('alice');
  const [guest, alice] = [app.client(lineProtocol()), app.client(lineProtocol({ rooms: 'all' }))];
  await guest.ask('enter bob');
  await alice.ask('login alice');
  await alice.ask('leave');
  assert.deepEqual(guest.lines(), []);
  const again = app.client(lineProtocol());
  await again.ask('login alice');
  await again.ask('leave');
  assert.deepEqual(guest.lines(), ['left alice left']);
});

test('CONN-10 a person with two protocols gets each message once on each connection', async () => {
  const { login } = await open();
  const one = await login('alice');
  const two = await login('alice', { name: 'other', rooms: 'all' });
  const bob = await login('bob');
  await bob.ask('say 1', 'direct alice 2', 'say 3');
  const expected = ['new 1 bob 1', 'new @bob 1 bob 2', 'new 2 bob 3'];
  assert.deepEqual([one.lines().toSorted(), two.lines().toSorted()], [expected.toSorted(), expected.toSorted()]);
  assert.deepEqual(await one.ask('say 4', 'direct bob 5'), ['ok', 'ok', 'new 3 alice 4', 'new @bob 2 alice 5']);
  assert.deepEqual(two.lines(), ['new 3 alice 4', 'new @bob 2 alice 5']);
});
