import assert from 'node:assert/strict';
import { assertObserved, caughtUp, type Cell, enterAs, enterBoth, lobbyPattern, loginAs, type Row } from '../cell.ts';
import { supports } from '../driver.ts';
import { DIRECT, LOBBY } from '../observations.ts';

async function edit(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await enterBoth(cell);
  const sent = await alice.sendToLobby(cell.text('first'), cell.time());
  await bob.observed.waitFor(lobbyPattern(to, sent));
  const late = await enterAs(cell, to, 'dave');
  await caughtUp(cell, late);
  const text = cell.text('second; better');
  await alice.edit(sent, text);
  const edited = to.expected.edited(sent, text, LOBBY);
  await assertObserved(cell, bob, text, [edited]);
  await assertObserved(cell, late, text, to.history ? [edited] : []);
}

async function editOfDirect(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await enterBoth(cell);
  const bystander = await enterAs(cell, to, 'carol');
  const sent = await alice.sendDirect(cell.name('bob'), cell.text('first'), cell.time());
  await bob.observed.waitFor(to.expected.direct(sent));
  const text = cell.text('second');
  await alice.edit(sent, text);
  await assertObserved(cell, bob, text, [to.expected.edited(sent, text, DIRECT)]);
  await assertObserved(cell, bystander, text, []);
}

async function remove(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await enterBoth(cell);
  const sent = await alice.sendToLobby(cell.text('regretted'), cell.time());
  await bob.observed.waitFor(lobbyPattern(to, sent));
  const late = await enterAs(cell, to, 'dave');
  await caughtUp(cell, late);
  await alice.delete(sent);
  const deleted = to.expected.deleted(sent, LOBBY);
  await bob.observed.waitFor(deleted);
  await caughtUp(cell, bob, late);
  assert.deepEqual(
    [bob, late].map(({ observed }) => observed.filter(deleted).length),
    [1, to.history ? 1 : 0],
  );
}

async function removeOfDirect(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await enterBoth(cell);
  const sent = await alice.sendDirect(cell.name('bob'), cell.text('regretted'), cell.time());
  await bob.observed.waitFor(to.expected.direct(sent));
  await alice.delete(sent);
  await bob.observed.waitFor(to.expected.deleted(sent, DIRECT));
}

/** An edit shows the author's present name, even if another person has the old one by now. */
async function editAfterRename(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await enterBoth(cell);
  const sent = await alice.sendToLobby(cell.text('first'), cell.time());
  const direct = await alice.sendDirect(cell.name('bob'), cell.text('first'), cell.time());
  await caughtUp(cell, bob);
  const author = cell.name('alicia');
  await alice.rename(author);
  await enterAs(cell, to, 'alice');
  const text = cell.text('second');
  await alice.edit(sent, text);
  await alice.edit(direct, text);
  await assertObserved(cell, bob, text, [
    to.expected.edited({ ...sent, author }, text, LOBBY),
    to.expected.edited({ ...direct, author }, text, DIRECT),
  ]);
}

/** A moderator deletes a message whose author has left; another guest may have the author's name by now. */
async function deleteByModerator(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  const [name, moderator] = [cell.name('alice'), await loginAs(cell, from, 'mona')];
  const role = [server.person(cell.name('mona')), 'moderator'] as const;
  await server.must((world, done) => world.accounts.setRole({ type: 'operator' }, ...role, done));
  const [alice, bob] = [await enterAs(cell, to, 'alice'), await enterAs(cell, to, 'bob')];
  const sent = await alice.sendToLobby(cell.text('rude'), cell.time());
  await bob.observed.waitFor(lobbyPattern(to, sent));
  const { id } = await moderator.observed.waitFor(lobbyPattern(from, sent));
  await alice.leave();
  const guests = supports(to, 'guest');
  if (guests) await enterAs(cell, to, 'alice');
  await moderator.delete({ ...sent, id });
  await bob.observed.waitFor(to.expected.deleted({ ...sent, author: guests ? `${name}~` : name }, LOBBY));
}

/** Edits and deletions. */
export const changeRows: readonly Row[] = [
  { title: 'edit', needs: ['edit'], run: edit },
  { title: 'edit of a direct message', needs: ['edit'], run: editOfDirect },
  { title: 'delete', needs: ['delete'], run: remove },
  { title: 'delete of a direct message', needs: ['delete'], run: removeOfDirect },
  { title: 'edit after a rename', needs: ['rename', 'edit'], run: editAfterRename },
  { title: 'delete by a moderator', needs: ['delete'], run: deleteByModerator },
];
