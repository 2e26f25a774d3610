import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTwoWorlds, settle, TestWorld } from '../../../testing/world.ts';
import type { Actor } from '../engine/decide.ts';
import { directoryStream, type PersonId, type UnitId } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import { EVERYONE, type Unit } from '../model/unit.ts';
import type { Units } from './units.ts';

const operator: Actor = { type: 'operator' };
const refused = (type: 'not-allowed' | 'not-found' | 'name-taken') => ({ ok: false, error: { type } });
const tooMany = (what: 'units' | 'levels') => ({ ok: false, error: { type: 'too-many', what } });

/** A world and what the operator does with its units, each step in the name of `actor`. */
function unitsOf(app: TestWorld, actor: Actor = operator) {
  const { units } = app.world;
  const ask = (
    run: (units: Units, done: (result: { ok: true; value: Unit } | { ok: false; error: Refusal }) => void) => void,
  ) => app.ask<Unit>((world, done) => run(world.units, done));
  const create = (name: string, parent: UnitId | null = null) =>
    ask((units, done) => units.create(actor, name, parent, done));
  return {
    create,
    rename: (unit: UnitId, name: string) => ask((units, done) => units.rename(actor, unit, name, done)),
    move: (unit: UnitId, parent: UnitId | null) => ask((units, done) => units.move(actor, unit, parent, done)),
    remove: (unit: UnitId) => ask((units, done) => units.remove(actor, unit, done)),
    add: (unit: UnitId, ...people: PersonId[]) =>
      ask((units, done) => units.setMembers(actor, unit, people, true, done)),
    take: (unit: UnitId, ...people: PersonId[]) =>
      ask((units, done) => units.setMembers(actor, unit, people, false, done)),
    setHome: (unit: UnitId) => ask((units, done) => units.setHome(actor, unit, done)),
    /** Makes a unit that must be possible. */
    make: async (name: string, parent: UnitId | null = null): Promise<UnitId> => {
      const made = await create(name, parent);
      return made.ok ? made.value.id : assert.fail(JSON.stringify(made.error));
    },
    people: (unit: UnitId) => [...units.people(unit)],
    /** All units by name, with the name of the unit that each is in. */
    tree: () =>
      Object.fromEntries(
        [...units.units].map(({ name, parent }) => [name, parent === null ? null : units.unit(parent)?.name]),
      ),
    written: async () => (await app.storage.positions([directoryStream]))[0] ?? 0,
  };
}

async function opened() {
  const app = await TestWorld.open();
  return { app, ...unitsOf(app) };
}

test('WORLD-144 the operator makes, names, moves and removes units; everybody else may do nothing', async () => {
  const { app, make, tree, written, ...own } = await opened();
  const [sales, north] = [await make('Sales'), await make('North')];
  assert.equal((await own.move(north, sales)).ok, true);
  assert.equal((await own.rename(sales, 'Selling')).ok, true);
  assert.deepEqual(tree(), { everyone: null, Selling: null, North: 'Selling' });
  const again = await TestWorld.open({ storage: app.storage });
  assert.deepEqual(unitsOf(again).tree(), tree());
  const at = await written();
  const owner = await app.member('owner');
  await app.must((world, done) => world.accounts.setRole(operator, owner, 'owner', done));
  const guest = await app.enter('guest');
  const after = await written();
  for (const person of [owner, guest]) {
    const { create, rename, move, remove, add, take, setHome } = unitsOf(app, app.world.actor(person));
    const answers = await Promise.all([
      create('South'),
      create(''),
      rename(north, 'South'),
      move(north, null),
      remove(north),
      add(north, owner),
      take(north, owner),
      setHome(north),
      setHome(EVERYONE),
      remove(4_711),
    ]);
    for (const answer of answers) assert.deepEqual(answer, refused('not-allowed'));
  }
  assert.deepEqual([await written(), after > at], [after, true]);
  assert.equal((await own.remove(north)).ok, true);
  assert.deepEqual(tree(), { everyone: null, Selling: null });
});

test('WORLD-145 everyone is there from the start, has all accounts and no guests, cannot be changed and is not stored', async () => {
  const { app, make, people, tree, written, ...own } = await opened();
  const { units } = app.world;
  assert.deepEqual(tree(), { everyone: null });
  assert.deepEqual([units.unit(EVERYONE)?.name, units.named('Everyone')?.id, units.home], ['everyone', 1, 1]);
  assert.deepEqual(people(EVERYONE), []);
  const alice = await app.register('alice');
  await app.enter('guest');
  const bob = await app.member('bob');
  assert.deepEqual(people(EVERYONE), [alice, bob]);
  const sales = await make('Sales');
  assert.notEqual(sales, EVERYONE);
  const at = await written();
  const answers = await Promise.all([
    own.create('North', EVERYONE),
    own.move(sales, EVERYONE),
    own.rename(EVERYONE, 'all'),
    own.move(EVERYONE, sales),
    own.remove(EVERYONE),
    own.add(EVERYONE, alice),
    own.take(EVERYONE, alice),
  ]);
  for (const answer of answers) assert.deepEqual(answer, refused('not-allowed'));
  assert.equal(await written(), at);
  for (const home of [sales, EVERYONE]) assert.equal((await own.setHome(home)).ok, true);
  assert.deepEqual(
    (await app.storage.load(directoryStream)).units.map(({ id }) => id),
    [sales],
  );
  await app.must((world, done) => void world.deletions.delete('bob', false, done));
  assert.deepEqual(people(EVERYONE), [alice]);
});

test('WORLD-145 a new unit has an id that no other one has, whatever ids are drawn', async () => {
  const app = await TestWorld.open();
  const { make, tree } = unitsOf(app);
  const first = await make('Sales');
  const drawn = [EVERYONE, first, EVERYONE, 77];
  const ids = {
    integer: () => drawn.shift() ?? 99,
    identity: () => '',
    message: () => '',
    secret: () => '',
    code: () => '',
  };
  const again = await TestWorld.open({ storage: app.storage, ids });
  assert.equal(await unitsOf(again).make('North'), 77);
  assert.deepEqual([tree(), drawn], [{ everyone: null, Sales: null }, []]);
});

test('WORLD-146 a name is a line that looks like that of no other unit; a unit may take another spelling of its own', async () => {
  const { app, create, rename, make, tree, written } = await opened();
  const sales = await make('Sales and more');
  const north = await make('North');
  const at = await written();
  for (const name of [
    'North',
    'NORTH',
    ' n0rth ',
    'nor\u200bth',
    'everyone',
    'Every0ne',
    '𝐞𝐯𝐞𝐫𝐲𝐨𝐧𝐞',
    'sales and m0re',
  ]) {
    assert.deepEqual(await create(name), refused('name-taken'), name);
    const itself = /more$/i.test(name) || /m0re/.test(name);
    if (!itself) assert.deepEqual(await rename(sales, name), refused('name-taken'), name);
  }
  for (const [name, problem] of [
    ['', 'empty'],
    ['x'.repeat(65), 'too-long'],
    ['a\nb', 'control'],
    ['\ud800', 'encoding'],
  ]) {
    const bad = { ok: false, error: { type: 'bad-display-name', problem } };
    assert.deepEqual([await create(name ?? ''), await rename(north, name ?? '')], [bad, bad]);
  }
  assert.equal(await written(), at);
  assert.equal((await rename(sales, 'SALES and more')).ok, true);
  assert.equal((await rename(sales, 'SALES and more')).ok, true);
  assert.equal(await written(), at + 1);
  assert.deepEqual(tree(), { everyone: null, 'SALES and more': null, North: null });
  assert.deepEqual([app.world.units.named('sales AND more')?.id, app.world.units.named('south')], [sales, undefined]);
  await app.register('north');
  assert.equal((await create('alice')).ok, true, 'names of people are other names');
});

test('WORLD-147 T35 there are at most 1,000 units', async () => {
  const { create, remove, make } = await opened();
  const first = await make('unit 0');
  const made = await Promise.all(Array.from({ length: 1_000 }, (_, index) => create(`unit ${index + 1}`)));
  assert.deepEqual(made.map(({ ok }) => ok).lastIndexOf(true), 998);
  assert.deepEqual([made[998]?.ok, made[999]], [true, tooMany('units')]);
  assert.equal((await remove(first)).ok, true);
  assert.equal((await create('one more')).ok, true);
  assert.deepEqual(await create('and another'), tooMany('units'));
});

test('WORLD-147 units are in at most 16 levels, also after one is moved with what is in it, and none is in itself', async () => {
  const { create, move, make, tree } = await opened();
  const levels: UnitId[] = [];
  for (let level = 1; level <= 16; level++) levels.push(await make(`level ${level}`, levels.at(-1) ?? null));
  const [first = 0, second = 0] = levels;
  const deepest = levels[15] ?? 0;
  assert.deepEqual(await create('level 17', deepest), tooMany('levels'));
  const outer = await make('outer');
  const inner = await make('inner', outer);
  await make('innermost', inner);
  assert.deepEqual(await move(first, outer), tooMany('levels'));
  assert.deepEqual(await move(inner, levels[14] ?? 0), tooMany('levels'));
  assert.equal((await move(inner, levels[13] ?? 0)).ok, true);
  for (const parent of [first, second, deepest]) assert.deepEqual(await move(first, parent), refused('not-allowed'));
  assert.deepEqual(await move(second, second), refused('not-allowed'));
  for (const parent of [4_711, -1, 0]) {
    assert.deepEqual(await create('somewhere', parent), refused('not-found'));
    assert.deepEqual(await move(second, parent), refused('not-found'));
  }
  assert.deepEqual(await move(4_711, null), refused('not-found'));
  assert.equal((await move(second, null)).ok, true);
  assert.equal((await move(first, deepest)).ok, true);
  assert.deepEqual(await create('level 17', first), tooMany('levels'));
  assert.deepEqual(await move(second, outer), tooMany('levels'));
  const { 'level 1': top, 'level 2': next, inner: moved } = tree();
  assert.deepEqual([top, next, moved], ['level 16', null, 'level 14']);
});

test('WORLD-148 a unit with units in it is not removed; who was in a removed one is in the others still', async () => {
  const { app, make, create, remove, add, people, tree } = await opened();
  const alice = await app.register('alice');
  const [sales, other] = [await make('Sales'), await make('Other')];
  const north = await make('North', sales);
  for (const unit of [sales, north, other]) await add(unit, alice);
  assert.deepEqual(await remove(sales), refused('not-allowed'));
  assert.deepEqual(await remove(4_711), refused('not-found'));
  assert.equal((await remove(north)).ok, true);
  assert.deepEqual(await remove(north), refused('not-found'));
  assert.deepEqual([people(north), people(sales), people(other)], [[], [alice], [alice]]);
  assert.equal((await remove(sales)).ok, true);
  assert.deepEqual([tree(), people(sales)], [{ everyone: null, Other: null }, []]);
  assert.deepEqual(await add(sales, alice), refused('not-found'));
  const again = await TestWorld.open({ storage: app.storage });
  assert.deepEqual(unitsOf(again).people(other), [alice]);
  const { unitMembers } = await app.storage.load(directoryStream);
  assert.deepEqual(unitMembers, [{ unit: other, person: alice }]);
  assert.equal((await create('sales')).ok, true, 'the name is free again');
});

test('WORLD-149 accounts are in several units, in each once; all who are named together are added or none', async () => {
  const { app, make, add, take, people, written } = await opened();
  const [alice, bob] = [await app.register('alice'), await app.register('bob')];
  const guest = await app.enter('guest');
  const [sales, north] = [await make('Sales'), await make('North')];
  const at = await written();
  for (const nobody of [guest, 4_711]) assert.deepEqual(await add(sales, alice, nobody, bob), refused('not-found'));
  assert.deepEqual([people(sales), await written()], [[], at]);
  assert.equal((await add(sales, alice, bob, alice)).ok, true);
  assert.equal((await add(north, alice)).ok, true);
  assert.deepEqual([people(sales), people(north), await written()], [[alice, bob], [alice], at + 3]);
  const nothing = await Promise.all([add(sales), add(sales, bob, alice), take(north, bob, guest, 4_711), take(sales)]);
  assert.deepEqual([nothing.every(({ ok }) => ok), await written()], [true, at + 3]);
  assert.equal((await take(sales, alice, alice, guest)).ok, true);
  assert.deepEqual([people(sales), people(north), await written()], [[bob], [alice], at + 4]);
  assert.equal((await add(sales, alice)).ok, true);
  const again = await TestWorld.open({ storage: app.storage });
  assert.deepEqual(unitsOf(again).people(sales).toSorted(), [alice, bob].toSorted());
});

test('WORLD-150 a deleted account is in no unit, from the same append on, and cannot be added again', async () => {
  const { app, make, add, people } = await opened();
  const [alice, bob] = [await app.register('alice'), await app.register('bob')];
  const [sales, north, south] = [await make('Sales'), await make('North'), await make('South')];
  await add(sales, alice, bob);
  await add(north, alice);
  await add(south, bob);
  const at = (await app.storage.positions([directoryStream]))[0] ?? 0;
  const [deleted, late] = await Promise.all([
    app.ask((world, done) => void world.deletions.delete('alice', false, done)),
    app.settle().then(() => add(south, alice)),
  ]);
  assert.deepEqual([deleted.ok, late], [true, refused('not-found')]);
  assert.deepEqual([people(sales), people(north), people(south)], [[bob], [], [bob]]);
  const entries = await app.storage.entries(directoryStream, at, 10);
  assert.deepEqual(
    entries.map(({ body }) => body.type),
    ['unit-member-removed', 'unit-member-removed', 'account-deleted'],
  );
  const { unitMembers } = await app.storage.load(directoryStream);
  assert.deepEqual(new Set(unitMembers.map(({ person }) => person)), new Set([bob]));
});

test('WORLD-151 one unit at a time is home: everyone, until the operator sets another one, and when that is removed', async () => {
  const { app, make, setHome, rename, remove, written } = await opened();
  const { units } = app.world;
  const homes = () => [...units.units].flatMap(({ id, home }) => (home === true ? [id] : []));
  const [sales, north] = [await make('Sales'), await make('North')];
  const at = await written();
  assert.equal((await setHome(EVERYONE)).ok, true);
  assert.deepEqual([units.home, homes(), await written()], [EVERYONE, [], at]);
  assert.equal((await setHome(sales)).ok, true);
  assert.deepEqual([units.home, homes(), await written()], [sales, [sales], at + 1]);
  assert.equal((await setHome(north)).ok, true);
  assert.equal((await setHome(north)).ok, true);
  assert.deepEqual([units.home, homes(), await written()], [north, [north], at + 3]);
  assert.equal((await rename(north, 'South')).ok, true);
  assert.deepEqual(await setHome(4_711), refused('not-found'));
  const again = await TestWorld.open({ storage: app.storage });
  assert.deepEqual([units.home, again.world.units.home], [north, north]);
  assert.equal((await setHome(EVERYONE)).ok, true);
  assert.deepEqual([units.home, homes()], [EVERYONE, []]);
  await setHome(sales);
  assert.equal((await remove(sales)).ok, true);
  assert.deepEqual([units.home, homes()], [EVERYONE, []]);
});

test('WORLD-144 WORLD-146 of two nodes that make one unit at once one makes it, and both know it', async () => {
  const { clock, first, second } = await openTwoWorlds();
  const made = await Promise.all(
    [first, second, first, second].map((app, index) => unitsOf(app).create(index < 2 ? 'Sales' : 'SALES')),
  );
  assert.deepEqual(made.filter(({ ok }) => ok).length, 1);
  for (const answer of made) if (!answer.ok) assert.deepEqual(answer, refused('name-taken'));
  clock.advance(3_000);
  await settle(clock);
  for (const { world } of [first, second]) assert.equal([...world.units.units].length, 2);
});
