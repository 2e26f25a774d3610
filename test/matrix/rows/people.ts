import assert from 'node:assert/strict';
import {
  assertObserved,
  assertObservedNext,
  caughtUp,
  type Cell,
  departureWatcher,
  driverOf,
  enterAs,
  lobbyPattern,
  loginAs,
  mentions,
  type Row,
  supporting,
} from '../cell.ts';
import { type Client, PASSWORD, supports } from '../driver.ts';
import { matches, matchesAll, type Observation, type Pattern } from '../observations.ts';

/** Bob enters by `to`, then Alice by `from`; Bob has been shown that she entered. */
async function bobWatches(cell: Cell, enter: typeof enterAs): Promise<readonly [alice: Client, bob: Client]> {
  const bob = await enterAs(cell, cell.to, 'bob');
  const alice = await enter(cell, cell.from, 'alice');
  await caughtUp(cell, bob);
  return [alice, bob];
}

/** While `act` runs, Bob is shown exactly these patterns that mention the names, in this order; null means nothing. */
async function assertShows(
  cell: Cell,
  bob: Client,
  names: readonly string[],
  act: () => Promise<void>,
  patterns: readonly (Pattern | null)[],
): Promise<void> {
  const before = bob.observed.all.length;
  await act();
  await caughtUp(cell, bob);
  const shown = bob.observed.all.slice(before).filter((one) => names.some((name) => mentions(one, name)));
  const expected = patterns.filter((pattern) => pattern !== null);
  assert.ok(matchesAll(shown, expected), `expected ${JSON.stringify(expected)}, shown ${JSON.stringify(shown)}`);
}

async function rename(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const [alice, bob] = await bobWatches(cell, enterAs);
  const names = [cell.name('alice'), cell.name('alicia')] as const;
  const patterns = to.expected.renamed(...names);
  const groupPatterns = patterns.filter(({ kind }) => kind === 'group');
  const otherPatterns = patterns.filter(({ kind }) => kind !== 'group');
  await assertShows(cell, bob, names, () => alice.rename(names[1]), otherPatterns);
  const { observed } = bob;
  const isRenamed = (one: Observation) =>
    one.kind === 'group' && one.members.includes(names[1]) && !one.members.includes(names[0]);
  for (const pattern of groupPatterns) {
    // The groups of an update may come after its people were read, and an earlier update still has the old name.
    await observed.waitUntil(() => observed.filter(pattern).some(isRenamed), pattern);
    const after = observed.all.findLastIndex((one) => mentions(one, names[1]));
    assert.ok(
      observed.all.findIndex((one) => matches(one, pattern) && isRenamed(one)) > after,
      'people come before groups',
    );
  }
  const text = cell.text('under the new name');
  const sent = await alice.sendToLobby(text, cell.time());
  await bob.observed.waitFor(lobbyPattern(to, { ...sent, author: names[1] }));
  await (await cell.connect(from)).enter(names[0]);
}

async function renameOfAccount(cell: Cell): Promise<void> {
  const alice = await loginAs(cell, cell.from, 'alice');
  await alice.rename(cell.name('alicia'));
}

async function statusChange(cell: Cell): Promise<void> {
  const { expected } = cell.to;
  const [alice, bob] = await bobWatches(cell, enterAs);
  const name = cell.name('alice');
  for (const status of ['Away', 'Busy', 'at lunch; back [soon], 1', 'Available'])
    await assertShows(cell, bob, [name], () => alice.setStatus(status), [expected.status(name, status)]);
}

async function invisible(cell: Cell): Promise<void> {
  const { expected } = cell.to;
  const [alice, bob] = await bobWatches(cell, enterAs);
  const name = cell.name('alice');
  await assertShows(cell, bob, [name], () => alice.setStatus('Offline'), [expected.left(name)]);
  await assertShows(cell, bob, [name], () => alice.setStatus('Available'), [expected.entered(name)]);
}

/** An invisible person is not shown to others, but is shown direct messages at once. */
async function messageToInvisiblePerson(cell: Cell): Promise<void> {
  const { from, to } = cell;
  const name = cell.name('bob');
  const alice = await enterAs(cell, from, 'alice');
  const bob = await loginAs(cell, to, 'bob');
  const hiding = await loginAs(cell, supporting(cell, to, 'setStatus'), 'bob');
  await hiding.setStatus('Offline');
  await caughtUp(cell, alice);
  const present = await alice.who([name]);
  if (present !== null) assert.deepEqual(present, []);
  const before = alice.observed.all.length;
  const text = cell.text('are you there?');
  const direct = await alice.sendDirect(name, text, cell.time());
  assert.notEqual(direct.waits, false, 'is acknowledged as if Bob were away');
  await assertObserved(cell, bob, text, [to.expected.direct(direct)]);
  for (const client of [hiding, bob]) await client.leave();
  await caughtUp(cell, alice);
  const shown = alice.observed.all.slice(before).filter((one) => one.kind !== 'message' && mentions(one, name));
  assert.deepEqual(shown, [], 'nobody is shown that an invisible person leaves');
  await assertObservedNext(cell, [bob], await loginAs(cell, to, 'bob'), text, []);
}

async function displayName(cell: Cell): Promise<void> {
  const { expected } = cell.to;
  const [alice, bob] = await bobWatches(cell, loginAs);
  const name = cell.name('alice');
  const fresh = 'C0CAFF; [#1], "PERU" :D!!';
  await assertShows(cell, bob, [name], () => alice.setDisplayName(fresh), [expected.displayName(name, fresh)]);
}

async function enter(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  const bob = await enterAs(cell, to, 'bob');
  const name = cell.name('alice');
  const guests = supports(from, 'guest');
  if (!guests) await server.account(name, PASSWORD);
  await caughtUp(cell, bob);
  const act = async () => void (await (guests ? enterAs : loginAs)(cell, from, 'alice'));
  await assertShows(cell, bob, [name], act, [to.expected.entered(name)]);
}

async function leave(cell: Cell): Promise<void> {
  const [alice, bob] = await bobWatches(cell, enterAs);
  const name = cell.name('alice');
  await assertShows(cell, bob, [name], () => alice.leave(), [cell.to.expected.left(name)]);
}

async function lostConnection(cell: Cell): Promise<void> {
  const [alice, bob] = await bobWatches(cell, enterAs);
  const name = cell.name('alice');
  const lost = cell.to.expected.lost(name);
  const watcher = await departureWatcher(cell, bob);
  const cut = async () => {
    alice.cut();
    await watcher.observed.waitFor(driverOf(cell, watcher).expected.lost(name) ?? assert.fail());
  };
  await assertShows(cell, bob, [name], cut, [lost]);
}

/** Presence, names and statuses. */
export const peopleRows: readonly Row[] = [
  { title: 'rename', needs: ['rename'], run: rename },
  {
    title: 'rename of an account',
    never: { operation: 'rename', reason: 'the name of an account is fixed' },
    run: renameOfAccount,
  },
  { title: 'status change', needs: ['setStatus'], run: statusChange },
  { title: 'turning invisible', needs: ['setStatus'], run: invisible },
  { title: 'somebody invisible', run: messageToInvisiblePerson },
  { title: 'display name', needs: ['setDisplayName'], run: displayName },
  { title: 'come', run: enter },
  { title: 'leave', run: leave },
  { title: 'lost connection', run: lostConnection },
];
