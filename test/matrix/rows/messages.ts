import assert from 'node:assert/strict';
import { type Cell, guest, member, PASSWORD, quiet, type Row, sawExactly } from '../cell.ts';
import { type Client, Refused, type Said } from '../driver.ts';
import type { Spot } from '../sightings.ts';

const LOBBY: Spot = { type: 'group', name: 'lobby' };
const DIRECT: Spot = { type: 'direct' };

/** Two guests who are both there. */
async function two(cell: Cell): Promise<readonly [alice: Client, bob: Client]> {
  const alice = await guest(cell, cell.from, 'alice');
  return [alice, await guest(cell, cell.to, 'bob')];
}

async function lobbyMessage(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await two(cell);
  const text = cell.text('hello; all, [of] you');
  const said = await alice.sayInLobby(text, cell.time());
  const shown = to.looks.message(said, 'lobby');
  assert.ok(shown !== null);
  await sawExactly(cell, { client: bob, driver: to }, text, [shown]);
}

async function groupMessage(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const alice = await member(cell, from, 'alice');
  const bob = await member(cell, to, 'bob');
  const outsider = await member(cell, to, 'carol');
  const [group, text] = [cell.name('group'), cell.text('among us')];
  const room = await place.must<number>((world, done) =>
    world.rooms.create(place.person(cell.name('alice')), group, null, false, done),
  );
  await place.must((world, done) => world.rooms.join(place.person(cell.name('bob')), room, done));
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

async function directMessage(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await two(cell);
  const bystander = await guest(cell, to, 'carol');
  const text = cell.text('between us; only');
  const said = await alice.tell(cell.name('bob'), text, cell.time());
  assert.notEqual(said.waits, true);
  await sawExactly(cell, { client: bob, driver: to }, text, [to.looks.direct(said)]);
  await sawExactly(cell, { client: bystander, driver: to }, text, []);
}

/** A guest who has left is nobody, and a guest's name that nobody has is nobody's. */
async function directToGoneGuest(cell: Cell): Promise<void> {
  const [alice, bob] = await two(cell);
  await bob.leave();
  const text = cell.text('too late');
  await assert.rejects(alice.tell(cell.name('bob'), text, cell.time()), Refused);
  const again = await guest(cell, cell.to, 'bob');
  await sawExactly(cell, { client: again, driver: cell.to }, text, []);
}

async function edit(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await two(cell);
  const said = await alice.sayInLobby(cell.text('first'), cell.time());
  const original = to.looks.message(said, 'lobby');
  assert.ok(original !== null);
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
  const [alice, bob] = await two(cell);
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
  const [alice, bob] = await two(cell);
  const said = await alice.sayInLobby(cell.text('regretted'), cell.time());
  const original = to.looks.message(said, 'lobby');
  assert.ok(original !== null);
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
  const [alice, bob] = await two(cell);
  const said = await alice.tell(cell.name('bob'), cell.text('regretted'), cell.time());
  await bob.sightings.see(to.looks.direct(said));
  await alice.delete(said);
  await bob.sightings.see(to.looks.deleted(said, DIRECT));
}

async function font(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await two(cell);
  const text = cell.text('looks like this');
  const said = await alice.sayInLobby(text, cell.time(), { family: 'Comic Sans MS', color: '#Ff8000', style: 'bi' });
  const shown = to.looks.message(said, 'lobby');
  assert.ok(shown !== null);
  await sawExactly(cell, { client: bob, driver: to }, text, [shown]);
}

/** What is a command in one protocol is a text to all others, and stays one. */
async function looksLikeCommand(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await two(cell);
  for (const command of [`/msg ${cell.name('bob')}`, '//', '/', 'c2/MSG 1;', '{"message":"logout"}']) {
    const text = `${command} ${cell.text(`said ${command.length}`)}`;
    const said = await alice.sayInLobby(text, cell.time());
    const shown = to.looks.message(said, 'lobby');
    assert.ok(shown !== null);
    await bob.sightings.see(shown);
  }
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
  await guest(cell, to, 'alice');
  const bob = await member(cell, to, 'bob');
  const author = `${cell.name('alice')}~`;
  const shown = to.looks.message({ ...said, author }, 'lobby');
  assert.ok(shown !== null);
  await sawExactly(cell, { client: bob, driver: to }, mark, [shown, to.looks.direct({ ...told, author })]);
}

async function waiting(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const name = cell.name('bob');
  await place.account(name, PASSWORD);
  const alice = await guest(cell, from, 'alice');
  const mark = cell.text('waits');
  const first = await alice.sayInLobby(`${mark} as it was`, cell.time());
  await alice.edit(first, `${mark} 1`);
  const second = await alice.tell(name, `${mark} 2`, cell.time());
  assert.notEqual(second.waits, false);
  const third = await alice.sayInLobby(`${mark} 3`, cell.time());
  const bob = await cell.connect(to);
  await bob.login(name, PASSWORD);
  const shown = [
    to.looks.message({ ...first, text: `${mark} 1` }, 'lobby'),
    to.looks.direct(second),
    to.looks.message(third, 'lobby'),
  ];
  await sawExactly(
    cell,
    { client: bob, driver: to },
    mark,
    shown.filter((one) => one !== null),
  );
  const live = await alice.sayInLobby(`${mark} 4`, cell.time());
  const lived = to.looks.message(live, 'lobby');
  assert.ok(lived !== null);
  await bob.sightings.see(lived);
  assert.equal(bob.sightings.messagesWith(mark).at(-1)?.text, `${mark} 4`);
  await bob.leave();
  const again = await cell.connect(to);
  await again.login(name, PASSWORD);
  const history = [shown[0], shown[2], lived].filter((one) => one != null);
  await sawExactly(cell, { client: again, driver: to }, mark, to.history ? history : []);
}

/** What is deleted before it was shown is not shown, but in a history that keeps the place of it. */
async function waitingDeleted(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  await place.account(cell.name('bob'), PASSWORD);
  const alice = await guest(cell, from, 'alice');
  const text = cell.text('regretted');
  const said = await alice.sayInLobby(text, cell.time());
  const told = await alice.tell(cell.name('bob'), text, cell.time());
  await alice.delete(said);
  await alice.delete(told);
  const bob = await member(cell, to, 'bob');
  await sawExactly(cell, { client: bob, driver: to }, text, []);
  assert.equal(bob.sightings.find(to.looks.deleted(said, LOBBY)).length, to.history ? 1 : 0);
}

/** Whoever has left, and whose connection is not closed yet, is not shown what is said meanwhile: it waits. */
async function saidWhileLeaving(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const alice = await guest(cell, from, 'alice');
  const bob = await member(cell, to, 'bob');
  await quiet(cell, { client: bob, driver: to });
  bob.pause();
  const left = bob.leave();
  await alice.sightings.see(from.looks.left(cell.name('bob')));
  const mark = cell.text('meanwhile');
  const told = await alice.tell(cell.name('bob'), `${mark} 1`, cell.time());
  const said = await alice.sayInLobby(`${mark} 2`, cell.time());
  bob.resume();
  await left;
  const shown = to.looks.message(said, 'lobby');
  assert.ok(shown !== null);
  const again = await member(cell, to, 'bob');
  await sawExactly(cell, { client: again, driver: to }, mark, [to.looks.direct(told), shown]);
  assert.deepEqual(bob.sightings.messagesWith(mark), []);
}

/** What is said while a line breaks is never missed: nobody knows yet that it is broken. */
async function saidWhileLost(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const alice = await guest(cell, from, 'alice');
  const bob = await member(cell, to, 'bob');
  await quiet(cell, { client: bob, driver: to });
  const mark = cell.text('meanwhile');
  bob.cut();
  const told = await alice.tell(cell.name('bob'), `${mark} 1`, cell.time());
  const said = await alice.sayInLobby(`${mark} 2`, cell.time());
  const shown = to.looks.message(said, 'lobby');
  assert.ok(shown !== null);
  const again = await member(cell, to, 'bob');
  await sawExactly(cell, { client: again, driver: to }, mark, [to.looks.direct(told), shown]);
}

/** Whoever left a group is shown nothing of it any more, nor later what was said meanwhile. */
async function groupLeft(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const [alice, bob] = [await member(cell, from, 'alice'), await member(cell, to, 'bob')];
  const [group, mark, one] = [cell.name('group'), cell.text('among us'), place.person(cell.name('bob'))];
  const room = await place.must<number>((world, done) =>
    world.rooms.create(place.person(cell.name('alice')), group, null, false, done),
  );
  await place.must((world, done) => world.rooms.join(one, room, done));
  const first = await alice.sayInGroup(group, `${mark} 1`, cell.time());
  await quiet(cell, { client: bob, driver: to });
  await place.must((world, done) => world.rooms.leave(one, room, done));
  await alice.sayInGroup(group, `${mark} 2`, cell.time());
  await alice.edit(first, `${mark} 1, edited`);
  await place.must((world, done) => world.rooms.join(one, room, done));
  const last = await alice.sayInGroup(group, `${mark} 3`, cell.time());
  const shown = [first, last].map((said) => to.looks.message(said, group)).filter((look) => look !== null);
  await sawExactly(cell, { client: bob, driver: to }, mark, shown);
}

/** What is said, changed and taken back. */
export const messageRows: readonly Row[] = [
  { title: 'lobby message', run: lobbyMessage },
  { title: 'group message', run: groupMessage },
  { title: 'direct message', run: directMessage },
  { title: 'direct message to a guest who is gone', run: directToGoneGuest },
  { title: 'edit', run: edit },
  { title: 'edit of a direct message', run: editOfDirect },
  { title: 'delete', run: remove },
  { title: 'delete of a direct message', run: removeOfDirect },
  { title: 'font', run: font },
  { title: 'text like a command', run: looksLikeCommand },
  { title: 'message of a guest who is gone', run: goneGuest },
  { title: 'waiting at login', run: waiting },
  { title: 'group left', run: groupLeft },
  { title: 'said while the line breaks', run: saidWhileLost },
  { title: 'said while leaving', run: saidWhileLeaving },
  { title: 'waiting, and deleted meanwhile', run: waitingDeleted },
];
