import assert from 'node:assert/strict';
import { type Cell, endedFor, inLobby, member, newcomer, quiet, type Row, sawExactly, twoNewcomers } from '../cell.ts';
import { can, Refused } from '../driver.ts';

/** Bob, by `to`, blocks Alice, who speaks by `from`. */
async function blocked(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const alice = await member(cell, from, 'alice');
  const carol = await member(cell, from, 'carol');
  const bob = await member(cell, to, 'bob');
  const [name, bobsName] = [cell.name('alice'), cell.name('bob')];
  await place.must((world, done) => world.relationships.set('block', place.person(bobsName), name, true, done));
  const mark = cell.text('blocked');
  const direct = await alice.tell(bobsName, `${mark} 1`, cell.time());
  assert.notEqual(direct.waits, false, 'is acknowledged as to somebody who is away');
  const lobby = await alice.sayInLobby(`${mark} 2`, cell.time());
  const changed = can(from, 'edit') ? `${lobby.text}, edited` : lobby.text;
  if (can(from, 'edit')) for (const one of [direct, lobby]) await alice.edit(one, `${one.text}, edited`);
  const [told, said] = [
    await carol.tell(bobsName, `${mark} 3`, cell.time()),
    await carol.sayInLobby(`${mark} 4`, cell.time()),
  ];
  const [shownTold, shownSaid] = [to.looks.direct(told), inLobby(to, said)];
  await sawExactly(cell, { client: bob, driver: to }, mark, [shownTold, shownSaid]);
  await bob.leave();
  await alice.tell(bobsName, `${mark} 5`, cell.time());
  const again = await member(cell, to, 'bob');
  await sawExactly(cell, { client: again, driver: to }, mark, to.history ? [shownSaid] : []);
  await place.must((world, done) => world.relationships.set('block', place.person(bobsName), name, false, done));
  await again.leave();
  const later = await member(cell, to, 'bob');
  const shownLobby = inLobby(to, { ...lobby, text: changed });
  await sawExactly(cell, { client: later, driver: to }, mark, to.history ? [shownLobby, shownSaid] : []);
}

/** Alice, by `from`, is banned; Bob, by `to`, sees her go, and nobody comes under her name by `to`. */
async function banned(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const alice = await newcomer(cell, from, 'alice');
  const bob = await newcomer(cell, to, 'bob');
  const name = cell.name('alice');
  const reason = 'spam; and [more], always';
  await place.must((world, done) => world.moderation.ban({ type: 'operator' }, name, reason, null, done));
  await endedFor(alice, `banned: ${reason}`);
  const last = from.looks.lastWords(name, reason);
  if (last !== null) assert.equal(alice.sightings.find(last).length, 1);
  const gone = to.looks.banned(name, reason);
  if (gone !== null) await bob.sightings.see(gone);
  await quiet(cell, { client: bob, driver: to });
  if (gone !== null) assert.equal(bob.sightings.find(gone).length, 1);
  const again = await cell.connect(to);
  const answer = can(from, 'guest') ? to.answers.banned(reason) : to.answers.nameTaken;
  for (const wanted of [name, name.toUpperCase()]) {
    await assert.rejects(again.enter(wanted), (error) => {
      assert.ok(error instanceof Refused);
      assert.equal(error.answer, answer);
      return true;
    });
  }
}

/** A kick is shown like a ban, and keeps nobody out. */
async function kicked(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const alice = await newcomer(cell, from, 'alice');
  const bob = await newcomer(cell, to, 'bob');
  const name = cell.name('alice');
  await place.must((world, done) => world.moderation.kick(name, 'calm down', done));
  await endedFor(alice, 'banned: calm down');
  const gone = to.looks.banned(name, 'calm down');
  if (gone !== null) await bob.sightings.see(gone);
  await (can(from, 'guest') ? newcomer : member)(cell, to, 'alice');
}

/** Muted, one says and changes nothing in that room; to one person one may speak. */
async function muted(cell: Cell): Promise<void> {
  const { to, place } = cell;
  const [alice, bob] = await twoNewcomers(cell);
  const mark = cell.text('muted');
  const before = await alice.sayInLobby(`${mark} 1`, cell.time());
  const mute = [{ type: 'operator' } as const, place.world.lobby, cell.name('alice')] as const;
  await place.must((world, done) => world.moderation.mute(...mute, null, done));
  await assert.rejects(alice.sayInLobby(`${mark} 2`, cell.time()), Refused);
  if (can(cell.from, 'edit')) await assert.rejects(alice.edit(before, `${mark} 3`), Refused);
  const told = await alice.tell(cell.name('bob'), `${mark} 4`, cell.time());
  await place.must((world, done) => world.moderation.unmute(...mute, done));
  const after = await alice.sayInLobby(`${mark} 5`, cell.time());
  const shown = [inLobby(to, before), to.looks.direct(told), inLobby(to, after)];
  await sawExactly(cell, { client: bob, driver: to }, mark, shown);
}

/** A ban of somebody with an account: the right password opens nothing any more. */
async function bannedAccount(cell: Cell): Promise<void> {
  const { from, to, place } = cell;
  const alice = await member(cell, from, 'alice');
  const name = cell.name('alice');
  await place.must((world, done) => world.moderation.ban({ type: 'operator' }, name, 'spam', null, done));
  await endedFor(alice, 'banned: spam');
  await assert.rejects(member(cell, to, 'alice'), (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.answer, to.answers.banned('spam'));
    return true;
  });
}

/** Keeping somebody out, alone or all together. */
export const moderationRows: readonly Row[] = [
  { title: 'blocked', run: blocked },
  { title: 'banned', run: banned },
  { title: 'muted', run: muted },
  { title: 'kicked', run: kicked },
  { title: 'banned account', run: bannedAccount },
];
