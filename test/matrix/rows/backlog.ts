import assert from 'node:assert/strict';
import { someTurns } from '../../../testing/waiting.ts';
import { type Cell, guest, inLobby, member, newcomer, onlooker, quiet, type Row, sawExactly } from '../cell.ts';
import { can, PASSWORD } from '../driver.ts';
import type { Spot } from '../observations.ts';

const LOBBY: Spot = { type: 'group', name: 'lobby' };

async function waiting(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const name = cell.name('bob');
  await place.account(name, PASSWORD);
  const alice = await newcomer(cell, from, 'alice');
  const mark = cell.text('waits');
  const first = await alice.sayInLobby(can(from, 'edit') ? `${mark} as it was` : `${mark} 1`, cell.time());
  if (can(from, 'edit')) await alice.edit(first, `${mark} 1`);
  const second = await alice.tell(name, `${mark} 2`, cell.time());
  assert.notEqual(second.waits, false);
  const third = await alice.sayInLobby(`${mark} 3`, cell.time());
  const bob = await cell.connect(to);
  await bob.login(name, PASSWORD);
  const [one, three] = [inLobby(to, { ...first, text: `${mark} 1` }), inLobby(to, third)];
  await sawExactly(cell, { client: bob, driver: to }, mark, [one, to.looks.direct(second), three]);
  const live = await alice.sayInLobby(`${mark} 4`, cell.time());
  const lived = inLobby(to, live);
  await bob.sightings.see(lived);
  assert.equal(bob.sightings.messagesWith(mark).at(-1)?.text, `${mark} 4`);
  await bob.leave();
  const again = await cell.connect(to);
  await again.login(name, PASSWORD);
  await sawExactly(cell, { client: again, driver: to }, mark, to.history ? [one, three, lived] : []);
}

/** What is deleted before it was shown is not shown; a protocol with a history keeps the places of all. */
async function waitingDeleted(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  await place.account(cell.name('bob'), PASSWORD);
  const alice = await newcomer(cell, from, 'alice');
  const text = cell.text('regretted');
  const said = await alice.sayInLobby(text, cell.time());
  const told = await alice.tell(cell.name('bob'), text, cell.time());
  await alice.delete(said);
  await alice.delete(told);
  const bob = await member(cell, to, 'bob');
  await sawExactly(cell, { client: bob, driver: to }, text, []);
  const kept = to.history ? [to.looks.deleted(said, LOBBY), to.looks.deleted(told, { type: 'direct' })] : [];
  for (const pattern of kept) assert.equal(bob.sightings.find(pattern).length, 1);
  assert.equal(bob.sightings.find({ kind: 'message', author: cell.name('alice') }).length, kept.length);
}

/** A guest who is gone, and whose name somebody else has by now, is shown as `name~`. */
async function goneGuest(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  await place.account(cell.name('bob'), PASSWORD);
  const alice = await guest(cell, from, 'alice');
  const mark = cell.text('by the first');
  const said = await alice.sayInLobby(`${mark} 1`, cell.time());
  const told = await alice.tell(cell.name('bob'), `${mark} 2`, cell.time());
  await alice.leave();
  await newcomer(cell, to, 'alice');
  const bob = await member(cell, to, 'bob');
  const author = `${cell.name('alice')}~`;
  const shown = inLobby(to, { ...said, author });
  await sawExactly(cell, { client: bob, driver: to }, mark, [shown, to.looks.direct({ ...told, author })]);
}

/** Whoever has left, and whose connection is not closed yet, is not shown what is said meanwhile: it waits. */
async function saidWhileLeaving(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const alice = await newcomer(cell, from, 'alice');
  const bob = await member(cell, to, 'bob');
  const watching = await onlooker(cell, { client: alice, driver: from });
  await quiet(cell, { client: bob, driver: to });
  bob.pause();
  const left = bob.leave();
  await watching.client.sightings.see(watching.driver.looks.left(cell.name('bob')) ?? assert.fail());
  const mark = cell.text('meanwhile');
  const told = await alice.tell(cell.name('bob'), `${mark} 1`, cell.time());
  const said = await alice.sayInLobby(`${mark} 2`, cell.time());
  bob.resume();
  await left;
  const shown = inLobby(to, said);
  const again = await member(cell, to, 'bob');
  await sawExactly(cell, { client: again, driver: to }, mark, [to.looks.direct(told), shown]);
  assert.deepEqual(bob.sightings.messagesWith(mark), []);
}

/** What is said while a line breaks is never missed: nobody knows yet that it is broken. */
async function saidWhileLost(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const alice = await newcomer(cell, from, 'alice');
  const bob = await member(cell, to, 'bob');
  await quiet(cell, { client: bob, driver: to });
  const mark = cell.text('meanwhile');
  bob.cut();
  const told = await alice.tell(cell.name('bob'), `${mark} 1`, cell.time());
  const said = await alice.sayInLobby(`${mark} 2`, cell.time());
  const shown = inLobby(to, said);
  const again = await member(cell, to, 'bob');
  await sawExactly(cell, { client: again, driver: to }, mark, [to.looks.direct(told), shown]);
}

/** What was sent to somebody who read nothing of it, and then the line broke, is not missed either. */
async function saidAndNotRead(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const alice = await newcomer(cell, from, 'alice');
  const bob = await member(cell, to, 'bob');
  await quiet(cell, { client: bob, driver: to });
  bob.pause();
  const mark = cell.text('unread');
  const told = await alice.tell(cell.name('bob'), `${mark} 1`, cell.time());
  const said = await alice.sayInLobby(`${mark} 2`, cell.time());
  await someTurns();
  bob.cut();
  const again = await member(cell, to, 'bob');
  await sawExactly(cell, { client: again, driver: to }, mark, [to.looks.direct(told), inLobby(to, said)]);
}

/** What is said to somebody who is not there. */
export const waitingRows: readonly Row[] = [
  { title: 'waiting at login', run: waiting },
  { title: 'waiting, and deleted meanwhile', needs: ['delete'], run: waitingDeleted },
  { title: 'message of a guest who is gone', needs: ['guest'], run: goneGuest },
  { title: 'said while leaving', run: saidWhileLeaving },
  { title: 'said while the line breaks', run: saidWhileLost },
  { title: 'sent and not read before the line breaks', run: saidAndNotRead },
];
