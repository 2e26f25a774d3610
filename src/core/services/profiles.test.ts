import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTwoWorlds, settle, TestWorld } from '../../../testing/world.ts';
import type { Account, ProfileChanges } from '../model/account.ts';
import { directoryStream, type PersonId } from '../model/ids.ts';
import type { TextProblem } from '../text/text.ts';

const PICTURE = '0123456789abcdef'.repeat(4);
const FULL = { displayName: 'Alice L.', firstName: 'Alice', lastName: 'Liddell', picture: PICTURE } as const;
const conflict = { ok: false, error: { type: 'conflict' } };

function set(app: TestWorld, person: PersonId, changes: ProfileChanges, expected?: Account) {
  return app.ask<Account>((world, done) => world.accounts.setProfile(person, changes, done, expected));
}

function accountOf(app: TestWorld, person: PersonId): Account {
  return app.world.people.account(person) ?? assert.fail('no account');
}

async function opened() {
  const app = await TestWorld.open();
  const alice = await app.register('alice');
  const written = async () => (await app.storage.positions([directoryStream]))[0] ?? 0;
  return { app, alice, before: accountOf(app, alice), written };
}

test('WORLD-140 first name, last name and picture are set, changed and removed, each by itself, and survive a restart', async () => {
  const { app, alice, before } = await opened();
  const steps: readonly (readonly [ProfileChanges, Partial<Account>])[] = [
    [FULL, FULL],
    [{}, FULL],
    [{ lastName: 'Pleasance' }, { ...FULL, lastName: 'Pleasance' }],
    [{ firstName: null }, { displayName: 'Alice L.', lastName: 'Pleasance', picture: PICTURE }],
    [{ picture: null, lastName: null, displayName: 'Alice' }, { displayName: 'Alice' }],
    [
      { firstName: null, lastName: 'L' },
      { displayName: 'Alice', lastName: 'L' },
    ],
  ];
  for (const [changes, profile] of steps) {
    const account = { ...before, ...profile };
    assert.deepEqual(await set(app, alice, changes), { ok: true, value: account });
    assert.deepEqual(accountOf(app, alice), account);
    const again = await TestWorld.open({ storage: app.storage });
    assert.deepEqual(accountOf(again, alice), account);
  }
});

test('WORLD-140 a name that is no line, a picture that is no SHA-256, and a guest are refused', async () => {
  const { app, alice, before, written } = await opened();
  const guest = await app.enter('guest');
  const at = await written();
  const bad = (problem: TextProblem) => ({ ok: false, error: { type: 'bad-display-name', problem } });
  for (const field of ['firstName', 'lastName', 'displayName']) {
    assert.deepEqual(await set(app, alice, { [field]: '' }), bad('empty'));
    assert.deepEqual(await set(app, alice, { [field]: 'x'.repeat(65) }), bad('too-long'));
    assert.deepEqual(await set(app, alice, { [field]: 'a\nb' }), bad('control'));
  }
  const pictures = [
    '',
    'x',
    PICTURE.slice(1),
    `${PICTURE}0`,
    PICTURE.toUpperCase(),
    `${PICTURE}\n`,
    `../${PICTURE.slice(3)}`,
  ];
  for (const picture of pictures)
    assert.deepEqual(await set(app, alice, { picture }), { ok: false, error: { type: 'not-found' } }, picture);
  for (const changes of [FULL, {}, { firstName: null }])
    assert.deepEqual(await set(app, guest, changes), { ok: false, error: { type: 'guest' } });
  assert.deepEqual([accountOf(app, alice), await written()], [before, at]);
  assert.equal((await set(app, alice, { firstName: 'x'.repeat(64) })).ok, true);
});

test('WORLD-141 changes of a profile are made together by one entry, or none of them is; no change writes nothing', async () => {
  const { app, alice, before, written } = await opened();
  await app.register('bob');
  const at = await written();
  for (const wrong of [{ displayName: 'Bob' }, { lastName: ' ' }, { picture: 'x' }])
    assert.equal((await set(app, alice, { ...FULL, ...wrong })).ok, false);
  assert.deepEqual([accountOf(app, alice), await written()], [before, at]);
  const changed = () => app.observer.records.filter(({ type }) => type === 'account-changed').length;
  assert.equal(changed(), 0);
  assert.equal((await set(app, alice, FULL)).ok, true);
  assert.equal(await written(), at + 1);
  assert.equal(changed(), 1);
  for (const same of [FULL, {}, { firstName: 'Alice' }]) assert.equal((await set(app, alice, same)).ok, true);
  assert.equal(await written(), at + 1);
  assert.equal(changed(), 1);
});

test('WORLD-142 a change that expects another account than there is is a conflict, whatever differs', async () => {
  const { app, alice, before, written } = await opened();
  const seen = { ...before, ...FULL };
  await set(app, alice, FULL);
  const at = await written();
  const { picture: _picture, ...withoutPicture } = seen;
  const others: readonly Account[] = [
    before,
    withoutPicture,
    { ...seen, firstName: 'Alicia' },
    { ...seen, role: 'owner' },
    { ...seen, person: alice + 1 },
    { ...seen, deletedAt: 1 },
  ];
  for (const expected of others)
    for (const changes of [{ firstName: 'Al' }, {}])
      assert.deepEqual(await set(app, alice, changes, expected), conflict);
  assert.deepEqual([accountOf(app, alice), await written()], [seen, at]);
  assert.equal((await set(app, alice, { firstName: 'Al' }, structuredClone(seen))).ok, true);
  assert.deepEqual(await set(app, alice, { firstName: 'Ali' }, seen), conflict);
});

test('WORLD-142 of changes that expect the same account, at once and on two nodes, one is made', async () => {
  const { clock, first, second } = await openTwoWorlds();
  const alice = await first.register('alice');
  clock.advance(3_000);
  await settle(clock);
  const seen = accountOf(second, alice);
  const results = await Promise.all(
    [first, second, first, second].map((app, index) => set(app, alice, { firstName: `A${index}` }, seen)),
  );
  assert.equal(results.filter(({ ok }) => ok).length, 1);
  for (const result of results) if (!result.ok) assert.deepEqual(result, conflict);
  clock.advance(3_000);
  await settle(clock);
  const made = results.find(({ ok }) => ok);
  for (const app of [first, second]) assert.deepEqual({ ok: true, value: accountOf(app, alice) }, made);
});

test('WORLD-143 a deleted account keeps nothing of its profile', async () => {
  const { app, alice, before } = await opened();
  await set(app, alice, FULL);
  await app.must((world, done) => void world.deletions.delete('alice', false, done));
  const { accounts } = await app.storage.load(directoryStream);
  const deletedAt = accounts[0]?.deletedAt;
  assert.equal(typeof deletedAt, 'number');
  assert.deepEqual(accounts, [{ ...before, deletedAt }]);
});
