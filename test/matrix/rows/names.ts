import assert from 'node:assert/strict';
import { type Cell, guest, inLobby, member, newcomer, type Row, sawExactly, thatCan } from '../cell.ts';
import { can, PASSWORD, Refused } from '../driver.ts';

/** Nobody comes under the name of somebody else; a guest's is free when the guest has left. */
async function nameTaken(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const holder = await newcomer(cell, from, 'alice');
  const name = cell.name('alice');
  const late = await cell.connect(to);
  const taken = (error: unknown) => error instanceof Refused && error.answer === to.answers.nameTaken;
  const lookAlike = name.replace('a', 'а');
  assert.notEqual(lookAlike, name);
  for (const wanted of [name, name.toUpperCase(), lookAlike]) await assert.rejects(late.enter(wanted), taken);
  await holder.leave();
  if (can(from, 'guest')) await late.enter(name.toUpperCase());
  else await assert.rejects(late.enter(name.toUpperCase()), taken);
}

async function accountNameTaken(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const owner = await member(cell, from, 'alice');
  const name = cell.name('alice');
  const stranger = await cell.connect(to);
  const taken = (error: unknown) => error instanceof Refused && error.answer === to.answers.nameTaken;
  await assert.rejects(stranger.enter(name), taken);
  await owner.leave();
  await assert.rejects(stranger.enter(name.toUpperCase()), taken);
}

async function registeringNameInUse(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const holder = await newcomer(cell, to, 'alice');
  const late = await cell.connect(from);
  const isRefused = async () => {
    const error = await late.register(cell.name('alice'), PASSWORD).catch((refused: unknown) => refused);
    assert.ok(error !== undefined, 'a name in use was given to somebody else');
    if (!(error instanceof Refused) || error.answer !== from.answers.nameTaken) throw error;
  };
  await isRefused();
  await holder.leave();
  if (can(to, 'guest')) await late.register(cell.name('alice'), PASSWORD);
  else await isRefused();
}

async function onePassword(cell: Cell): Promise<void> {
  const [name, password] = [cell.name('alice'), 'pä55; word, [1]'];
  await (await cell.connect(cell.from)).register(name, password);
  const client = await cell.connect(cell.to);
  const wrong = (error: unknown) => error instanceof Refused && error.action === 'login';
  await assert.rejects(client.login(name, `${password}!`), wrong);
  await client.login(name, password);
}

async function guestBecomesAccount(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const bob = await newcomer(cell, to, 'bob');
  const alice = await guest(cell, from, 'alice');
  const name = cell.name('alice');
  const said = await alice.sayInLobby(cell.text('as a guest'), cell.time());
  await alice.register(name, PASSWORD);
  const heard = await bob.sayInLobby(cell.text('to the member'), cell.time());
  const shown = inLobby(from, heard);
  await sawExactly(cell, { client: alice, driver: from }, heard.text, [shown]);
  await alice.leave();
  const again = await member(cell, to, 'alice');
  const text = cell.text('as a member');
  await (can(to, 'edit') ? again : await member(cell, thatCan(cell, from, 'edit'), 'alice')).edit(said, text);
  await bob.sightings.see(to.looks.edited(said, text, { type: 'group', name: 'lobby' }));
}

/** Whose a name is. */
export const nameRows: readonly Row[] = [
  { title: 'name taken', run: nameTaken },
  { title: 'name of an account taken', run: accountNameTaken },
  { title: 'registering a name in use', needs: ['register'], run: registeringNameInUse },
  { title: 'one password', needs: ['register'], run: onePassword },
  { title: 'guest becomes account', needs: ['guest', 'register'], run: guestBecomesAccount },
];
