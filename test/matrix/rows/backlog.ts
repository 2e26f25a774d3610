import assert from 'node:assert/strict';
import { waitForIo } from '../../../testing/condition.ts';
import {
  assertObserved,
  assertObservedNext,
  caughtUp,
  type Cell,
  departureWatcher,
  driverOf,
  enterAs,
  enterAsGuest,
  lobbyPattern,
  loginAs,
  type Row,
} from '../cell.ts';
import { PASSWORD, supports } from '../driver.ts';
import { DIRECT, LOBBY } from '../observations.ts';

async function waiting(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  const name = cell.name('bob');
  await server.account(name, PASSWORD);
  const alice = await enterAs(cell, from, 'alice');
  const mark = cell.text('waits');
  const first = await alice.sendToLobby(supports(from, 'edit') ? `${mark} as it was` : `${mark} 1`, cell.time());
  if (supports(from, 'edit')) await alice.edit(first, `${mark} 1`);
  const second = await alice.sendDirect(name, `${mark} 2`, cell.time());
  assert.notEqual(second.waits, false);
  const third = await alice.sendToLobby(`${mark} 3`, cell.time());
  const bob = await cell.connect(to);
  await bob.login(name, PASSWORD);
  const [one, three] = [lobbyPattern(to, { ...first, text: `${mark} 1` }), lobbyPattern(to, third)];
  await assertObserved(cell, bob, mark, [one, to.expected.direct(second), three]);
  const four = lobbyPattern(to, await alice.sendToLobby(`${mark} 4`, cell.time()));
  await bob.observed.waitFor(four);
  assert.equal(bob.observed.messagesWith(mark).at(-1)?.text, `${mark} 4`);
  await bob.leave();
  const again = await cell.connect(to);
  await again.login(name, PASSWORD);
  await assertObservedNext(cell, [bob], again, mark, to.history ? [one, three, four] : []);
}

/** A message that was deleted before it was shown is not shown. A protocol with a history shows that it was deleted. */
async function waitingDeleted(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  await server.account(cell.name('bob'), PASSWORD);
  const alice = await enterAs(cell, from, 'alice');
  const text = cell.text('regretted');
  const sent = await alice.sendToLobby(text, cell.time());
  const direct = await alice.sendDirect(cell.name('bob'), text, cell.time());
  await alice.delete(sent);
  await alice.delete(direct);
  const bob = await loginAs(cell, to, 'bob');
  await assertObserved(cell, bob, text, []);
  const deleted = to.history ? [to.expected.deleted(sent, LOBBY), to.expected.deleted(direct, DIRECT)] : [];
  for (const pattern of deleted) assert.equal(bob.observed.filter(pattern).length, 1);
  assert.equal(bob.observed.filter({ kind: 'message', author: cell.name('alice') }).length, deleted.length);
}

/** A guest who has left, and whose name another person has by now, is shown as `name~`. */
async function guestWhoLeft(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  await server.account(cell.name('bob'), PASSWORD);
  const alice = await enterAsGuest(cell, from, 'alice');
  const mark = cell.text('by the first');
  const sent = await alice.sendToLobby(`${mark} 1`, cell.time());
  const direct = await alice.sendDirect(cell.name('bob'), `${mark} 2`, cell.time());
  await alice.leave();
  await enterAs(cell, to, 'alice');
  const bob = await loginAs(cell, to, 'bob');
  const author = `${cell.name('alice')}~`;
  await assertObserved(cell, bob, mark, [
    lobbyPattern(to, { ...sent, author }),
    to.expected.direct({ ...direct, author }),
  ]);
}

/** A person has left whose connection is still open: new messages wait. */
async function sentWhileLeaving(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const alice = await enterAs(cell, from, 'alice');
  const bob = await loginAs(cell, to, 'bob');
  const watcher = await departureWatcher(cell, alice);
  await caughtUp(cell, bob, watcher);
  bob.pause();
  const left = bob.leave();
  await watcher.observed.waitFor(driverOf(cell, watcher).expected.left(cell.name('bob')) ?? assert.fail());
  const mark = cell.text('meanwhile');
  const direct = await alice.sendDirect(cell.name('bob'), `${mark} 1`, cell.time());
  const sent = await alice.sendToLobby(`${mark} 2`, cell.time());
  bob.resume();
  await left;
  const again = await loginAs(cell, to, 'bob');
  await assertObserved(cell, again, mark, [to.expected.direct(direct), lobbyPattern(to, sent)]);
  assert.deepEqual(bob.observed.messagesWith(mark), []);
}

/** A message that is sent before the server notices a lost connection is shown at the next login. */
async function sentWhileLost(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const alice = await enterAs(cell, from, 'alice');
  const bob = await loginAs(cell, to, 'bob');
  await caughtUp(cell, bob);
  const mark = cell.text('meanwhile');
  bob.cut();
  const direct = await alice.sendDirect(cell.name('bob'), `${mark} 1`, cell.time());
  const sent = await alice.sendToLobby(`${mark} 2`, cell.time());
  const again = await loginAs(cell, to, 'bob');
  await assertObserved(cell, again, mark, [to.expected.direct(direct), lobbyPattern(to, sent)]);
}

/** So is a message that the client had not read when the connection was lost. */
async function sentAndNotRead(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const alice = await enterAs(cell, from, 'alice');
  const bob = await loginAs(cell, to, 'bob');
  await caughtUp(cell, bob);
  bob.pause();
  const mark = cell.text('unread');
  const direct = await alice.sendDirect(cell.name('bob'), `${mark} 1`, cell.time());
  const sent = await alice.sendToLobby(`${mark} 2`, cell.time());
  await waitForIo();
  bob.cut();
  const again = await loginAs(cell, to, 'bob');
  await assertObserved(cell, again, mark, [to.expected.direct(direct), lobbyPattern(to, sent)]);
}

/** Messages to people who are away. */
export const backlogRows: readonly Row[] = [
  { title: 'waiting at login', run: waiting },
  { title: 'waiting, and deleted meanwhile', needs: ['delete'], run: waitingDeleted },
  { title: 'message of a guest who is gone', needs: ['guest'], run: guestWhoLeft },
  { title: 'said while leaving', run: sentWhileLeaving },
  { title: 'said while the line breaks', run: sentWhileLost },
  { title: 'sent and not read before the line breaks', run: sentAndNotRead },
];
