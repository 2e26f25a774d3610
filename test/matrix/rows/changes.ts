import assert from 'node:assert/strict';
import { type Cell, guest, inLobby, quiet, type Row, sawExactly, twoGuests } from '../cell.ts';
import type { Spot } from '../sightings.ts';

const LOBBY: Spot = { type: 'group', name: 'lobby' };
const DIRECT: Spot = { type: 'direct' };

async function edit(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoGuests(cell);
  const said = await alice.sayInLobby(cell.text('first'), cell.time());
  const original = inLobby(to, said);
  await bob.sightings.see(original);
  const late = await guest(cell, to, 'dave');
  const text = cell.text('second; better');
  await alice.edit(said, text);
  const edited = to.looks.edited(said, text, LOBBY);
  await sawExactly(cell, { client: bob, driver: to }, text, [edited]);
  await sawExactly(cell, { client: late, driver: to }, text, to.history ? [edited] : []);
}

async function editOfDirect(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoGuests(cell);
  const bystander = await guest(cell, to, 'carol');
  const said = await alice.tell(cell.name('bob'), cell.text('first'), cell.time());
  await bob.sightings.see(to.looks.direct(said));
  const text = cell.text('second');
  await alice.edit(said, text);
  await sawExactly(cell, { client: bob, driver: to }, text, [to.looks.edited(said, text, DIRECT)]);
  await sawExactly(cell, { client: bystander, driver: to }, text, []);
}

async function remove(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoGuests(cell);
  const said = await alice.sayInLobby(cell.text('regretted'), cell.time());
  const original = inLobby(to, said);
  await bob.sightings.see(original);
  const late = await guest(cell, to, 'dave');
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
  const [alice, bob] = await twoGuests(cell);
  const said = await alice.tell(cell.name('bob'), cell.text('regretted'), cell.time());
  await bob.sightings.see(to.looks.direct(said));
  await alice.delete(said);
  await bob.sightings.see(to.looks.deleted(said, DIRECT));
}

/** What was said, changed and taken back. */
export const changeRows: readonly Row[] = [
  { title: 'edit', run: edit },
  { title: 'edit of a direct message', run: editOfDirect },
  { title: 'delete', run: remove },
  { title: 'delete of a direct message', run: removeOfDirect },
];
