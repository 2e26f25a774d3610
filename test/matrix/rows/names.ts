import assert from 'node:assert/strict';
import { type Cell, guest, inLobby, member, PASSWORD, type Row, sawExactly } from '../cell.ts';
import { Refused } from '../driver.ts';

async function nameTaken(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const holder = await guest(cell, from, 'alice');
  const name = cell.name('alice');
  const late = await cell.connect(to);
  const taken = (error: unknown) => error instanceof Refused && error.answer === to.answers.nameTaken;
  const lookAlike = name.replace('a', 'а');
  assert.notEqual(lookAlike, name);
  for (const wanted of [name, name.toUpperCase(), lookAlike]) await assert.rejects(late.enter(wanted), taken);
  await holder.leave();
  await late.enter(name.toUpperCase());
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
  const holder = await guest(cell, to, 'alice');
  const late = await cell.connect(from);
  const register = async () => {
    await late.register(cell.name('alice'), PASSWORD);
    assert.fail('a name in use was given to somebody else');
  };
  await register().catch((error: unknown) => {
    if (!(error instanceof Refused) || error.answer !== from.answers.nameTaken) throw error;
  });
  await holder.leave();
  await late.register(cell.name('alice'), PASSWORD);
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
  const bob = await guest(cell, to, 'bob');
  const alice = await guest(cell, from, 'alice');
  const name = cell.name('alice');
  const said = await alice.sayInLobby(cell.text('as a guest'), cell.time());
  await alice.register(name, PASSWORD);
  const heard = await bob.sayInLobby(cell.text('to the member'), cell.time());
  const shown = inLobby(from, heard);
  await sawExactly(cell, { client: alice, driver: from }, heard.text, [shown]);
  await alice.leave();
  const again = await cell.connect(to);
  await again.login(name, PASSWORD);
  const text = cell.text('as a member');
  await again.edit(said, text);
  await bob.sightings.see(to.looks.edited(said, text, { type: 'group', name: 'lobby' }));
}

/** Whose a name is. */
export const nameRows: readonly Row[] = [
  { title: 'name taken', run: nameTaken },
  { title: 'name of an account taken', run: accountNameTaken },
  { title: 'registering a name in use', run: registeringNameInUse },
  { title: 'one password', run: onePassword },
  { title: 'guest becomes account', run: guestBecomesAccount },
];
