import assert from 'node:assert/strict';
import {
  type Cell,
  endedFor,
  groupOf,
  inLobby,
  member,
  mentions,
  newcomer,
  onlooker,
  quiet,
  type Row,
  sawExactly,
} from '../cell.ts';
import { type Own, PASSWORD, type Said } from '../driver.ts';

/** Whether a connection is shown what its own person said, on this very connection (`sending`) or on another one. */
function shows(own: Own['direct'], sending: boolean): boolean {
  return own === 'all' || (own === 'others' && !sending);
}

/** Alice is there twice, and speaks on the connection by `from`. */
async function ownLobbyMessage(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const speaking = await member(cell, from, 'alice');
  const listening = await member(cell, to, 'alice');
  const bob = await newcomer(cell, to, 'bob');
  const text = cell.text('to all');
  const said = await speaking.sayInLobby(text, cell.time());
  const seen = (driver: typeof from, sending: boolean) =>
    shows(driver.own.rooms, sending) ? [inLobby(driver, said)] : [];
  await sawExactly(cell, { client: speaking, driver: from }, text, seen(from, true));
  await sawExactly(cell, { client: listening, driver: to }, text, seen(to, false));
  await sawExactly(cell, { client: bob, driver: to }, text, [inLobby(to, said)]);
}

async function ownDirectMessage(cell: Cell): Promise<void> {
  await ownDirect(cell, undefined);
}

/** The same where each connection asked to be shown its own, if its protocol knows such a thing. */
async function ownDirectMessageEchoed(cell: Cell): Promise<void> {
  await ownDirect(cell, 'echo');
}

async function ownDirect(cell: Cell, echo: 'echo' | undefined): Promise<void> {
  const { from, to } = cell;
  const speaking = await member(cell, from, 'alice', echo);
  const listening = await member(cell, to, 'alice', echo);
  const bob = await newcomer(cell, to, 'bob');
  const name = cell.name('bob');
  const text = cell.text('to one');
  const said = await speaking.tell(name, text, cell.time());
  const seen = (driver: typeof from, sending: boolean) => {
    const { direct } = (echo && driver.ownWithEcho) ?? driver.own;
    return shows(direct, sending) ? [driver.looks.ownDirect(said, name) ?? assert.fail()] : [];
  };
  await sawExactly(cell, { client: bob, driver: to }, text, [to.looks.direct(said)]);
  await sawExactly(cell, { client: speaking, driver: from }, text, seen(from, true));
  await sawExactly(cell, { client: listening, driver: to }, text, seen(to, false));
}

/** What Alice changes and takes back is shown where her own words are. */
async function ownEdit(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const speaking = await member(cell, from, 'alice');
  const listening = await member(cell, to, 'alice');
  const said = await speaking.sayInLobby(cell.text('first'), cell.time());
  await listening.sightings.see(inLobby(to, said));
  const text = cell.text('second');
  await speaking.edit(said, text);
  const seen = (driver: typeof from, sending: boolean) =>
    shows(driver.own.rooms, sending) ? [driver.looks.edited(said, text, { type: 'group', name: 'lobby' })] : [];
  await sawExactly(cell, { client: speaking, driver: from }, text, seen(from, true));
  await sawExactly(cell, { client: listening, driver: to }, text, seen(to, false));
}

/** What is said in a group is shown where groups are shown, and waits for nothing then. */
async function groupMessage(cell: Cell): Promise<void> {
  const { from, to, drivers } = cell;
  const showsGroups = (driver: typeof from) => driver.looks.message(NOTHING, 'any') !== null;
  const speaking = drivers.find(showsGroups);
  assert.ok(speaking !== undefined);
  const bob = await member(cell, speaking, 'bob');
  const clients = [await member(cell, from, 'alice'), await member(cell, to, 'alice')] as const;
  const { group } = await groupOf(cell, 'bob', 'alice');
  const text = cell.text('among us');
  const said = await bob.sayInGroup(group, text, cell.time());
  for (const [index, driver] of [from, to].entries()) {
    const client = clients[index] ?? assert.fail();
    const shown = driver.looks.message(said, group);
    await sawExactly(cell, { client, driver }, text, shown === null ? [] : [shown]);
  }
  for (const client of clients) await client.leave();
  const again = await member(cell, speaking, 'alice');
  const waits = [from, to].some(showsGroups) ? [] : [speaking.looks.message(said, group) ?? assert.fail()];
  await sawExactly(cell, { client: again, driver: speaking }, text, waits);
}

const NOTHING: Said = { author: '', text: '', time: 0, id: '', waits: null, font: null };

/** A ban ends every connection, and the others see one person go. */
async function bannedOnBoth(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const clients = [await member(cell, from, 'alice'), await member(cell, to, 'alice')];
  const bob = await newcomer(cell, to, 'bob');
  const name = cell.name('alice');
  await place.must((world, done) => world.moderation.ban({ type: 'operator' }, name, 'spam', null, done));
  for (const client of clients) await endedFor(client, 'banned: spam');
  const gone = to.looks.banned(name, 'spam');
  if (gone !== null) await bob.sightings.see(gone);
  await quiet(cell, { client: bob, driver: to });
  if (gone !== null) assert.equal(bob.sightings.find(gone).length, 1);
}

/** What others say is shown once on each connection. */
async function othersMessages(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const one = await member(cell, from, 'alice');
  const other = await member(cell, to, 'alice');
  const bob = await newcomer(cell, from, 'bob');
  const mark = cell.text('to her');
  const told = await bob.tell(cell.name('alice'), `${mark} 1`, cell.time());
  const said = await bob.sayInLobby(`${mark} 2`, cell.time());
  for (const [client, driver] of [
    [one, from],
    [other, to],
  ] as const) {
    await sawExactly(cell, { client, driver }, mark, [driver.looks.direct(told), inLobby(driver, said)]);
  }
}

/** A message waits for the person, not for the connection: what one has shown, the next is not shown again. */
async function shownOnce(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const name = cell.name('alice');
  await place.account(name, PASSWORD);
  const bob = await newcomer(cell, from, 'bob');
  const text = cell.text('waits once');
  const told = await bob.tell(name, text, cell.time());
  const first = await member(cell, from, 'alice');
  await sawExactly(cell, { client: first, driver: from }, text, [from.looks.direct(told)]);
  await first.leave();
  const second = await member(cell, to, 'alice');
  await sawExactly(cell, { client: second, driver: to }, text, []);
}

/** One leaves with the last connection, whichever protocol that is. */
async function lastConnection(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const name = cell.name('alice');
  const one = await member(cell, from, 'alice');
  const other = await member(cell, to, 'alice');
  const bob = await newcomer(cell, to, 'bob');
  await quiet(cell, { client: bob, driver: to });
  const before = bob.sightings.all.length;
  await one.leave();
  await quiet(cell, { client: bob, driver: to }, { client: other, driver: to });
  assert.deepEqual(
    bob.sightings.all.slice(before).filter((sighting) => mentions(sighting, name)),
    [],
  );
  const watching = await onlooker(cell, { client: bob, driver: to });
  await other.leave();
  await watching.client.sightings.see(watching.driver.looks.left(name) ?? assert.fail());
}

/** One person on two connections at once. */
export const bothRows: readonly Row[] = [
  { title: 'on both: own lobby message', run: ownLobbyMessage },
  { title: 'on both: own direct message', run: ownDirectMessage },
  { title: 'on both: own direct message, echoed', run: ownDirectMessageEchoed },
  { title: 'on both: own edit', needs: ['edit'], run: ownEdit },
  { title: 'on both: group message', run: groupMessage },
  { title: 'on both: banned', run: bannedOnBoth },
  { title: "on both: others' messages", run: othersMessages },
  { title: 'on both: waiting is shown once', run: shownOnce },
  { title: 'on both: leaving with the last one', run: lastConnection },
];
