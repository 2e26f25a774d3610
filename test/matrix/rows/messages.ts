import assert from 'node:assert/strict';
import {
  assertObserved,
  assertObservedNext,
  caughtUp,
  type Cell,
  createGroup,
  enterAs,
  enterBoth,
  lobbyPattern,
  loginAs,
  type Row,
} from '../cell.ts';
import { Refused, type SentMessage, supports } from '../driver.ts';

async function lobbyMessage(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await enterBoth(cell);
  const text = cell.text('hello; all, [of] you');
  const sent = await alice.sendToLobby(text, cell.time());
  await assertObserved(cell, bob, text, [lobbyPattern(to, sent)]);
}

async function groupMessage(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const alice = await loginAs(cell, from, 'alice');
  const bob = await loginAs(cell, to, 'bob');
  const outsider = await loginAs(cell, to, 'carol');
  const { group } = await createGroup(cell, 'alice', 'bob');
  const text = cell.text('among us');
  const sent = await alice.sendToGroup(group, text, cell.time());
  const shown = to.expected.message(sent, group);
  await assertObserved(cell, bob, text, shown === null ? [] : [shown]);
  await assertObserved(cell, outsider, text, []);
  await bob.leave();
  if (shown === null) return waitsElsewhere(cell, sent, group);
  const later = await alice.sendToGroup(group, `${text} later`, cell.time());
  const waits = to.expected.message(later, group);
  assert.ok(waits !== null);
  await assertObservedNext(cell, [bob], await loginAs(cell, to, 'bob'), text, [waits]);
}

/** A message that one protocol does not show waits until the person logs in by one that does. */
async function waitsElsewhere(cell: Cell, sent: SentMessage, group: string): Promise<void> {
  const other = cell.drivers.find(({ expected }) => expected.message(sent, group) !== null);
  const shown = other?.expected.message(sent, group);
  assert.ok(other !== undefined && shown != null);
  const client = await loginAs(cell, other, 'bob');
  await assertObserved(cell, client, sent.text, [shown]);
}

/** A former member is shown nothing of the group, and after joining again nothing of the time between, unless it asks. */
async function groupLeft(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  const [alice, bob] = [await loginAs(cell, from, 'alice'), await loginAs(cell, to, 'bob')];
  const { group, room } = await createGroup(cell, 'alice', 'bob');
  const [mark, one] = [cell.text('among us'), server.person(cell.name('bob'))];
  const first = await alice.sendToGroup(group, `${mark} 1`, cell.time());
  await caughtUp(cell, bob);
  await server.must((world, done) => world.rooms.leave(one, room, done));
  const between = await alice.sendToGroup(group, `${mark} 2`, cell.time());
  const edited = `${mark} 1, edited`;
  if (supports(from, 'edit')) await alice.edit(first, edited);
  await server.must((world, done) => world.rooms.join(one, room, done));
  const last = await alice.sendToGroup(group, `${mark} 3`, cell.time());
  const asked = supports(from, 'edit') ? [{ ...first, text: edited }, between] : [between];
  const shown = [first, ...(to.asks ? asked : []), last]
    .map((sent) => to.expected.message(sent, group))
    .filter((pattern) => pattern !== null);
  await assertObserved(cell, bob, mark, shown);
}

async function directMessage(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await enterBoth(cell);
  const bystander = await enterAs(cell, to, 'carol');
  const text = cell.text('between us; only');
  const sent = await alice.sendDirect(cell.name('bob'), text, cell.time());
  assert.notEqual(sent.waits, true);
  await assertObserved(cell, bob, text, [to.expected.direct(sent)]);
  await assertObserved(cell, bystander, text, []);
}

/** A message to a guest who has left is refused; one to an account waits. */
async function directToAbsentPerson(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await enterBoth(cell);
  await bob.leave();
  const text = cell.text('too late');
  const sending = alice.sendDirect(cell.name('bob'), text, cell.time());
  if (supports(to, 'guest')) {
    await assert.rejects(sending, Refused);
    const again = await enterAs(cell, to, 'bob');
    await assertObserved(cell, again, text, []);
  } else {
    const direct = await sending;
    assert.notEqual(direct.waits, false);
    const again = await loginAs(cell, to, 'bob');
    await assertObserved(cell, again, text, [to.expected.direct(direct)]);
  }
}

async function font(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await enterBoth(cell);
  const text = cell.text('looks like this');
  const sent = await alice.sendToLobby(text, cell.time(), { family: 'Comic Sans MS', color: '#Ff8000', style: 'bi' });
  await assertObserved(cell, bob, text, [lobbyPattern(to, sent)]);
}

/** A text that is a command in some protocol stays a text. */
async function looksLikeCommand(cell: Cell): Promise<void> {
  const { to } = cell;
  const [alice, bob] = await enterBoth(cell);
  for (const command of [`/msg ${cell.name('bob')}`, '//', '/', 'c2/MSG 1;', '{"message":"logout"}']) {
    const text = `${command} ${cell.text(`said ${command.length}`)}`;
    const sent = await alice.sendToLobby(text, cell.time());
    await bob.observed.waitFor(lobbyPattern(to, sent));
  }
}

export const messageRows: readonly Row[] = [
  { title: 'lobby message', run: lobbyMessage },
  { title: 'group message', needs: ['sendToGroup'], run: groupMessage },
  { title: 'group left', needs: ['sendToGroup'], run: groupLeft },
  { title: 'direct message', run: directMessage },
  { title: 'direct message to somebody who is gone', run: directToAbsentPerson },
  { title: 'font', run: font },
  { title: 'text like a command', run: looksLikeCommand },
];
