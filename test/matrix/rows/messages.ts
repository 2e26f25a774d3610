import assert from 'node:assert/strict';
import { type Cell, groupOf, inLobby, member, newcomer, quiet, type Row, sawExactly, twoNewcomers } from '../cell.ts';
import { can, Refused, type Said } from '../driver.ts';

async function lobbyMessage(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  const text = cell.text('hello; all, [of] you');
  const said = await alice.sayInLobby(text, cell.time());
  const shown = inLobby(to, said);
  await sawExactly(cell, { client: bob, driver: to }, text, [shown]);
}

async function groupMessage(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const alice = await member(cell, from, 'alice');
  const bob = await member(cell, to, 'bob');
  const outsider = await member(cell, to, 'carol');
  const { group } = await groupOf(cell, 'alice', 'bob');
  const text = cell.text('among us');
  const said = await alice.sayInGroup(group, text, cell.time());
  const shown = to.looks.message(said, group);
  await sawExactly(cell, { client: bob, driver: to }, text, shown === null ? [] : [shown]);
  await sawExactly(cell, { client: outsider, driver: to }, text, []);
  await bob.leave();
  if (shown === null) return waitsElsewhere(cell, said, group);
  const later = await alice.sayInGroup(group, text, cell.time());
  const waits = to.looks.message(later, group);
  assert.ok(waits !== null);
  await sawExactly(cell, { client: await member(cell, to, 'bob'), driver: to }, text, [waits]);
}

/** What a protocol does not show waits until its person comes by one that does. */
async function waitsElsewhere(cell: Cell, said: Said, group: string): Promise<void> {
  const other = cell.drivers.find(({ looks }) => looks.message(said, group) !== null);
  const shown = other?.looks.message(said, group);
  assert.ok(other !== undefined && shown != null);
  const client = await member(cell, other, 'bob');
  await sawExactly(cell, { client, driver: other }, said.text, [shown]);
}

/** Whoever left a group is shown nothing of it any more, nor later what was said meanwhile. */
async function groupLeft(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const [alice, bob] = [await member(cell, from, 'alice'), await member(cell, to, 'bob')];
  const { group, room } = await groupOf(cell, 'alice', 'bob');
  const [mark, one] = [cell.text('among us'), place.person(cell.name('bob'))];
  const first = await alice.sayInGroup(group, `${mark} 1`, cell.time());
  await quiet(cell, { client: bob, driver: to });
  await place.must((world, done) => world.rooms.leave(one, room, done));
  await alice.sayInGroup(group, `${mark} 2`, cell.time());
  if (can(from, 'edit')) await alice.edit(first, `${mark} 1, edited`);
  await place.must((world, done) => world.rooms.join(one, room, done));
  const last = await alice.sayInGroup(group, `${mark} 3`, cell.time());
  const shown = [first, last].map((said) => to.looks.message(said, group)).filter((look) => look !== null);
  await sawExactly(cell, { client: bob, driver: to }, mark, shown);
}

async function directMessage(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  const bystander = await newcomer(cell, to, 'carol');
  const text = cell.text('between us; only');
  const said = await alice.tell(cell.name('bob'), text, cell.time());
  assert.notEqual(said.waits, true);
  await sawExactly(cell, { client: bob, driver: to }, text, [to.looks.direct(said)]);
  await sawExactly(cell, { client: bystander, driver: to }, text, []);
}

/** A guest who has left is nobody, and a guest's name that nobody has is nobody's. What is for an account waits. */
async function directToSomebodyGone(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  await bob.leave();
  const text = cell.text('too late');
  const telling = alice.tell(cell.name('bob'), text, cell.time());
  if (can(to, 'guest')) {
    await assert.rejects(telling, Refused);
    const again = await newcomer(cell, to, 'bob');
    await sawExactly(cell, { client: again, driver: to }, text, []);
  } else {
    const told = await telling;
    assert.notEqual(told.waits, false);
    const again = await member(cell, to, 'bob');
    await sawExactly(cell, { client: again, driver: to }, text, [to.looks.direct(told)]);
  }
}

async function font(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  const text = cell.text('looks like this');
  const said = await alice.sayInLobby(text, cell.time(), { family: 'Comic Sans MS', color: '#Ff8000', style: 'bi' });
  const shown = inLobby(to, said);
  await sawExactly(cell, { client: bob, driver: to }, text, [shown]);
}

/** What is a command in one protocol is a text to all others, and stays one. */
async function looksLikeCommand(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  for (const command of [`/msg ${cell.name('bob')}`, '//', '/', 'c2/MSG 1;', '{"message":"logout"}']) {
    const text = `${command} ${cell.text(`said ${command.length}`)}`;
    const said = await alice.sayInLobby(text, cell.time());
    await bob.sightings.see(inLobby(to, said));
  }
}

/** What is said. */
export const messageRows: readonly Row[] = [
  { title: 'lobby message', run: lobbyMessage },
  { title: 'group message', needs: ['sayInGroup'], run: groupMessage },
  { title: 'group left', needs: ['sayInGroup'], run: groupLeft },
  { title: 'direct message', run: directMessage },
  { title: 'direct message to somebody who is gone', run: directToSomebodyGone },
  { title: 'font', run: font },
  { title: 'text like a command', run: looksLikeCommand },
];
