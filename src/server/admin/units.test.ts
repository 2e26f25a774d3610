import assert from 'node:assert/strict';
import test from 'node:test';
import { untilSettled, TestWorld } from '../../../testing/world.ts';
import { runAdmin } from './commands.ts';
import type { AdminReply, AdminRequest } from './messages.ts';
import { operatorText } from './refusal-text.ts';

/** A world with two accounts, and its operator. */
async function opened() {
  const app = await TestWorld.open();
  const people = [await app.register('alice'), await app.register('bob')];
  const run = (request: AdminRequest): Promise<AdminReply> =>
    untilSettled(app.clock, runAdmin(app.world, app.clock.now(), request));
  const create = (name: string, parent: string | null = null) => run({ command: 'unit-create', name, parent });
  const list = async () => (await run({ command: 'unit-list' })).lines;
  return { app, people, run, create, list };
}

const done = (...lines: string[]) => ({ ok: true, lines });
const refused = (...lines: string[]) => ({ ok: false, lines });
const EVERYONE = refused('everyone is the unit of all accounts: it has no units in it, and cannot be changed');
const unknown = (name: string) => refused(`there is no unit ${name} (see \`admin unit list\`)`);

test('SERVER-160 the operator makes, renames, moves, fills and deletes units, named in any spelling', async () => {
  const { app, people, run, create } = await opened();
  const { units } = app.world;
  assert.deepEqual(await create('Sales'), done('Sales is a unit'));
  assert.deepEqual(await create('North', 'SALES'), done('North is a unit in Sales'));
  assert.equal(units.named('north')?.parent, units.named('sales')?.id);
  const rename = { command: 'unit-rename', name: 'sa1es', to: 'Selling' } as const;
  assert.deepEqual(await run(rename), done('Sales is called Selling now'));
  const move = { command: 'unit-move', name: 'north' } as const;
  assert.deepEqual(await run({ ...move, parent: null }), done('North is at the top now'));
  assert.equal(units.named('north')?.parent, null);
  assert.deepEqual(await run({ ...move, parent: 'selling' }), done('North is in Selling now'));
  const add = { command: 'unit-add', name: 'NORTH' } as const;
  assert.deepEqual(await run({ ...add, people: ['Alice', 'BOB', 'alice'] }), done('North: 2 people'));
  assert.deepEqual(await run({ ...add, people: ['bob'] }), done('North: 2 people'));
  const remove: AdminRequest = { command: 'unit-remove', name: 'north', people: ['alice'] };
  assert.deepEqual(await run(remove), done('North: 1 person'));
  assert.deepEqual([...units.people(units.named('north')?.id ?? 0)], people.slice(1));
  assert.deepEqual(await run({ command: 'unit-home', name: 'north' }), done('North is home now'));
  assert.equal(units.home, units.named('north')?.id);
  assert.deepEqual(await run({ command: 'unit-home', name: 'Everyone' }), done('everyone is home now'));
  assert.deepEqual(await run({ command: 'unit-delete', name: 'north' }), done('North is no unit any more'));
  assert.equal(units.named('north'), undefined);
});

test('SERVER-161 what cannot be done is refused with what to do, and changes nothing', async () => {
  const { app, run, create, list } = await opened();
  await create('Sales');
  await create('North', 'Sales');
  const before = await list();
  const taken = refused(
    'another unit has this name or one that looks like it (see `admin unit list`); choose another name',
  );
  assert.deepEqual(await create('NORTH'), taken);
  assert.deepEqual(await create('everyone'), taken);
  assert.deepEqual(await run({ command: 'unit-rename', name: 'Sales', to: 'north' }), taken);
  assert.deepEqual(await create('a\nb'), refused('the name of a unit has control characters'));
  assert.deepEqual(await create('x'.repeat(65)), refused('the name of a unit is longer than 64 characters'));
  assert.deepEqual(await create('South', 'Nowhere'), unknown('Nowhere'));
  const onUnknown: readonly AdminRequest[] = [
    { command: 'unit-rename', name: 'South', to: 'East' },
    { command: 'unit-move', name: 'South', parent: null },
    { command: 'unit-move', name: 'North', parent: 'South' },
    { command: 'unit-delete', name: 'South' },
    { command: 'unit-home', name: 'South' },
    { command: 'unit-add', name: 'South', people: ['alice'] },
    { command: 'unit-remove', name: 'South', people: ['alice'] },
  ];
  for (const request of onUnknown) assert.deepEqual(await run(request), unknown('South'), request.command);
  const onEveryone: readonly AdminRequest[] = [
    { command: 'unit-create', name: 'South', parent: 'Everyone' },
    { command: 'unit-rename', name: 'everyone', to: 'All' },
    { command: 'unit-move', name: 'everyone', parent: 'Sales' },
    { command: 'unit-move', name: 'North', parent: 'everyone' },
    { command: 'unit-delete', name: 'everyone' },
    { command: 'unit-add', name: 'everyone', people: ['alice'] },
    { command: 'unit-remove', name: 'everyone', people: ['alice'] },
  ];
  for (const request of onEveryone) assert.deepEqual(await run(request), EVERYONE, request.command);
  const below = 'there are units in this one: move or delete them first';
  assert.deepEqual(await run({ command: 'unit-delete', name: 'Sales' }), refused(below));
  const itself = 'a unit cannot be moved into itself, nor into one that is in it';
  for (const parent of ['Sales', 'North'])
    assert.deepEqual(await run({ command: 'unit-move', name: 'Sales', parent }), refused(itself));
  assert.deepEqual(await list(), before);
  await app.world.stop();
  assert.deepEqual(await create('South'), refused(operatorText({ type: 'stopping' })));
});

test('SERVER-161 too many units, and too many levels of them, are refused with what to do', async () => {
  const { run, create } = await opened();
  for (let level = 1; level <= 16; level++) await create(`level ${level}`, level === 1 ? null : `level ${level - 1}`);
  const deep = refused('units can be in 16 levels, and this would be one more; put it further up');
  assert.deepEqual(await create('level 17', 'level 16'), deep);
  await Promise.all(Array.from({ length: 984 }, (_, index) => create(`unit ${index}`)));
  assert.deepEqual(await create('one more'), refused('there are too many units; delete one first'));
  assert.deepEqual(await run({ command: 'unit-delete', name: 'unit 0' }), done('unit 0 is no unit any more'));
  assert.deepEqual(await create('one more'), done('one more is a unit'));
});

test('SERVER-162 if one of the people has no account nobody is added or removed, and the answer names that one', async () => {
  const { app, run, create } = await opened();
  await create('Sales');
  await app.enter('carol');
  await run({ command: 'unit-add', name: 'Sales', people: ['bob'] });
  for (const name of ['carol', 'nobody', 'a;b', '']) {
    const nothing = refused(`${name} has no account`);
    assert.deepEqual(await run({ command: 'unit-add', name: 'Sales', people: ['alice', name] }), nothing);
    assert.deepEqual(await run({ command: 'unit-remove', name: 'Sales', people: ['bob', name] }), nothing);
  }
  assert.deepEqual(await run({ command: 'unit-remove', name: 'Sales', people: ['alice'] }), done('Sales: 1 person'));
});

test('SERVER-163 list shows the units as a tree by name, with the number of people in each, and the home', async () => {
  const { run, create, list } = await opened();
  assert.deepEqual(await list(), ['everyone: 2 people, home']);
  await create('Sales');
  for (const [name, parent] of [
    ['South', 'Sales'],
    ['Äpfel', null],
    ['north', 'Sales'],
    ['Pole', 'north'],
    ['Workshop', null],
  ] as const)
    await create(name, parent);
  await run({ command: 'unit-add', name: 'Pole', people: ['alice'] });
  await run({ command: 'unit-add', name: 'South', people: ['alice', 'bob'] });
  await run({ command: 'unit-home', name: 'north' });
  assert.deepEqual(await list(), [
    'Äpfel: 0 people',
    'everyone: 2 people',
    'Sales: 0 people',
    '  north: 0 people, home',
    '    Pole: 1 person',
    '  South: 2 people',
    'Workshop: 0 people',
  ]);
});
