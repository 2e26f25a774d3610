import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import { openTwoHubs } from '../../../testing/two-hubs.ts';

/** Two hubs of one world, with accounts for alice, bob and carol; clients get roster updates. */
async function open() {
  const { hubs } = await openTwoHubs();
  await hubs[0].accounts('alice', 'bob', 'carol');
  await hubs[0].settle();
  const connect = async (hub: TestHub, name: string) => {
    const client = hub.client(lineProtocol({ history: 0, rooms: 'all', rosterUpdates: true }));
    assert.equal((await client.ask(`login ${name}`))[0], 'ok');
    return client;
  };
  return { hubs, connect };
}

test('CONN-53 members of a small room are told of a member who is on another node', async () => {
  const { hubs, connect } = await open();
  const alice = await connect(hubs[0], 'alice');
  await alice.ask('create den', 'join den');
  const bob = await connect(hubs[1], 'bob');
  await bob.ask('join den');
  await hubs[0].advance(1_000);
  const updates = async () => {
    await hubs[0].advance(1_000);
    return bob.lines().filter((line) => line.startsWith('people '));
  };
  await updates();
  await alice.ask('status Busy');
  assert.deepEqual(await updates(), ['people alice=busy-']);
  alice.peer.close();
  await hubs[0].settle();
  assert.deepEqual(await updates(), ['people alice=offline-']);
  await connect(hubs[0], 'carol');
  assert.deepEqual(await updates(), ['people carol=online-'], 'who is in the lobby, as all accounts are');
});

test('CONN-53 a person who was on both nodes leaves with the last connection', async () => {
  const { hubs, connect } = await open();
  const [one, other] = [await connect(hubs[0], 'alice'), await connect(hubs[1], 'alice')];
  const bob = hubs[0].client(lineProtocol({ history: 0, rooms: 'all', rosterUpdates: true }));
  await bob.ask('enter guest');
  await hubs[0].advance(2_000);
  bob.lines();
  one.peer.close();
  await hubs[0].settle();
  await hubs[0].advance(2_000);
  assert.deepEqual(bob.lines(), []);
  other.peer.close();
  await hubs[0].settle();
  await hubs[0].advance(2_000);
  assert.deepEqual(
    bob.lines().filter((line) => line.startsWith('people ')),
    ['people alice=offline'],
  );
});
