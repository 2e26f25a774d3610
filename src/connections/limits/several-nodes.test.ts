import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import { openTwoHubs } from '../../../testing/two-hubs.ts';
import { passSeconds } from '../../../testing/world.ts';
import type { LineClient } from '../../../testing/hub.ts';

const lines = lineProtocol({ history: 0 });
const HERE = '192.0.2.1';
const MINUTE = 60;

type Scene = Awaited<ReturnType<typeof openTwoHubs>>;

/** Asks clients in turn; returns how many answers were `ok` or another one of `good`. */
async function alternate(
  clients: readonly LineClient[],
  times: number,
  request: (index: number) => string,
  good = 'ok',
) {
  let allowed = 0;
  for (let index = 0; index < times; index++) {
    const answers = await clients[index % clients.length]?.ask(request(index));
    if (answers?.includes(good)) allowed += 1;
  }
  return allowed;
}

/** A new client on each of the nodes in turn, whose only request this is; returns the answers. */
async function askInTurn({ hubs }: Scene, times: number, request: (index: number) => string) {
  const answers: (string | undefined)[] = [];
  for (let index = 0; index < times; index++) {
    const client = hubs[index % 2 === 0 ? 0 : 1].client(lines, HERE);
    answers.push((await client.ask(request(index))).find((line) => /^(ok|no)/.test(line)));
    await client.drop();
  }
  return answers;
}

async function logIn({ hubs }: Scene, name: string) {
  const clients = hubs.map((hub) => hub.client(lines, HERE));
  for (const client of clients) assert.deepEqual(await client.ask(`login ${name}`), ['ok']);
  return clients;
}

test('CONN-170 T32 a person on two nodes has one budget, and the whole of it on the one that is left', async () => {
  const scene = await openTwoHubs({ rates: { messages: { perSecond: 1, burst: 8 } } });
  await scene.hubs[0].accounts('alice');
  const [first, second] = await logIn(scene, 'alice');
  assert.ok(first && second);
  assert.equal(await alternate([first, second], 24, (index) => `say ${index}`), 8);
  await passSeconds(scene.clock, 4);
  assert.equal(await alternate([first, second], 24, (index) => `say ${index}`), 4);
  await second.drop();
  await passSeconds(scene.clock, 4);
  assert.equal(await alternate([first], 24, (index) => `say ${index}`), 4);
});

test('CONN-170 a node that died takes no part of a budget with it', async () => {
  const scene = await openTwoHubs({ rates: { messages: { perSecond: 1, burst: 8 } } });
  await scene.hubs[0].accounts('alice');
  const [first] = await logIn(scene, 'alice');
  assert.ok(first);
  assert.equal(await alternate([first], 24, (index) => `say ${index}`), 4);
  scene.nodes[1].stop();
  await passSeconds(scene.clock, 30);
  first.lines();
  assert.equal(await alternate([first], 24, (index) => `say ${index}`), 8);
});

test('CONN-170 a part of a budget is rounded up to a whole number at once', async () => {
  const scene = await openTwoHubs({ rates: { renames: { perSecond: 0.5, burst: 3 } } });
  const clients = scene.hubs.map((hub) => hub.client(lines, HERE));
  await scene.hubs[0].accounts('alice');
  for (const client of clients) await client.ask('login alice');
  assert.equal(await alternate(clients, 8, (index) => `status busy ${index}`), 4);
  await passSeconds(scene.clock, 4);
  assert.equal(await alternate(clients, 8, (index) => `status away ${index}`), 2);
});

test('CONN-171 T18 passwords that are guessed on two nodes in turn are limited as on one', async () => {
  const scene = await openTwoHubs();
  await scene.hubs[0].accounts('alice', 'bob');
  const wrong = [...Array<string>(5).fill('no wrong-credentials'), 'no too-fast', 'no too-fast'];
  assert.deepEqual(await askInTurn(scene, 7, (index) => `login alice wrong${index}`), wrong);
  await passSeconds(scene.clock, 1);
  const next = ['no wrong-credentials', 'no too-fast', 'no too-fast'];
  assert.deepEqual(await askInTurn(scene, 3, () => 'login alice wrong'), next);
  const others = await askInTurn(scene, 40, (index) => `login bob${index} wrong`);
  assert.equal(others.filter((answer) => answer === 'no wrong-credentials').length, 24, 'of 30 of the address');
  await passSeconds(scene.clock, 15 * MINUTE);
  assert.deepEqual(await askInTurn(scene, 2, () => 'login alice'), ['ok', 'ok']);
});

test('CONN-172 after a login on one node earlier failures on the name count on no node', async () => {
  const scene = await openTwoHubs();
  await scene.hubs[0].accounts('alice');
  await askInTurn(scene, 4, () => 'login alice wrong');
  assert.deepEqual(await askInTurn(scene, 1, () => 'login alice'), ['ok']);
  const wrong = [...Array<string>(5).fill('no wrong-credentials'), 'no too-fast', 'no too-fast'];
  assert.deepEqual(await askInTurn(scene, 7, () => 'login alice wrong'), wrong);
});

test('CONN-171 T35 registrations, unknown sessions and codes, and groups count on all nodes', async () => {
  const scene = await openTwoHubs({ hub: { registrationsPerHour: 3 } });
  const registered = await askInTurn(scene, 8, (index) => `register person${index}`);
  assert.equal(registered.filter((answer) => answer === 'ok').length, 3);
  const clients = await logIn(scene, 'person0');
  assert.equal(await alternate(clients, 30, (index) => `create group${index}`), 20);
  const throttles = scene.hubs.map(({ hub }) => hub.throttle);
  for (let index = 0; index < 10; index++) {
    throttles[index % 2]?.unknownSession(HERE);
    throttles[index % 2]?.unknownInvitation(HERE);
  }
  for (const throttle of throttles) assert.equal(throttle.mayReconnect(HERE), throttles[0]?.mayReconnect(HERE));
  await scene.hubs[0].settle();
  for (const throttle of throttles) {
    assert.ok(throttle.mayReconnect(HERE) > 0);
    assert.ok(throttle.mayTryInvitation(HERE) > 0);
  }
});

test('CONN-171 while a node is cut off each counts alone, and no more', async () => {
  const scene = await openTwoHubs();
  await scene.hubs[0].accounts('alice');
  scene.nodes[1].cut();
  const apart = await askInTurn(scene, 30, () => 'login alice wrong');
  assert.equal(apart.filter((answer) => answer === 'no wrong-credentials').length, 10);
});

test('CONN-103 WORLD-31 a ban of an address or a name holds on the other node, with and without the bus', async () => {
  const scene = await openTwoHubs();
  const [first, second] = scene.hubs;
  await first.accounts('alice', 'bob', 'carol');
  const inside = second.client(lines, '203.0.113.7');
  const banned = second.client(lines, '198.51.100.1');
  const outside = second.client(lines, HERE);
  for (const [client, name] of [
    [inside, 'alice'],
    [banned, 'bob'],
    [outside, 'carol'],
  ] as const)
    assert.deepEqual(await client.ask(`login ${name}`), ['ok']);
  const operator = { type: 'operator' } as const;
  first.world.moderation.banAddress(operator, '203.0.113.0/24', 'flooding', null, () => {});
  await first.settle();
  assert.deepEqual(inside.link.ended, { kind: 'removed', reason: 'banned: flooding' });
  scene.nodes[1].cut();
  first.world.moderation.ban(operator, 'bob', 'spam', null, () => {});
  await passSeconds(scene.clock, 3);
  assert.deepEqual(banned.link.ended, { kind: 'removed', reason: 'banned: spam' });
  assert.equal(outside.closeKind(), null);
});
