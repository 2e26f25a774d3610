import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineClient, TestHub } from '../../../testing/hub.ts';
import { type LineOptions, lineProtocol } from '../../../testing/line-protocol.ts';

/** A house where alice and bob have accounts, and whoever logs in is told of others unless it is said otherwise. */
async function open() {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const come = async (how: string, adapter: LineOptions = {}): Promise<LineClient> => {
    const client = app.client(lineProtocol({ history: 0, rooms: 'all', rosterUpdates: true, ...adapter }));
    assert.equal((await client.ask(how))[0], 'ok');
    return client;
  };
  /** All that is told in the next second. */
  const told = async (client: LineClient): Promise<string[]> => {
    await app.advance(1_000);
    return client.lines().filter((line) => /^(people|groups) /.test(line));
  };
  return { app, come, told };
}

test('CONN-50 what changes within a second is told at its end, in one notice of people and one of groups', async () => {
  const { app, come, told } = await open();
  const alice = await come('login alice');
  await told(alice);
  const bob = await come('login bob');
  await bob.ask('status Away', 'create den', 'join den', 'status at lunch');
  await app.advance(999);
  assert.deepEqual(alice.lines(), []);
  await app.advance(1);
  assert.deepEqual(alice.lines(), ['people bob=at lunch-']);
  assert.deepEqual(await told(alice), [], 'told once');
  assert.deepEqual(bob.lines(), ['groups den=bob']);
  await bob.ask('status Busy');
  assert.deepEqual(await told(alice), ['people bob=busy-']);
});

test('CONN-50 a notice has the same id for all who are told at once', async () => {
  const { app, come } = await open();
  const ids: string[] = [];
  const adapter = {
    ...lineProtocol({ rooms: 'all', rosterUpdates: true }),
    renderRosterUpdate: ({ id }: { id: string }) => (ids.push(id), id),
  };
  for (const name of ['one', 'two']) await app.client(adapter).ask(`enter ${name}`);
  await app.advance(1_000);
  ids.length = 0;
  const bob = await come('login bob');
  await bob.ask('status Away');
  await app.advance(1_000);
  assert.equal(ids.length, 2);
  assert.equal(new Set(ids).size, 1);
  await bob.ask('status Busy');
  await app.advance(1_000);
  assert.equal(new Set(ids).size, 2, 'and another one the next time');
});

test('CONN-50 only connections that want notices are told', async () => {
  const { come, told } = await open();
  const [quiet, alice] = [await come('login alice', { rosterUpdates: false }), await come('login alice')];
  await told(alice);
  const bob = await come('login bob');
  await bob.ask('leave');
  assert.deepEqual(await told(alice), ['people bob=offline-']);
  assert.deepEqual(quiet.lines(), ['left bob left']);
});

test('CONN-51 whoever is asked about is a friend, no friend, or nothing of it: oneself, or where a guest asks', async () => {
  const { come, told } = await open();
  const [alice, bob, guest] = [await come('login alice'), await come('login bob'), await come('enter carol')];
  assert.deepEqual(await alice.ask('friend bob'), ['ok']);
  assert.deepEqual(await alice.ask('profile bob', 'profile carol', 'profile alice'), [
    'bob true',
    'carol false',
    'alice null',
  ]);
  assert.deepEqual(await guest.ask('profile bob', 'profile carol'), ['bob null', 'carol null']);
  await told(alice);
  await told(guest);
  await bob.ask('status Away');
  assert.deepEqual([...(await told(alice)), ...(await told(guest))], ['people bob=away+', 'people bob=away']);
});

test('CONN-50 a friend is told of whether or not there is a room in common, and a new one at once', async () => {
  const app = await TestHub.open({ rules: { joinLobby: false } });
  await app.accounts('alice', 'bob');
  const alice = app.client(lineProtocol({ rooms: 'all', rosterUpdates: true }));
  await alice.ask('login alice');
  const bob = app.client(lineProtocol({ rooms: 'all', rosterUpdates: true }));
  await bob.ask('login bob');
  await app.advance(1_000);
  assert.deepEqual(alice.lines(), [], 'nothing in common');
  await alice.ask('friend bob');
  await app.advance(1_000);
  assert.deepEqual(alice.lines(), ['people bob=online+']);
  await bob.ask('status Busy');
  await app.advance(1_000);
  assert.deepEqual(alice.lines(), ['people bob=busy+']);
  await alice.ask('unfriend bob');
  await app.advance(1_000);
  assert.deepEqual(alice.lines(), ['people bob=busy-']);
  await bob.ask('status Away');
  await app.advance(1_000);
  assert.deepEqual([alice.lines(), bob.lines()], [[], []]);
});

test('CONN-50 T28 whoever is invisible is told as offline, and of what happens then nothing shows', async () => {
  const { come, told } = await open();
  const alice = await come('login alice');
  await alice.ask('friend bob');
  const bob = await come('login bob');
  await told(alice);
  await bob.ask('status Offline');
  assert.deepEqual(await told(alice), ['people bob=offline+']);
  const second = await come('login bob');
  await bob.ask('leave');
  assert.deepEqual(
    (await told(alice)).filter((line) => line !== 'people bob=offline+'),
    [],
  );
  await second.ask('status Available');
  assert.deepEqual(await told(alice), ['people bob=online+']);
});

test('CONN-52 a guest who has another name is told as offline under the old one, and one who is gone too', async () => {
  const { come, told } = await open();
  const alice = await come('login alice');
  const guest = await come('enter carol');
  assert.equal((await told(alice))[0], 'people carol=online-');
  await guest.ask('rename dora');
  assert.equal((await told(alice))[0], 'people carol=offline- dora=online-');
  await guest.ask('rename DORA');
  assert.equal((await told(alice))[0], 'people dora=offline- DORA=online-');
  await guest.ask('leave');
  assert.equal((await told(alice))[0], 'people DORA=offline-');
  const watcher = await come('enter watcher');
  await told(watcher);
  const brief = await come('enter brief');
  await brief.ask('leave');
  assert.equal((await told(watcher))[0], 'people brief=offline');
});

test('CONN-52 whoever bears a name at the end of the second is told of by it, and nobody who bore it before', async () => {
  const { come, told } = await open();
  const alice = await come('login alice');
  const carol = await come('enter carol');
  await carol.ask('rename dora', 'rename carol');
  assert.deepEqual((await told(alice))[0], 'people dora=offline- carol=online-');
  await carol.ask('status Away', 'status Offline', 'status Busy');
  assert.deepEqual((await told(alice))[0], 'people carol=busy-');
  await carol.ask('leave');
  await come('enter carol');
  assert.deepEqual((await told(alice))[0], 'people carol=online-');
});

test('CONN-52 CONN-50 a guest who becomes an account of another name is told as offline under the old one', async () => {
  const { come, told } = await open();
  const alice = await come('login alice');
  const guest = await come('enter carol');
  await told(alice);
  await told(guest);
  assert.deepEqual(await guest.ask('register dora'), ['ok', 'renamed carol dora']);
  assert.deepEqual(await told(alice), ['people carol=offline- dora=online-', 'groups lobby=alice,dora,bob']);
});

test('CONN-59 guests who come, go or hide change the lobby for those in it, and accounts do not', async () => {
  const { come, told } = await open();
  const alice = await come('login alice');
  const guest = await come('enter carol');
  assert.deepEqual(await told(alice), ['people carol=online-', 'groups lobby=alice,carol,bob']);
  assert.deepEqual(await told(guest), [], 'whoever came knows');
  await guest.ask('status Offline');
  assert.deepEqual(await told(alice), ['people carol=offline-', 'groups lobby=alice,bob']);
  await guest.ask('status Away');
  assert.deepEqual(await told(alice), ['people carol=away-', 'groups lobby=alice,carol,bob']);
  await guest.ask('rename dora');
  assert.deepEqual((await told(alice))[1], 'groups lobby=alice,dora,bob');
  await guest.ask('leave');
  assert.deepEqual(await told(alice), ['people dora=offline-', 'groups lobby=alice,bob']);
  const bob = await come('login bob');
  assert.deepEqual(await told(alice), ['people bob=online-']);
  await bob.ask('leave');
  assert.deepEqual(await told(alice), ['people bob=offline-']);
});

test('CONN-64 of contacts and blocks nobody is told but their owner, of a display name whoever sees the person', async () => {
  const { app, come, told } = await open();
  const [alice, other, bob] = [await come('login alice'), await come('login alice'), await come('login bob')];
  for (const client of [alice, other, bob]) await told(client);
  await alice.ask('friend bob');
  assert.deepEqual([await told(other), await told(bob)], [['people bob=online+'], []]);
  await alice.ask('block bob', 'unblock bob');
  assert.deepEqual([await told(other), await told(bob)], [[], []]);
  await alice.ask('unfriend bob');
  assert.deepEqual([await told(other), await told(bob)], [['people bob=online-'], []]);
  const { id = 0 } = app.world.people.find('alice') ?? {};
  app.world.accounts.setDisplayName(id, 'Alice Liddell', () => {});
  assert.deepEqual([await told(other), await told(bob)], [[], ['people alice=online-']]);
});

test('CONN-50 members are told when a group changes, and whoever comes or goes', async () => {
  const { come, told } = await open();
  const [alice, bob] = [await come('login alice'), await come('login bob')];
  await bob.ask('create den');
  await told(bob);
  await told(alice);
  await alice.ask('join den');
  assert.deepEqual([await told(alice), bob.lines()], [['groups den=bob,alice'], ['groups den=bob,alice']]);
  await alice.ask('part den');
  assert.deepEqual([await told(alice), bob.lines()], [['groups den=bob'], ['groups den=bob']]);
});

for (const [guests, isTold] of [
  [198, true],
  [199, false],
] as const)
  test(`CONN-53 in the lobby with ${guests} guests and two members people are ${isTold ? '' : 'not '}told of`, async () => {
    const { app, come, told } = await open();
    let first: LineClient | undefined;
    for (let index = 0; index < guests; index++) {
      const guest = app.client(lineProtocol({ history: 0 }), `198.51.100.${index}`);
      first ??= guest;
      guest.send(`enter g${index}`);
      await app.settle();
    }
    const [alice, bob] = [await come('login alice'), await come('login bob')];
    await told(alice);
    await bob.ask('status Away');
    assert.deepEqual(await told(alice), isTold ? ['people bob=away-'] : []);
    await alice.ask('friend bob');
    await told(alice);
    await bob.ask('status Busy');
    assert.deepEqual(await told(alice), ['people bob=busy+'], 'a friend is told of in any room');
    await first?.ask('rename other');
    assert.deepEqual(
      (await told(alice)).map((line) => line.split('=')[0]),
      isTold ? ['people g0', 'groups lobby'] : [],
    );
  });
