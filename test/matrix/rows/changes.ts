import assert from 'node:assert/strict';
import { type Cell, inLobby, member, newcomer, quiet, type Row, sawExactly, twoNewcomers } from '../cell.ts';
import { can } from '../driver.ts';
import type { Spot } from '../observations.ts';

const LOBBY: Spot = { type: 'group', name: 'lobby' };
const DIRECT: Spot = { type: 'direct' };

async function edit(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  const said = await alice.sayInLobby(cell.text('first'), cell.time());
  const original = inLobby(to, said);
  await bob.sightings.see(original);
  const late = await newcomer(cell, to, 'dave');
  const text = cell.text('second; better');
  await alice.edit(said, text);
  const edited = to.looks.edited(said, text, LOBBY);
  await sawExactly(cell, { client: bob, driver: to }, text, [edited]);
  await sawExactly(cell, { client: late, driver: to }, text, to.history ? [edited] : []);
}

async function editOfDirect(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  const bystander = await newcomer(cell, to, 'carol');
  const said = await alice.tell(cell.name('bob'), cell.text('first'), cell.time());
  await bob.sightings.see(to.looks.direct(said));
  const text = cell.text('second');
  await alice.edit(said, text);
  await sawExactly(cell, { client: bob, driver: to }, text, [to.looks.edited(said, text, DIRECT)]);
  await sawExactly(cell, { client: bystander, driver: to }, text, []);
}

async function remove(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  const said = await alice.sayInLobby(cell.text('regretted'), cell.time());
  const original = inLobby(to, said);
  await bob.sightings.see(original);
  const late = await newcomer(cell, to, 'dave');
  await alice.delete(said);
  const deleted = to.looks.deleted(said, LOBBY);
  await bob.sightings.see(deleted);
  await quiet(cell, { client: bob, driver: to }, { client: late, driver: to });
  assert.deepEqual(
    [bob, late].map(({ sightings }) => sightings.find(deleted).length),
    [1, to.history ? 1 : 0],
  );
}

async function removeOfDirect(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  const said = await alice.tell(cell.name('bob'), cell.text('regretted'), cell.time());
  await bob.sightings.see(to.looks.direct(said));
  await alice.delete(said);
  await bob.sightings.see(to.looks.deleted(said, DIRECT));
}

/** The author is the person, under the present name, also where the name of then is somebody else's by now. */
async function editAfterRename(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  const said = await alice.sayInLobby(cell.text('first'), cell.time());
  const told = await alice.tell(cell.name('bob'), cell.text('first'), cell.time());
  await quiet(cell, { client: bob, driver: to });
  const author = cell.name('alicia');
  await alice.rename(author);
  await newcomer(cell, to, 'alice');
  const text = cell.text('second');
  await alice.edit(said, text);
  await alice.edit(told, text);
  await sawExactly(cell, { client: bob, driver: to }, text, [
    to.looks.edited({ ...said, author }, text, LOBBY),
    to.looks.edited({ ...told, author }, text, DIRECT),
  ]);
}

/** A moderator takes back what somebody said who is gone; a guest's name somebody else has by now. */
async function deleteByModerator(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const [name, moderator] = [cell.name('alice'), await member(cell, from, 'mona')];
  const role = [place.person(cell.name('mona')), 'moderator'] as const;
  await place.must((world, done) => world.accounts.setRole({ type: 'operator' }, ...role, done));
  const [alice, bob] = [await newcomer(cell, to, 'alice'), await newcomer(cell, to, 'bob')];
  const said = await alice.sayInLobby(cell.text('rude'), cell.time());
  await bob.sightings.see(inLobby(to, said));
  const { id } = await moderator.sightings.see(inLobby(from, said));
  await alice.leave();
  const guests = can(to, 'guest');
  if (guests) await newcomer(cell, to, 'alice');
  await moderator.delete({ ...said, id });
  await bob.sightings.see(to.looks.deleted({ ...said, author: guests ? `${name}~` : name }, LOBBY));
}

/** What was said, changed and taken back. */
export const changeRows: readonly Row[] = [
  { title: 'edit', needs: ['edit'], run: edit },
  { title: 'edit of a direct message', needs: ['edit'], run: editOfDirect },
  { title: 'delete', needs: ['delete'], run: remove },
  { title: 'delete of a direct message', needs: ['delete'], run: removeOfDirect },
  { title: 'edit after a rename', needs: ['rename', 'edit'], run: editAfterRename },
  { title: 'delete by a moderator', needs: ['delete'], run: deleteByModerator },
];
