import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyPasswords, fastPasswords } from '../../../testing/passwords.ts';
import { defaultPassword, openTwoWorlds, settle, TestWorld } from '../../../testing/world.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import type { Actor } from '../engine/decide.ts';
import type { Account, Role } from '../model/account.ts';
import { directoryStream, type PersonId, personStream } from '../model/ids.ts';
import type { Password, Passwords } from '../ports.ts';
import { skeletonOf } from '../text/names/skeleton.ts';
import type { Registration } from './accounts.ts';

const operator: Actor = { type: 'operator' };
const taken = { ok: false, error: { type: 'name-taken' } };
const registered = { ok: false, error: { type: 'name-registered' } };
const fixed = { ok: false, error: { type: 'name-fixed' } };
const wrong = { ok: false, error: { type: 'wrong-credentials' } };
const busy = { ok: false, error: { type: 'busy' } };

function registration(name: string, changes: Partial<Registration> = {}): Registration {
  return { name, displayName: null, password: defaultPassword, role: 'user', ...changes };
}

function register(app: TestWorld, actor: Actor | null, wanted: Registration) {
  return app.ask<Account>((world, done) => void world.accounts.register(actor, wanted, done));
}

function login(app: TestWorld, name: string, password: Password = defaultPassword) {
  return app.ask<{ id: PersonId }>((world, done) => world.login(name, password, done));
}

function actorOf(app: TestWorld, person: PersonId): Actor {
  return app.world.actor(person) ?? operator;
}

function names(app: TestWorld): string[] {
  return app.world.people.visible.map(({ name }) => name).sort();
}

/** Passwords that are hashed only when the test says so. */
function slowPasswords() {
  const waiting: (() => void)[] = [];
  const passwords: Passwords = {
    ...fastPasswords,
    hash: async (password) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return fastPasswords.hash(password);
    },
  };
  const release = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { passwords, release };
}

test('WORLD-51 T11 of 200 people who ask at once for one name, by entering, renaming or registering, exactly one gets it', async () => {
  for (const registerEvery of [1, 2, 3, 200]) {
    const app = await TestWorld.open();
    const spellings = ['alice', 'Alice', 'ALICE', 'a1ice', 'аlice'];
    const guest = await app.enter('visitor');
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const name = spellings[index % spellings.length] ?? '';
        if (index % registerEvery === 0) return register(app, null, registration(name));
        if (index === 7) return app.ask((world, done) => world.rename(guest, name, done));
        return app.ask((world, done) => world.enter(name, done));
      }),
    );
    const refused = results.filter(({ ok }) => !ok);
    assert.equal(refused.length, 199, `with every ${registerEvery}th registering`);
    const holders = names(app).filter((name) => skeletonOf(name) === skeletonOf('alice')).length;
    assert.equal(holders + [...app.world.people.accounts].length, 1);
  }
});

test('WORLD-51 WORLD-102 T11 nobody else can take a registered name, in whatever spelling, also after a restart', async () => {
  const first = await TestWorld.open();
  await first.register('alice');
  for (const app of [first, await TestWorld.open({ storage: first.storage })]) {
    const guest = await app.enter('visitor');
    for (const name of ['alice', 'ALICE', 'a1ice']) {
      assert.deepEqual(await app.ask((world, done) => world.enter(name, done)), registered, name);
      assert.deepEqual(await app.ask((world, done) => world.rename(guest, name, done)), registered, name);
      assert.deepEqual(await register(app, null, registration(name)), registered, name);
      assert.deepEqual(await register(app, actorOf(app, guest), registration(name)), registered, name);
    }
  }
});

test('WORLD-51 a registration does not get the name of a present guest, and leaves no claim', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  const bob = await app.enter('bob');
  assert.deepEqual(await register(app, null, registration('Alice')), taken);
  assert.deepEqual(await register(app, actorOf(app, bob), registration('alice')), taken);
  assert.deepEqual([...app.world.people.accounts], []);
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  await app.register('alice');
});

test('WORLD-51 an account cannot take the name of a room, nor a room that of an account', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  await app.group(alice, 'garden');
  assert.deepEqual(await register(app, null, registration('Garden')), taken);
  assert.deepEqual(await app.ask((world, done) => world.rooms.create(alice, 'ALICE', null, false, done)), taken);
});

test('WORLD-31 WORLD-52 a banned name cannot be registered, and a banned account cannot log in', async () => {
  const app = await TestWorld.open();
  await app.register('bob');
  for (const name of ['alice', 'bob'])
    await app.must((world, done) => world.moderation.ban(operator, name, 'spam', null, done));
  const banned = { ok: false, error: { type: 'banned', reason: 'spam' } };
  assert.deepEqual(await register(app, null, registration('alice')), banned);
  assert.deepEqual(await login(app, 'bob'), banned);
  assert.deepEqual(await login(app, 'bob', { type: 'plain', value: 'guessed' }), wrong);
});

test('WORLD-52 a guest becomes the account: the same person, with the rights of an account', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  await app.post(alice, 'as a guest');
  const account = await register(app, actorOf(app, alice), registration('Alice'));
  assert.deepEqual(account, {
    ok: true,
    value: { person: alice, name: 'Alice', skeleton: skeletonOf('alice'), displayName: 'Alice', role: 'user' },
  });
  const role = (): Role | null | undefined => {
    const actor = app.world.actor(alice);
    return actor?.type === 'person' ? actor.role : undefined;
  };
  assert.equal(role(), 'user');
  assert.equal(app.observer.ofType('person-entered').length, 1);
  assert.equal(app.observer.ofType('person-left').length, 0);
  await app.group(alice, 'garden');
  const page = await app.world.history.page(app.world.lobby, null, 1);
  const message = page.messages[0];
  assert.deepEqual(message?.author, { id: alice, name: 'Alice' });
  assert.equal((await app.ask((world, done) => world.messages.edit(alice, message?.id ?? '', 'mine', done))).ok, true);
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.deepEqual(await app.ask((world, done) => world.enter('alice', done)), registered);
  assert.equal(await app.login('alice'), alice);
});

test('WORLD-52 a guest may register another name: others see a rename, and the old name is free', async () => {
  const app = await TestWorld.open();
  const guest = await app.enter('visitor');
  assert.equal((await register(app, actorOf(app, guest), registration('alice'))).ok, true);
  assert.deepEqual(app.observer.ofType('person-renamed'), [
    { type: 'person-renamed', person: { id: guest, name: 'alice' }, before: 'visitor' },
  ]);
  assert.deepEqual(names(app), ['alice']);
  await app.enter('visitor');
});

test('WORLD-52 a guest who registers is a member of the lobby, even where new accounts are not', async () => {
  const app = await TestWorld.open({ rules: { joinLobby: false } });
  const guest = await app.enter('visitor');
  assert.equal((await register(app, actorOf(app, guest), registration('visitor'))).ok, true);
  assert.equal(app.world.rooms.members(app.world.lobby).has(guest), true);
  assert.equal((await app.post(guest, 'inside')).ok, true);
});

test('WORLD-52 WORLD-06 one append writes an account, its password and its membership of the lobby', async () => {
  const app = await TestWorld.open();
  const alice = await app.register('alice');
  const types = async (stream: Parameters<typeof app.storage.load>[0]) =>
    (await app.storage.entries(stream, 0, 10)).map(({ body }) => body.type);
  assert.deepEqual(await types(directoryStream), ['name-taken', 'account-created']);
  assert.deepEqual(await types(personStream(alice)), ['password-set', 'room-joined']);
  assert.equal(app.world.rooms.members(app.world.lobby).has(alice), true);
  const alone = await TestWorld.open({ rules: { joinLobby: false } });
  const bob = await alone.member('bob');
  assert.equal(alone.world.rooms.members(alone.world.lobby).size, 0);
  assert.deepEqual(await alone.post(bob, 'outside'), { ok: false, error: { type: 'not-member' } });
});

test('WORLD-52 T11 the name of a registration stays reserved when the guest leaves or is renamed meanwhile', async () => {
  for (const away of ['leave', 'rename'] as const) {
    const { passwords, release } = slowPasswords();
    const app = await TestWorld.open({ passwords });
    const alice = await app.enter('alice');
    const registered = register(app, actorOf(app, alice), registration('alice'));
    await app.settle();
    if (away === 'leave') app.world.leave(alice, { type: 'lost' });
    else await app.must((world, done) => world.rename(alice, 'visitor', done));
    await app.settle();
    assert.deepEqual(await app.ask((world, done) => world.enter('alice', done)), taken, away);
    release();
    assert.equal((await registered).ok, true);
    assert.deepEqual(names(app), away === 'leave' ? [] : ['alice']);
    await app.enter('visitor');
  }
});

test('WORLD-53 an account’s name is fixed, in every spelling', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  for (const name of ['eve', 'Alice', 'alice'])
    assert.deepEqual(await app.ask((world, done) => world.rename(alice, name, done)), fixed, name);
  assert.deepEqual(names(app), ['alice']);
  await app.enter('eve');
});

test('WORLD-53 a rename that is claimed before the account is written is refused after it', async () => {
  class LateNames extends MemoryNames {
    hold: Promise<void> | null = null;
    override async claim(...args: Parameters<MemoryNames['claim']>) {
      const claim = await super.claim(...args);
      if (args[0] === 'eve') await this.hold;
      return claim;
    }
  }
  const reservations = new LateNames();
  const app = await TestWorld.open({ names: reservations });
  const guest = await app.enter('alice');
  let go = () => {};
  reservations.hold = new Promise((resolve) => {
    go = resolve;
  });
  const renamed = app.ask((world, done) => world.rename(guest, 'eve', done));
  await app.settle();
  assert.equal((await register(app, actorOf(app, guest), registration('alice'))).ok, true);
  go();
  assert.deepEqual(await renamed, fixed);
  assert.deepEqual(names(app), ['alice']);
  await app.enter('eve');
});

test('WORLD-53 one guest who registers several names at once gets one account', async () => {
  const app = await TestWorld.open();
  const guest = await app.enter('alice');
  const actor = actorOf(app, guest);
  const results = await Promise.all(
    ['alice', 'alice', 'eve', 'bob'].map((name) => register(app, actor, registration(name))),
  );
  assert.equal(results.filter(({ ok }) => ok).length, 1);
  const accounts = [...app.world.people.accounts];
  assert.equal(accounts.length, 1);
  for (const name of ['alice', 'eve', 'bob'].filter((other) => other !== accounts[0]?.name)) await app.enter(name);
});

test('WORLD-54 a person who knows the password changes it, and the old verifier is not kept', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const fresh: Password = { type: 'plain', value: 'a new one' };
  const before = await app.storage.credential(alice);
  const change = (old: Password, next: Password) =>
    app.ask<PersonId>((world, done) => void world.accounts.changePassword(alice, old, next, done));
  assert.deepEqual(await change(fresh, fresh), wrong);
  assert.deepEqual(await change({ type: 'plain', value: '' }, fresh), wrong);
  assert.deepEqual(await change(defaultPassword, { type: 'plain', value: '' }), {
    ok: false,
    error: { type: 'bad-password' },
  });
  assert.deepEqual(await app.storage.credential(alice), before);
  assert.equal((await change(defaultPassword, fresh)).ok, true);
  assert.deepEqual(await login(app, 'alice'), wrong);
  assert.equal((await login(app, 'alice', fresh)).ok, true);
  assert.equal((await change(fresh, defaultPassword)).ok, true);
  assert.equal((await change(defaultPassword, fresh)).ok, true);
  const entries = await app.storage.entries(personStream(alice), 0, 100);
  const verifiers = entries.flatMap(({ body }) => (body.type === 'password-set' ? [body.verifier] : []));
  assert.deepEqual(verifiers, ['', '', '', (await app.storage.credential(alice))?.verifier]);
});

test('WORLD-54 a guest has no password to change, and setting one is refused', async () => {
  const app = await TestWorld.open();
  const guest = await app.enter('alice');
  assert.deepEqual(
    await app.ask((world, done) => void world.accounts.changePassword(guest, defaultPassword, defaultPassword, done)),
    { ok: false, error: { type: 'guest' } },
  );
  assert.deepEqual(await app.ask((world, done) => void world.accounts.setPassword(guest, defaultPassword, done)), {
    ok: false,
    error: { type: 'not-found' },
  });
  assert.equal(await app.storage.credential(guest), null);
});

test('WORLD-100 NAME-19 a display name that looks like the name of another account is refused, when it is set and when one registers', async () => {
  const app = await TestWorld.open();
  const alice = await app.register('alice');
  const bob = await app.register('bob');
  await app.enter('carol');
  const set = (person: PersonId, name: string) =>
    app.ask<Account>((world, done) => world.accounts.setProfile(person, { displayName: name }, done));
  const refused = { ok: false, error: { type: 'display-name-taken' } };
  const looks = [
    'alice',
    'Alice',
    ' ALICE ',
    'a1ice',
    'аlice',
    'al\u200bice',
    'ａｌｉｃｅ',
    '𝐚𝐥𝐢𝐜𝐞',
    '\u3164alice\u2800',
    'ali\u00adce',
  ];
  for (const displayName of looks) {
    assert.deepEqual(await set(bob, displayName), refused, JSON.stringify(displayName));
    assert.deepEqual(await register(app, null, registration('eve', { displayName })), refused, displayName);
  }
  assert.equal(app.world.people.view(bob)?.displayName, 'bob');
  for (const displayName of [...looks, 'Bob?', 'alice b', 'carol'])
    assert.equal((await set(alice, displayName)).ok, true, JSON.stringify(displayName));
  await app.enter('eve');
});

test('WORLD-100 two people may have one display name, and a display name keeps nobody from registering the name', async () => {
  const app = await TestWorld.open();
  for (const name of ['a1', 'a2'])
    assert.equal((await register(app, null, registration(name, { displayName: 'Alex' }))).ok, true);
  const alex = await register(app, null, registration('alex'));
  assert.ok(alex.ok);
  assert.equal(app.world.people.view(alex.value.person)?.displayName, 'alex');
});

test('WORLD-55 an account has a display name of its own, which may change; a guest has none', async () => {
  const app = await TestWorld.open();
  const guest = await app.enter('guest');
  assert.deepEqual(await register(app, null, registration('x', { displayName: '\u202e' })), {
    ok: false,
    error: { type: 'bad-display-name', problem: 'control' },
  });
  const made = await register(app, null, registration('alice', { displayName: 'Alice L.' }));
  const alice = made.ok ? made.value.person : 0;
  const set = (person: PersonId, name: string) =>
    app.ask<Account>((world, done) => world.accounts.setProfile(person, { displayName: name }, done));
  assert.equal(app.world.people.view(alice)?.displayName, 'Alice L.');
  const head = async () => (await app.storage.positions([directoryStream]))[0];
  const before = await head();
  assert.equal((await set(alice, 'Alice L.')).ok, true);
  assert.deepEqual(await set(alice, 'x'.repeat(65)), {
    ok: false,
    error: { type: 'bad-display-name', problem: 'too-long' },
  });
  assert.deepEqual(await set(guest, 'Guest'), { ok: false, error: { type: 'guest' } });
  assert.equal(await head(), before, 'nothing was written');
  assert.equal((await set(alice, 'Liddell')).ok, true);
  assert.equal(app.observer.records.filter(({ type }) => type === 'account-changed').length, 1);
  assert.equal(app.world.people.view(guest)?.displayName, 'guest');
  const again = await TestWorld.open({ storage: app.storage });
  assert.equal(again.world.people.view(alice)?.displayName, 'Liddell');
});

test('WORLD-56 WORLD-30 the operator and owners give roles, moderators and users do not; owners and moderators moderate', async () => {
  const app = await TestWorld.open();
  const people = { alice: await app.member('alice'), bob: await app.member('bob'), eve: await app.member('eve') };
  const set = (actor: Actor, person: PersonId, role: Role) =>
    app.ask<Account>((world, done) => world.accounts.setRole(actor, person, role, done));
  const refused = { ok: false, error: { type: 'not-allowed' } };
  const ban = (person: PersonId) =>
    app.ask((world, done) => world.moderation.ban(actorOf(app, person), 'mallory', 'no', null, done));
  assert.equal((await set(operator, people.alice, 'owner')).ok, true);
  assert.equal((await set(actorOf(app, people.alice), people.bob, 'moderator')).ok, true);
  for (const person of [people.bob, people.eve])
    assert.deepEqual(await set(actorOf(app, person), people.eve, 'moderator'), refused);
  assert.deepEqual(await set(operator, 4711, 'moderator'), { ok: false, error: { type: 'not-found' } });
  assert.deepEqual(
    (await Promise.all([ban(people.alice), ban(people.bob), ban(people.eve)])).map(({ ok }) => ok),
    [true, true, false],
  );
  assert.equal((await set(operator, people.bob, 'user')).ok, true);
  assert.deepEqual(await ban(people.bob), refused);
});

test('WORLD-57 T17 a login with an unknown name takes the steps and gets the answer of a wrong password', async () => {
  const asked: (string | null)[] = [];
  const persons: number[] = [];
  const passwords: Passwords = {
    ...fastPasswords,
    verify: (password, verifier) => {
      asked.push(verifier);
      return fastPasswords.verify(password, verifier);
    },
  };
  const app = await TestWorld.open({ passwords });
  const alice = await app.register('alice');
  const { storage } = app;
  const credential = storage.credential.bind(storage);
  storage.credential = (person) => {
    persons.push(person);
    return credential(person);
  };
  const guessed: Password = { type: 'plain', value: 'guessed' };
  for (const name of ['alice', 'nobody', '', 'not a name;', 'x'.repeat(99), 'lobby'])
    assert.deepEqual(await login(app, name, guessed), wrong, name);
  assert.deepEqual(await login(app, 'nobody'), wrong, 'another account’s password');
  assert.equal(asked.length, 7);
  assert.deepEqual(
    asked.map((kept) => kept !== null),
    [true, ...Array<boolean>(6).fill(false)],
  );
  assert.deepEqual(persons, [alice, 0, 0, 0, 0, 0, 0]);
  for (const name of ['alice', 'nobody']) assert.deepEqual(await login(app, name, { type: 'plain', value: '' }), wrong);
  assert.equal(asked.length, 7, 'a text that cannot be a password is not checked, for any name');
  assert.equal((await login(app, 'ALICE')).ok, true);
});

test('WORLD-57 WORLD-59 every name gets the same answer when too many passwords wait or storage is unavailable', async () => {
  const app = await TestWorld.open();
  await app.register('alice');
  const again = await TestWorld.open({ storage: app.storage, passwords: busyPasswords });
  for (const name of ['alice', 'nobody']) assert.deepEqual(await login(again, name), busy);
  again.storage.credential = () => Promise.reject(new Error('the test says so'));
  for (const name of ['alice', 'nobody'])
    assert.deepEqual(await login(again, name), { ok: false, error: { type: 'unavailable' } });
});

test('WORLD-58 where registration is closed only the operator makes accounts', async () => {
  const app = await TestWorld.open({ rules: { registration: 'closed' } });
  const guest = await app.enter('alice');
  const closed = { ok: false, error: { type: 'registration-closed' } };
  assert.deepEqual(await register(app, null, registration('bob')), closed);
  assert.deepEqual(await register(app, actorOf(app, guest), registration('alice')), closed);
  assert.equal((await register(app, operator, registration('bob'))).ok, true);
  assert.deepEqual(await register(app, actorOf(app, await app.login('bob')), registration('eve')), closed);
});

test('WORLD-59 T19 a registration refused as busy leaves no claim, and a guest keeps the own name', async () => {
  const app = await TestWorld.open({ passwords: busyPasswords });
  const guest = await app.enter('alice');
  const actor = actorOf(app, guest);
  for (const name of ['alice', 'Alice', 'eve']) assert.deepEqual(await register(app, actor, registration(name)), busy);
  assert.deepEqual(await register(app, null, registration('bob')), busy);
  assert.deepEqual(await app.ask((world, done) => void world.accounts.setPassword(guest, defaultPassword, done)), busy);
  assert.deepEqual(await app.ask((world, done) => world.enter('alice', done)), taken);
  await app.enter('eve');
  await app.enter('bob');
  app.world.leave(guest, { type: 'left' });
  await app.settle();
  await app.enter('alice');
});

test('WORLD-59 when a guest leaves while the registration fails, the name is free', async () => {
  let answer = () => {};
  const passwords: Passwords = {
    ...fastPasswords,
    hash: () =>
      new Promise((resolve) => {
        answer = () => resolve(null);
      }),
  };
  const app = await TestWorld.open({ passwords });
  const guest = await app.enter('alice');
  const registered = register(app, actorOf(app, guest), registration('alice'));
  await app.settle();
  app.world.leave(guest, { type: 'lost' });
  await app.settle();
  answer();
  assert.deepEqual(await registered, busy);
  await app.settle();
  await app.enter('alice');
});

test('WORLD-50 a world that stops refuses registrations and logins', async () => {
  const app = await TestWorld.open();
  await app.register('alice');
  assert.equal((await login(app, 'alice')).ok, true);
  await app.world.stop();
  const stopping = { ok: false, error: { type: 'stopping' } };
  assert.deepEqual(await register(app, operator, registration('bob')), stopping);
  assert.deepEqual(await login(app, 'alice'), stopping);
});

test('WORLD-51 T11 of 200 people who ask two nodes at once for one name exactly one gets it', async () => {
  const { clock, first, second } = await openTwoWorlds();
  const spellings = ['alice', 'Alice', 'a1ice'];
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, index) => {
      const app = index % 2 === 0 ? first : second;
      const name = spellings[index % spellings.length] ?? '';
      return index % 4 < 2
        ? register(app, null, registration(name))
        : app.ask((world, done) => world.enter(name, done));
    }),
  );
  assert.equal(results.filter(({ ok }) => ok).length, 1);
  clock.advance(2_000);
  await settle(clock);
  for (const app of [first, second])
    assert.equal([...app.world.people.accounts].length + names(app).length, 1, 'both nodes know of one');
});

test('WORLD-51 T11 two nodes that register one name at once make one account', async () => {
  const { clock, first, second } = await openTwoWorlds();
  const results = await Promise.all([
    register(first, null, registration('alice')),
    register(second, null, registration('Alice')),
    register(second, null, registration('a1ice')),
  ]);
  assert.equal(results.filter(({ ok }) => ok).length, 1);
  await settle(clock);
  for (const { world } of [first, second]) assert.equal([...world.people.accounts].length, 1);
});
