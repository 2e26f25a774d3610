import assert from 'node:assert/strict';
import {
  assertObserved,
  type Cell,
  enterAs,
  enterAsGuest,
  lobbyPattern,
  loginAs,
  type Row,
  supporting,
} from '../cell.ts';
import { PASSWORD, Refused, supports } from '../driver.ts';
import { LOBBY } from '../observations.ts';

/** A name in use is refused, also in capitals and in look-alike letters. A guest's name is free once the guest has left. */
async function nameTaken(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const owner = await enterAs(cell, from, 'alice');
  const name = cell.name('alice');
  const stranger = await cell.connect(to);
  const answer = supports(from, 'guest') ? to.refusals.nameTaken : to.refusals.nameRegistered;
  const taken = (error: unknown) => error instanceof Refused && error.answer === answer;
  const lookAlike = name.replace('a', 'а');
  assert.notEqual(lookAlike, name);
  for (const wanted of [name, name.toUpperCase(), lookAlike]) await assert.rejects(stranger.enter(wanted), taken);
  await owner.leave();
  if (supports(from, 'guest')) await stranger.enter(name.toUpperCase());
  else await assert.rejects(stranger.enter(name.toUpperCase()), taken);
}

async function accountNameTaken(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const owner = await loginAs(cell, from, 'alice');
  const name = cell.name('alice');
  const stranger = await cell.connect(to);
  const taken = (error: unknown) => error instanceof Refused && error.answer === to.refusals.nameRegistered;
  await assert.rejects(stranger.enter(name), taken);
  await owner.leave();
  await assert.rejects(stranger.enter(name.toUpperCase()), taken);
}

async function registeringNameInUse(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const owner = await enterAs(cell, to, 'alice');
  const stranger = await cell.connect(from);
  const answer = supports(to, 'guest') ? from.refusals.nameTaken : from.refusals.nameRegistered;
  const isRefused = async () => {
    const error = await stranger.register(cell.name('alice'), PASSWORD).catch((refused: unknown) => refused);
    assert.ok(error !== undefined, 'a name in use was given away');
    if (!(error instanceof Refused) || error.answer !== answer) throw error;
  };
  await isRefused();
  await owner.leave();
  if (supports(to, 'guest')) await stranger.register(cell.name('alice'), PASSWORD);
  else await isRefused();
}

async function onePassword(cell: Cell): Promise<void> {
  const [name, password] = [cell.name('alice'), 'pä55; word, [1]'];
  await (await cell.connect(cell.from)).register(name, password);
  const client = await cell.connect(cell.to);
  const wrong = (error: unknown) => error instanceof Refused && error.operation === 'login';
  await assert.rejects(client.login(name, `${password}!`), wrong);
  await client.login(name, password);
}

async function guestBecomesAccount(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const bob = await enterAs(cell, to, 'bob');
  const alice = await enterAsGuest(cell, from, 'alice');
  const name = cell.name('alice');
  const sent = await alice.sendToLobby(cell.text('as a guest'), cell.time());
  const shown = await bob.observed.waitFor(lobbyPattern(to, sent));
  await alice.register(name, PASSWORD);
  const answer = await bob.sendToLobby(cell.text('to the member'), cell.time());
  await assertObserved(cell, alice, answer.text, [lobbyPattern(from, answer)]);
  await alice.leave();
  const again = await loginAs(cell, to, 'alice');
  const text = cell.text('as a member');
  if (supports(to, 'edit')) await again.edit({ ...sent, id: shown.id }, text);
  else await (await loginAs(cell, supporting(cell, from, 'edit'), 'alice')).edit(sent, text);
  await bob.observed.waitFor(to.expected.edited(sent, text, LOBBY));
}

/** Who may use a name. */
export const nameRows: readonly Row[] = [
  { title: 'name taken', run: nameTaken },
  { title: 'name of an account taken', run: accountNameTaken },
  { title: 'registering a name in use', needs: ['register'], run: registeringNameInUse },
  { title: 'one password', needs: ['register'], run: onePassword },
  { title: 'guest becomes account', needs: ['guest', 'register'], run: guestBecomesAccount },
];
