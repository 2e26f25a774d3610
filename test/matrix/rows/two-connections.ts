import assert from 'node:assert/strict';
import {
  assertEnded,
  assertObserved,
  assertObservedNext,
  caughtUp,
  type Cell,
  createGroup,
  departureWatcher,
  driverOf,
  enterAs,
  lobbyPattern,
  loginAs,
  mentions,
  type Row,
} from '../cell.ts';
import { type EchoPolicy, PASSWORD, type SentMessage } from '../driver.ts';
import { LOBBY } from '../observations.ts';

/** Whether a connection is shown a message of its own person; `sending` is the connection that sent it. */
function isEchoed(echo: EchoPolicy['direct'], sending: boolean): boolean {
  return echo === 'all' || (echo === 'others' && !sending);
}

async function ownLobbyMessage(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const sender = await loginAs(cell, from, 'alice');
  const other = await loginAs(cell, to, 'alice');
  const bob = await enterAs(cell, to, 'bob');
  const text = cell.text('to all');
  const sent = await sender.sendToLobby(text, cell.time());
  const echoes = (driver: typeof from, sending: boolean) =>
    isEchoed(driver.echo.rooms, sending) ? [lobbyPattern(driver, sent)] : [];
  await assertObserved(cell, sender, text, echoes(from, true));
  await assertObserved(cell, other, text, echoes(to, false));
  await assertObserved(cell, bob, text, [lobbyPattern(to, sent)]);
}

/** With `echo` both connections ask for their person's own direct messages, if their protocol has that. */
async function ownDirectMessage(cell: Cell, echo: boolean): Promise<void> {
  const { from, to } = cell;
  const sender = await loginAs(cell, from, 'alice', echo);
  const other = await loginAs(cell, to, 'alice', echo);
  const bob = await enterAs(cell, to, 'bob');
  const name = cell.name('bob');
  const text = cell.text('to one');
  const sent = await sender.sendDirect(name, text, cell.time());
  const echoes = (driver: typeof from, sending: boolean) => {
    const { direct } = (echo ? driver.echoOnRequest : null) ?? driver.echo;
    return isEchoed(direct, sending) ? [driver.expected.ownDirect(sent, name) ?? assert.fail()] : [];
  };
  await assertObserved(cell, bob, text, [to.expected.direct(sent)]);
  await assertObserved(cell, sender, text, echoes(from, true));
  await assertObserved(cell, other, text, echoes(to, false));
}

/** An edit is shown on the connections that were shown the message. */
async function ownEdit(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const sender = await loginAs(cell, from, 'alice');
  const other = await loginAs(cell, to, 'alice');
  const sent = await sender.sendToLobby(cell.text('first'), cell.time());
  await other.observed.waitFor(lobbyPattern(to, sent));
  const text = cell.text('second');
  await sender.edit(sent, text);
  const echoes = (driver: typeof from, sending: boolean) =>
    isEchoed(driver.echo.rooms, sending) ? [driver.expected.edited(sent, text, LOBBY)] : [];
  await assertObserved(cell, sender, text, echoes(from, true));
  await assertObserved(cell, other, text, echoes(to, false));
}

/** A group message is shown on the connections whose protocol shows groups. If there is none, it waits. */
async function groupMessage(cell: Cell): Promise<void> {
  const { from, to, drivers } = cell;
  const showsGroups = (driver: typeof from) => driver.expected.message(ANY_MESSAGE, 'any') !== null;
  const driver = drivers.find((one) => showsGroups(one) && !one.asks) ?? assert.fail('no protocol shows groups');
  const bob = await loginAs(cell, driver, 'bob');
  const clients = [await loginAs(cell, from, 'alice'), await loginAs(cell, to, 'alice')] as const;
  const { group } = await createGroup(cell, 'bob', 'alice');
  const text = cell.text('among us');
  const sent = await bob.sendToGroup(group, text, cell.time());
  for (const client of clients) {
    const shown = driverOf(cell, client).expected.message(sent, group);
    await assertObserved(cell, client, text, shown === null ? [] : [shown]);
  }
  for (const client of clients) await client.leave();
  const again = await loginAs(cell, driver, 'alice');
  const waits = [from, to].some(showsGroups) ? [] : [driver.expected.message(sent, group) ?? assert.fail()];
  await assertObservedNext(
    cell,
    clients.filter((client) => showsGroups(driverOf(cell, client))),
    again,
    text,
    waits,
  );
}

const ANY_MESSAGE: SentMessage = { author: '', text: '', time: 0, id: '', waits: null, font: null };

/** A ban ends every connection, and others are shown one departure. */
async function bannedOnBoth(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  const clients = [await loginAs(cell, from, 'alice'), await loginAs(cell, to, 'alice')];
  const bob = await enterAs(cell, to, 'bob');
  const name = cell.name('alice');
  await server.must((world, done) => world.moderation.ban({ type: 'operator' }, name, 'spam', null, done));
  for (const client of clients) await assertEnded(client, 'banned: spam');
  const left = to.expected.banned(name, 'spam');
  if (left !== null) await bob.observed.waitFor(left);
  await caughtUp(cell, bob);
  if (left !== null) assert.equal(bob.observed.filter(left).length, 1);
}

/** A message of another person is shown once on each connection. */
async function othersMessages(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const clients = [await loginAs(cell, from, 'alice'), await loginAs(cell, to, 'alice')];
  const bob = await enterAs(cell, from, 'bob');
  const mark = cell.text('to her');
  const direct = await bob.sendDirect(cell.name('alice'), `${mark} 1`, cell.time());
  const sent = await bob.sendToLobby(`${mark} 2`, cell.time());
  for (const client of clients) {
    const driver = driverOf(cell, client);
    await assertObserved(cell, client, mark, [driver.expected.direct(direct), lobbyPattern(driver, sent)]);
  }
}

/**
 * A message that waited is shown on the person's next connection only. To who asks, it is unread until somebody says that it
 * was read, which is more than that it was delivered.
 */
async function shownOnce(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  const name = cell.name('alice');
  await server.account(name, PASSWORD);
  const bob = await enterAs(cell, from, 'bob');
  const text = cell.text('waits once');
  const direct = await bob.sendDirect(name, text, cell.time());
  const first = await loginAs(cell, from, 'alice');
  await assertObserved(cell, first, text, [from.expected.direct(direct)]);
  await first.leave();
  const second = await loginAs(cell, to, 'alice');
  await assertObservedNext(cell, [first], second, text, to.asks && !from.asks ? [to.expected.direct(direct)] : []);
}

/** The person leaves with the last connection. */
async function lastConnection(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const name = cell.name('alice');
  const one = await loginAs(cell, from, 'alice');
  const other = await loginAs(cell, to, 'alice');
  const bob = await enterAs(cell, to, 'bob');
  await caughtUp(cell, bob);
  const before = bob.observed.all.length;
  await one.leave();
  await caughtUp(cell, bob, other);
  assert.deepEqual(
    bob.observed.all.slice(before).filter((observation) => mentions(observation, name)),
    [],
  );
  const watcher = await departureWatcher(cell, bob);
  await other.leave();
  await watcher.observed.waitFor(driverOf(cell, watcher).expected.left(name) ?? assert.fail());
}

/** One person on two connections at once. */
export const twoConnectionRows: readonly Row[] = [
  { title: 'on both: own lobby message', run: ownLobbyMessage },
  { title: 'on both: own direct message', run: (cell) => ownDirectMessage(cell, false) },
  { title: 'on both: own direct message, echoed', run: (cell) => ownDirectMessage(cell, true) },
  { title: 'on both: own edit', needs: ['edit'], run: ownEdit },
  { title: 'on both: group message', run: groupMessage },
  { title: 'on both: banned', run: bannedOnBoth },
  { title: "on both: others' messages", run: othersMessages },
  { title: 'on both: waiting is shown once', run: shownOnce },
  { title: 'on both: leaving with the last one', run: lastConnection },
];
