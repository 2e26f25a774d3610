import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingIds } from '../../../testing/ids.ts';
import { type LineClient, TestHub } from '../../../testing/hub.ts';
import { type LineOptions, lineProtocol } from '../../../testing/line-protocol.ts';

/** An app with accounts for alice and bob; clients get roster updates by default. */
async function open() {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const connect = async (line: string, adapter: LineOptions = {}): Promise<LineClient> => {
    const client = app.client(lineProtocol({ history: 0, rooms: 'all', rosterUpdates: true, ...adapter }));
    assert.equal((await client.ask(line))[0], 'ok');
    return client;
  };
  /** The updates of the next second. */
  const updates = async (client: LineClient): Promise<string[]> => {
    await app.advance(1_000);
    return client.lines().filter((line) => /^(people|groups) /.test(line));
  };
  return { app, connect, updates };
}

test('CONN-50 changes within a second are sent at its end, in one update of people and one of groups', async () => {
  const { app, connect, updates } = await open();
  const alice = await connect('login alice');
  await updates(alice);
  const bob = await connect('login bob');
  await bob.ask('status Away', 'create den', 'join den', 'status at lunch');
  await app.advance(999);
  assert.deepEqual(alice.lines(), []);
  await app.advance(1);
  assert.deepEqual(alice.lines(), ['people bob=at lunch-']);
  assert.deepEqual(await updates(alice), [], 'sent once');
  assert.deepEqual(bob.lines(), ['groups den=bob']);
  await bob.ask('status Busy');
  assert.deepEqual(await updates(alice), ['people bob=busy-']);
});

test('CONN-50 an update has the same id on all connections', async () => {
  const { app, connect } = await open();
  const ids: string[] = [];
  const adapter = {
    ...lineProtocol({ rooms: 'all', rosterUpdates: true }),
    renderRosterUpdate: ({ id }: { id: string }) => (ids.push(id), id),
  };
  for (const name of ['one', 'two']) await app.client(adapter).ask(`enter ${name}`);
  await app.advance(1_000);
  ids.length = 0;
  const bob = await connect('login bob');
  await bob.ask('status Away');
  await app.advance(1_000);
  assert.equal(ids.length, 2);
  assert.equal(new Set(ids).size, 1);
  await bob.ask('status Busy');
  await app.advance(1_000);
  assert.equal(new Set(ids).size, 2, 'the next update has another id');
});

test('CONN-90 no two updates have the same id, of people or of groups, nor what a session sends, not after a restart either', async () => {
  const all: string[] = [];
  for (const origin of [1, 2]) {
    const app = await TestHub.open({ ids: countingIds(origin) });
    await app.accounts('bob');
    const adapter = {
      ...lineProtocol({ rooms: 'all', rosterUpdates: true }),
      renderRosterUpdate: ({ id }: { id: string }) => (all.push(id), id),
    };
    await app.client(adapter).ask('enter alice');
    const bob = app.client(lineProtocol({ rooms: 'all' }));
    for (const line of ['login bob', 'status Away', 'create den', 'status Busy']) {
      await bob.ask(line);
      all.push(app.hub.eventId());
      await app.advance(1_000);
    }
  }
  assert.ok(all.length > 12, `${all.length}`);
  assert.equal(new Set(all).size, all.length);
});

test('CONN-50 only connections that want updates get them', async () => {
  const { connect, updates } = await open();
  const [quiet, alice] = [await connect('login alice', { rosterUpdates: false }), await connect('login alice')];
  await updates(alice);
  const bob = await connect('login bob');
  await bob.ask('leave');
  assert.deepEqual(await updates(alice), ['people bob=offline-']);
  assert.deepEqual(quiet.lines(), ['left bob left']);
});

test('CONN-51 a profile says whether a person is a contact, except to a guest and about oneself', async () => {
  const { connect, updates } = await open();
  const [alice, bob, guest] = [await connect('login alice'), await connect('login bob'), await connect('enter carol')];
  assert.deepEqual(await alice.ask('contact bob'), ['ok']);
  assert.deepEqual(await alice.ask('profile bob', 'profile carol', 'profile alice'), [
    'bob true',
    'carol false',
    'alice null',
  ]);
  assert.deepEqual(await guest.ask('profile bob', 'profile carol'), ['bob null', 'carol null']);
  await updates(alice);
  await updates(guest);
  await bob.ask('status Away');
  assert.deepEqual([...(await updates(alice)), ...(await updates(guest))], ['people bob=away+', 'people bob=away']);
});

test('CONN-50 contacts are reported even without a common room, and a new contact at once', async () => {
  const app = await TestHub.open({ rules: { joinLobby: false } });
  await app.accounts('alice', 'bob');
  const alice = app.client(lineProtocol({ rooms: 'all', rosterUpdates: true }));
  await alice.ask('login alice');
  const bob = app.client(lineProtocol({ rooms: 'all', rosterUpdates: true }));
  await bob.ask('login bob');
  await app.advance(1_000);
  assert.deepEqual(alice.lines(), [], 'nothing in common');
  await alice.ask('contact bob');
  await app.advance(1_000);
  assert.deepEqual(alice.lines(), ['people bob=online+']);
  await bob.ask('status Busy');
  await app.advance(1_000);
  assert.deepEqual(alice.lines(), ['people bob=busy+']);
  await alice.ask('uncontact bob');
  await app.advance(1_000);
  assert.deepEqual(alice.lines(), ['people bob=busy-']);
  await bob.ask('status Away');
  await app.advance(1_000);
  assert.deepEqual([alice.lines(), bob.lines()], [[], []]);
});

test('CONN-50 T28 an invisible person is reported as offline, and nothing that happens then is reported', async () => {
  const { connect, updates } = await open();
  const alice = await connect('login alice');
  await alice.ask('contact bob');
  const bob = await connect('login bob');
  await updates(alice);
  await bob.ask('status Offline');
  assert.deepEqual(await updates(alice), ['people bob=offline+']);
  const second = await connect('login bob');
  await bob.ask('leave');
  assert.deepEqual(
    (await updates(alice)).filter((line) => line !== 'people bob=offline+'),
    [],
  );
  await second.ask('status Available');
  assert.deepEqual(await updates(alice), ['people bob=online+']);
});

test('CONN-52 a guest who is renamed is reported as offline under the old name, and so is one who left', async () => {
  const { connect, updates } = await open();
  const alice = await connect('login alice');
  const guest = await connect('enter carol');
  assert.equal((await updates(alice))[0], 'people carol=online-');
  await guest.ask('rename dora');
  assert.equal((await updates(alice))[0], 'people carol=offline- dora=online-');
  await guest.ask('rename DORA');
  assert.equal((await updates(alice))[0], 'people dora=offline- DORA=online-');
  await guest.ask('leave');
  assert.equal((await updates(alice))[0], 'people DORA=offline-');
  const watcher = await connect('enter watcher');
  await updates(watcher);
  const brief = await connect('enter brief');
  await brief.ask('leave');
  assert.equal((await updates(watcher))[0], 'people brief=offline');
});

test('CONN-52 at the end of the second a name stands for the guest who has it then, not for one who had it before', async () => {
  const { connect, updates } = await open();
  const alice = await connect('login alice');
  const carol = await connect('enter carol');
  await carol.ask('rename dora', 'rename carol');
  assert.deepEqual((await updates(alice))[0], 'people dora=offline- carol=online-');
  await carol.ask('status Away', 'status Offline', 'status Busy');
  assert.deepEqual((await updates(alice))[0], 'people carol=busy-');
  await carol.ask('leave');
  await connect('enter carol');
  assert.deepEqual((await updates(alice))[0], 'people carol=online-');
});

test('CONN-52 CONN-50 a guest who becomes an account with another name is reported as offline under the old one', async () => {
  const { connect, updates } = await open();
  const alice = await connect('login alice');
  const guest = await connect('enter carol');
  await updates(alice);
  await updates(guest);
  assert.deepEqual(await guest.ask('register dora'), ['ok', 'renamed carol dora']);
  assert.deepEqual(await updates(alice), ['people carol=offline- dora=online-', 'groups lobby=alice,dora,bob']);
});

test('CONN-59 guests who enter, leave or become invisible change the lobby for its people; accounts do not', async () => {
  const { connect, updates } = await open();
  const alice = await connect('login alice');
  const guest = await connect('enter carol');
  assert.deepEqual(await updates(alice), ['people carol=online-', 'groups lobby=alice,carol,bob']);
  assert.deepEqual(await updates(guest), [], 'the guest who entered gets none');
  await guest.ask('status Offline');
  assert.deepEqual(await updates(alice), ['people carol=offline-', 'groups lobby=alice,bob']);
  await guest.ask('status Away');
  assert.deepEqual(await updates(alice), ['people carol=away-', 'groups lobby=alice,carol,bob']);
  await guest.ask('rename dora');
  assert.deepEqual((await updates(alice))[1], 'groups lobby=alice,dora,bob');
  await guest.ask('leave');
  assert.deepEqual(await updates(alice), ['people dora=offline-', 'groups lobby=alice,bob']);
  const bob = await connect('login bob');
  assert.deepEqual(await updates(alice), ['people bob=online-']);
  await bob.ask('leave');
  assert.deepEqual(await updates(alice), ['people bob=offline-']);
});

test('CONN-64 changed relationships are reported to their owner alone, a display name to all who see the person', async () => {
  const { app, connect, updates } = await open();
  const [alice, other, bob] = [await connect('login alice'), await connect('login alice'), await connect('login bob')];
  for (const client of [alice, other, bob]) await updates(client);
  await alice.ask('contact bob');
  assert.deepEqual([await updates(other), await updates(bob)], [['people bob=online+'], []]);
  await alice.ask('block bob', 'unblock bob');
  assert.deepEqual([await updates(other), await updates(bob)], [[], []]);
  await alice.ask('uncontact bob');
  assert.deepEqual([await updates(other), await updates(bob)], [['people bob=online-'], []]);
  const { id = 0 } = app.world.people.find('alice') ?? {};
  app.world.accounts.setProfile(id, { displayName: 'Alice Liddell' }, () => {});
  assert.deepEqual([await updates(other), await updates(bob)], [[], ['people alice=online-']]);
});

test('CONN-50 a changed group is reported to its members and to a person who joined or left', async () => {
  const { connect, updates } = await open();
  const [alice, bob] = [await connect('login alice'), await connect('login bob')];
  await bob.ask('create den');
  await updates(bob);
  await updates(alice);
  await alice.ask('join den');
  assert.deepEqual([await updates(alice), bob.lines()], [['groups den=bob,alice'], ['groups den=bob,alice']]);
  await alice.ask('part den');
  assert.deepEqual([await updates(alice), bob.lines()], [['groups den=bob'], ['groups den=bob']]);
});

for (const [guests, isReported] of [
  [198, true],
  [199, false],
] as const)
  test(`CONN-53 in the lobby with ${guests} guests and two members people are ${isReported ? '' : 'not '}reported`, async () => {
    const { app, connect, updates } = await open();
    let first: LineClient | undefined;
    for (let index = 0; index < guests; index++) {
      const guest = app.client(lineProtocol({ history: 0 }), `198.51.100.${index}`);
      first ??= guest;
      guest.send(`enter g${index}`);
      await app.settle();
    }
    const [alice, bob] = [await connect('login alice'), await connect('login bob')];
    await updates(alice);
    await bob.ask('status Away');
    assert.deepEqual(await updates(alice), isReported ? ['people bob=away-'] : []);
    await alice.ask('contact bob');
    await updates(alice);
    await bob.ask('status Busy');
    assert.deepEqual(await updates(alice), ['people bob=busy+'], 'a contact is reported in any room');
    await first?.ask('rename other');
    assert.deepEqual(
      (await updates(alice)).map((line) => line.split('=')[0]),
      isReported ? ['people g0', 'groups lobby'] : [],
    );
  });

test('CONN-123 a group that got another display name is reported to its members', async () => {
  const { app, connect, updates } = await open();
  const [alice, bob] = [await connect('login alice'), await connect('login bob')];
  const eve = await connect('enter eve');
  await alice.ask('create den');
  await bob.ask('join den');
  for (const client of [alice, bob, eve]) await updates(client);
  const [id, room] = [app.world.people.find('alice')?.id ?? 0, app.world.rooms.find('den') ?? 0];
  app.world.management.rename(id, room, 'The Den', () => {});
  await app.settle();
  await app.advance(1_000);
  const reported = (client: LineClient) => client.lines().filter((line) => line.startsWith('groups den='));
  assert.deepEqual(
    [alice, bob, eve].map((client) => reported(client).length),
    [1, 1, 0],
  );
});
