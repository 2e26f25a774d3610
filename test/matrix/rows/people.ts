import assert from 'node:assert/strict';
import {
  type Cell,
  inLobby,
  member,
  mentions,
  newcomer,
  onlooker,
  quiet,
  type Row,
  sawExactly,
  thatCan,
} from '../cell.ts';
import { can, type Client, PASSWORD } from '../driver.ts';
import { fits, type Pattern } from '../observations.ts';

/** Bob, by `to`, is there first, and has seen whatever there is to see of Alice's coming, by `from`. */
async function watched(cell: Cell, come: typeof newcomer): Promise<readonly [alice: Client, bob: Client]> {
  const bob = await newcomer(cell, cell.to, 'bob');
  const alice = await come(cell, cell.from, 'alice');
  await quiet(cell, { client: bob, driver: cell.to });
  return [alice, bob];
}

/** What Bob is shown of these names from now on, when `act` is done: exactly this, in this order; null is nothing. */
async function shows(
  cell: Cell,
  bob: Client,
  names: readonly string[],
  act: () => Promise<void>,
  patterns: readonly (Pattern | null)[],
): Promise<void> {
  const before = bob.sightings.all.length;
  await act();
  await quiet(cell, { client: bob, driver: cell.to });
  const seen = bob.sightings.all.slice(before).filter((one) => names.some((name) => mentions(one, name)));
  const expected = patterns.filter((pattern) => pattern !== null);
  const exact = seen.length === expected.length && expected.every((pattern, index) => fits(seen[index], pattern));
  assert.ok(exact, `expected ${JSON.stringify(expected)}, saw ${JSON.stringify(seen)}`);
}

async function rename(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const [alice, bob] = await watched(cell, newcomer);
  const names = [cell.name('alice'), cell.name('alicia')] as const;
  const [ofPeople, ofGroups] = partition(to.looks.renamed(...names));
  const before = bob.sightings.all.length;
  await shows(cell, bob, names, () => alice.rename(names[1]), ofPeople);
  const groups = bob.sightings.all.slice(before).filter(({ kind }) => kind === 'group');
  for (const pattern of ofGroups) {
    const shown = groups.find((group) => fits(group, pattern));
    assert.ok(shown?.kind === 'group', `no ${JSON.stringify(pattern)}`);
    assert.deepEqual(
      names.map((name) => shown.members.includes(name)),
      [false, true],
    );
    const after = bob.sightings.all.findLastIndex((one) => mentions(one, names[1]));
    assert.ok(bob.sightings.all.indexOf(shown) > after, 'people come before groups');
  }
  const text = cell.text('under the new name');
  const said = await alice.sayInLobby(text, cell.time());
  const shown = inLobby(to, { ...said, author: names[1] });
  await bob.sightings.see(shown);
  await (await cell.connect(from)).enter(names[0]);
}

function partition(
  patterns: readonly Pattern[],
): readonly [ofPeople: readonly Pattern[], ofGroups: readonly Pattern[]] {
  return [patterns.filter(({ kind }) => kind !== 'group'), patterns.filter(({ kind }) => kind === 'group')];
}

async function renameOfAccount(cell: Cell): Promise<void> {
  const alice = await member(cell, cell.from, 'alice');
  await alice.rename(cell.name('alicia'));
}

async function statusChange(cell: Cell): Promise<void> {
  const { looks } = cell.to;
  const [alice, bob] = await watched(cell, newcomer);
  const name = cell.name('alice');
  for (const status of ['Away', 'Busy', 'at lunch; back [soon], 1', 'Available'])
    await shows(cell, bob, [name], () => alice.setStatus(status), [looks.status(name, status)]);
}

async function invisible(cell: Cell): Promise<void> {
  const { looks } = cell.to;
  const [alice, bob] = await watched(cell, newcomer);
  const name = cell.name('alice');
  await shows(cell, bob, [name], () => alice.setStatus('Offline'), [looks.left(name)]);
  await shows(cell, bob, [name], () => alice.setStatus('Available'), [looks.came(name)]);
}

/** Bob, by `to`, is invisible by whatever lets him be: others see nobody, and what is for him reaches him at once. */
async function invisibleSomebody(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const hiding = thatCan(cell, to, 'setStatus');
  const name = cell.name('bob');
  const alice = await newcomer(cell, from, 'alice');
  const bob = await member(cell, to, 'bob');
  const switching = await member(cell, hiding, 'bob');
  await switching.setStatus('Offline');
  await quiet(cell, { client: alice, driver: from });
  const present = await alice.who([name]);
  if (present !== null) assert.deepEqual(present, []);
  const before = alice.sightings.all.length;
  const text = cell.text('are you there?');
  const told = await alice.tell(name, text, cell.time());
  assert.notEqual(told.waits, false, 'is acknowledged as to somebody who is away');
  await sawExactly(cell, { client: bob, driver: to }, text, [to.looks.direct(told)]);
  for (const client of [switching, bob]) await client.leave();
  await quiet(cell, { client: alice, driver: from });
  const shown = alice.sightings.all.slice(before).filter((one) => one.kind !== 'message' && mentions(one, name));
  assert.deepEqual(shown, [], 'nobody sees somebody invisible go');
  await sawExactly(cell, { client: await member(cell, to, 'bob'), driver: to }, text, []);
}

async function displayName(cell: Cell): Promise<void> {
  const { looks } = cell.to;
  const [alice, bob] = await watched(cell, member);
  const name = cell.name('alice');
  const fresh = 'C0CAFF; [#1], "PERU" :D!!';
  await shows(cell, bob, [name], () => alice.setDisplayName(fresh), [looks.displayName(name, fresh)]);
}

async function come(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const bob = await newcomer(cell, to, 'bob');
  const name = cell.name('alice');
  const guests = can(from, 'guest');
  if (!guests) await place.account(name, PASSWORD);
  await quiet(cell, { client: bob, driver: to });
  const comes = async () => void (await (guests ? newcomer : member)(cell, from, 'alice'));
  await shows(cell, bob, [name], comes, [to.looks.came(name)]);
}

async function leave(cell: Cell): Promise<void> {
  const [alice, bob] = await watched(cell, newcomer);
  const name = cell.name('alice');
  await shows(cell, bob, [name], () => alice.leave(), [cell.to.looks.left(name)]);
}

async function lostConnection(cell: Cell): Promise<void> {
  const [alice, bob] = await watched(cell, newcomer);
  const name = cell.name('alice');
  const lost = cell.to.looks.lost(name);
  const { client, driver } = await onlooker(cell, { client: bob, driver: cell.to });
  const cut = async () => {
    alice.cut();
    await client.sightings.see(driver.looks.lost(name) ?? assert.fail());
  };
  await shows(cell, bob, [name], cut, [lost]);
}

/** Who is there, what they are called and what they are up to. */
export const peopleRows: readonly Row[] = [
  { title: 'rename', needs: ['rename'], run: rename },
  {
    title: 'rename of an account',
    never: { action: 'rename', reason: 'the name of an account is fixed' },
    run: renameOfAccount,
  },
  { title: 'status change', needs: ['setStatus'], run: statusChange },
  { title: 'turning invisible', needs: ['setStatus'], run: invisible },
  { title: 'somebody invisible', run: invisibleSomebody },
  { title: 'display name', needs: ['setDisplayName'], run: displayName },
  { title: 'come', run: come },
  { title: 'leave', run: leave },
  { title: 'lost connection', run: lostConnection },
];
