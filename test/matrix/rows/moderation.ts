import assert from 'node:assert/strict';
import {
  assertEnded,
  assertObserved,
  assertObservedNext,
  caughtUp,
  type Cell,
  enterAs,
  enterBoth,
  lobbyPattern,
  loginAs,
  type Row,
} from '../cell.ts';
import { Refused, supports } from '../driver.ts';

/** Bob, by `to`, blocks Alice, who sends by `from`. */
async function blocked(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  const alice = await loginAs(cell, from, 'alice');
  const carol = await loginAs(cell, from, 'carol');
  const bob = await loginAs(cell, to, 'bob');
  const [name, bobsName] = [cell.name('alice'), cell.name('bob')];
  await server.must((world, done) => world.relationships.set('block', server.person(bobsName), name, true, done));
  const mark = cell.text('blocked');
  const direct = await alice.sendDirect(bobsName, `${mark} 1`, cell.time());
  assert.notEqual(direct.waits, false, 'is acknowledged as if Bob were away');
  const lobby = await alice.sendToLobby(`${mark} 2`, cell.time());
  const changed = supports(from, 'edit') ? `${lobby.text}, edited` : lobby.text;
  if (supports(from, 'edit')) for (const one of [direct, lobby]) await alice.edit(one, `${one.text}, edited`);
  const carolsDirect = to.expected.direct(await carol.sendDirect(bobsName, `${mark} 3`, cell.time()));
  const carolsLobby = lobbyPattern(to, await carol.sendToLobby(`${mark} 4`, cell.time()));
  await assertObserved(cell, bob, mark, [carolsDirect, carolsLobby]);
  await bob.leave();
  await alice.sendDirect(bobsName, `${mark} 5`, cell.time());
  const again = await loginAs(cell, to, 'bob');
  await assertObservedNext(cell, [bob], again, mark, to.history ? [carolsLobby] : []);
  await server.must((world, done) => world.relationships.set('block', server.person(bobsName), name, false, done));
  await again.leave();
  const later = await loginAs(cell, to, 'bob');
  const alicesLobby = lobbyPattern(to, { ...lobby, text: changed });
  // What a block hid is skipped for good once its connection has proved that it got the rest.
  if (again.provesItsEnd) await assertObserved(cell, later, mark, to.history ? [alicesLobby, carolsLobby] : []);
}

/** Alice, by `from`, is banned: Bob, by `to`, is shown that she left, and her name is refused by `to`. */
async function banned(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  const alice = await enterAs(cell, from, 'alice');
  const bob = await enterAs(cell, to, 'bob');
  const name = cell.name('alice');
  const reason = 'spam; and [more], always';
  await server.must((world, done) => world.moderation.ban({ type: 'operator' }, name, reason, null, done));
  await assertEnded(alice, `banned: ${reason}`);
  const last = from.expected.banMessage(name, reason);
  if (last !== null) assert.equal(alice.observed.filter(last).length, 1);
  const left = to.expected.banned(name, reason);
  if (left !== null) await bob.observed.waitFor(left);
  await caughtUp(cell, bob);
  if (left !== null) assert.equal(bob.observed.filter(left).length, 1);
  const again = await cell.connect(to);
  const answer = supports(from, 'guest') ? to.refusals.banned(reason) : to.refusals.nameRegistered;
  for (const wanted of [name, name.toUpperCase()]) {
    await assert.rejects(again.enter(wanted), (error) => {
      assert.ok(error instanceof Refused);
      assert.equal(error.answer, answer);
      return true;
    });
  }
}

/** A kick is shown like a ban, but the person may enter again. */
async function kicked(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  const alice = await enterAs(cell, from, 'alice');
  const bob = await enterAs(cell, to, 'bob');
  const name = cell.name('alice');
  await server.must((world, done) => world.moderation.kick(name, 'calm down', done));
  await assertEnded(alice, 'banned: calm down');
  const left = to.expected.banned(name, 'calm down');
  if (left !== null) await bob.observed.waitFor(left);
  await (supports(from, 'guest') ? enterAs : loginAs)(cell, to, 'alice');
}

/** A muted person cannot post or edit in that room, but can send direct messages. */
async function muted(cell: Cell): Promise<void> {
  const { to, server } = cell;
  const [alice, bob] = await enterBoth(cell);
  const mark = cell.text('muted');
  const before = await alice.sendToLobby(`${mark} 1`, cell.time());
  const mute = [{ type: 'operator' } as const, server.world.lobby, cell.name('alice')] as const;
  await server.must((world, done) => world.moderation.mute(...mute, null, done));
  await assert.rejects(alice.sendToLobby(`${mark} 2`, cell.time()), Refused);
  if (supports(cell.from, 'edit')) await assert.rejects(alice.edit(before, `${mark} 3`), Refused);
  const direct = await alice.sendDirect(cell.name('bob'), `${mark} 4`, cell.time());
  await server.must((world, done) => world.moderation.unmute(...mute, done));
  const after = await alice.sendToLobby(`${mark} 5`, cell.time());
  const shown = [lobbyPattern(to, before), to.expected.direct(direct), lobbyPattern(to, after)];
  await assertObserved(cell, bob, mark, shown);
}

/** A ban of an account: even the right password is refused. */
async function bannedAccount(cell: Cell): Promise<void> {
  const { from, to, server } = cell;
  const alice = await loginAs(cell, from, 'alice');
  const name = cell.name('alice');
  await server.must((world, done) => world.moderation.ban({ type: 'operator' }, name, 'spam', null, done));
  await assertEnded(alice, 'banned: spam');
  await assert.rejects(loginAs(cell, to, 'alice'), (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.answer, to.refusals.banned('spam'));
    return true;
  });
}

/** Blocks, bans, mutes and kicks. */
export const moderationRows: readonly Row[] = [
  { title: 'blocked', run: blocked },
  { title: 'banned', run: banned },
  { title: 'muted', run: muted },
  { title: 'kicked', run: kicked },
  { title: 'banned account', run: bannedAccount },
];
