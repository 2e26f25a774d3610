import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { seededRandom } from '../../../testing/random.ts';
import { defaultPassword, TestWorld, untilSettled } from '../../../testing/world.ts';
import { sha256 } from '../../lib/sha256.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { Actor } from '../engine/decide.ts';
import { directoryStream, type PersonId, personStream, type StreamId } from '../model/ids.ts';
import type { AppendItem, AppendResult } from '../ports.ts';

const DAY = 24 * 60 * 60 * 1_000;
const operator: Actor = { type: 'operator' };
const notFound = { ok: false, error: { type: 'not-found' } };
const unavailable = { ok: false, error: { type: 'unavailable' } };

/** Memory storage that records the items it writes, and waits or fails if the test says so. */
class WatchedStorage extends MemoryStorage {
  readonly items: AppendItem[] = [];
  polled: readonly StreamId[] = [];
  failing = false;
  /** An append or the read of a token waits for these. */
  beforeAppend: () => Promise<void> = async () => {};
  afterToken: () => Promise<void> = async () => {};

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    this.items.push(...batch);
    await this.beforeAppend();
    if (this.failing) return batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }));
    return super.append(batch);
  }

  override async token(digest: string) {
    const token = await super.token(digest);
    await this.afterToken();
    return token;
  }

  /** So every stream in memory is asked for. */
  override changes(): Promise<null> {
    return Promise.resolve(null);
  }

  override positions(streams: readonly StreamId[]) {
    this.polled = streams;
    return super.positions(streams);
  }
}

/** Two worlds over one storage, without a bus between them. */
async function openUnconnectedWorlds() {
  const clock = new FakeClock();
  const storage = new WatchedStorage(clock);
  const shared = { clock, storage, names: new MemoryNames() };
  const first = await TestWorld.open({ ...shared, ids: countingIds(1) });
  const ada = await first.register('ada');
  const second = await TestWorld.open({ ...shared, ids: countingIds(2) });
  return { clock, storage, first, second, ada };
}

async function withAda() {
  const clock = new FakeClock();
  const storage = new WatchedStorage(clock);
  const app = await TestWorld.open({ clock, storage });
  return { clock, storage, app, ada: await app.register('ada') };
}

function issue(app: TestWorld, person: PersonId): Promise<string> {
  return app.must<string>((world, done) => world.tokens.issue(person, Infinity, done));
}

function owner(app: TestWorld, secret: string): Promise<PersonId | null> {
  return untilSettled(app.clock, app.world.tokens.owner(secret));
}

function revoke(app: TestWorld, person: PersonId, secret: string) {
  return app.ask<PersonId>((world, done) => void world.tokens.revoke(person, secret, done));
}

function setPassword(app: TestWorld, person: PersonId) {
  const fresh = { type: 'plain', value: 'another' } as const;
  return app.ask<PersonId>((world, done) => void world.accounts.setPassword(person, fresh, done));
}

function ban(app: TestWorld, name: string) {
  return app.ask((world, done) => world.moderation.ban(operator, name, 'why', null, done));
}

function kick(app: TestWorld, name: string) {
  return app.ask((world, done) => world.moderation.kick(name, 'why', done));
}

/** The types of the entries that were written together, by stream. */
function written(item: AppendItem | undefined) {
  return item?.writes.map(({ stream, entries }) => [stream, ...entries.map(({ type }) => type)]);
}

test('WORLD-90 T20 T21 each token is new, and storage is given only its SHA-256', async () => {
  const { storage, app, ada } = await withAda();
  const secrets = [await issue(app, ada), await issue(app, ada)];
  assert.equal(new Set(secrets).size, 2);
  for (const secret of secrets) {
    assert.equal(await owner(app, secret), ada);
    assert.equal((await storage.token(sha256(secret)))?.person, ada);
    assert.ok(!JSON.stringify(storage.items).includes(secret));
    assert.equal(await owner(app, sha256(secret)), null, 'the digest is no token');
  }
  assert.equal(await owner(app, ''), null);
});

test('WORLD-99 a token in upper case is the same token: it logs in, is in use, and ends', async () => {
  const { app, ada } = await withAda();
  const secret = await issue(app, ada);
  const upper = secret.toUpperCase();
  assert.notEqual(upper, secret);
  assert.equal(await owner(app, upper), ada);
  const { id } = await app.must<{ id: number }>((world, done) => world.resume('ada', upper, done));
  assert.equal(id, ada);
  await app.must((world, done) => void world.tokens.revoke(ada, upper, done));
  assert.equal(await owner(app, secret), null);
});

test('WORLD-90 guests and unknown people get no token', async () => {
  const { app } = await withAda();
  const guest = await app.enter('guest');
  for (const person of [guest, 99])
    assert.deepEqual(await app.ask((world, done) => world.tokens.issue(person, Infinity, done)), {
      ok: false,
      error: { type: 'guest' },
    });
});

test('WORLD-91 a token expires 14 days after it was issued, not earlier', async () => {
  const { clock, app, ada } = await withAda();
  const [first, second] = [await issue(app, ada), await issue(app, ada)];
  clock.jump(14 * DAY - 1);
  assert.equal(await owner(app, first), ada);
  clock.jump(1);
  assert.equal(await owner(app, second), null);
});

test('WORLD-91 a token that is used more than a day after it was issued lasts 14 days from then', async () => {
  const { clock, storage, app, ada } = await withAda();
  const secret = await issue(app, ada);
  const start = clock.now();
  const entries = async () => (await storage.entries(personStream(ada), 0, 100)).length;
  const before = await entries();
  clock.jump(DAY);
  assert.equal(await owner(app, secret), ada);
  assert.equal(await entries(), before, 'a day is not more than a day');
  clock.jump(1);
  assert.deepEqual(await Promise.all([owner(app, secret), owner(app, secret)]), [ada, ada]);
  assert.equal(await entries(), before + 1, 'extended once');
  const token = { digest: sha256(secret), person: ada, issuedAt: start, expires: start + 15 * DAY + 1 };
  assert.deepEqual(await storage.token(sha256(secret)), token);
  clock.jump(14 * DAY - 1);
  assert.equal(await owner(app, secret), ada);
});

test('WORLD-91 a token expires 90 days after it was issued, however often it is used', async () => {
  const { clock, storage, app, ada } = await withAda();
  const secret = await issue(app, ada);
  const start = clock.now();
  for (let day = 2; day < 90; day += 2) {
    clock.jump(2 * DAY);
    assert.equal(await owner(app, secret), ada, `day ${day}`);
  }
  assert.equal((await storage.token(sha256(secret)))?.expires, start + 90 * DAY);
  clock.jump(start + 90 * DAY - 1 - clock.now());
  assert.equal(await owner(app, secret), ada);
  clock.jump(1);
  assert.equal(await owner(app, secret), null);
});

test('WORLD-91 a token that cannot be extended because storage fails is valid as long as before', async () => {
  const { clock, storage, app, ada } = await withAda();
  const secret = await issue(app, ada);
  clock.jump(2 * DAY);
  storage.failing = true;
  assert.equal(await owner(app, secret), ada);
  clock.jump(12 * DAY);
  assert.equal(await owner(app, secret), null);
  await storage.close();
  await assert.rejects(owner(app, secret), { name: 'StorageUnavailable' });
  assert.deepEqual(await revoke(app, ada, secret), unavailable);
});

test('WORLD-92 the append of the 101st token ends the oldest', async () => {
  const { clock, storage, app, ada } = await withAda();
  const secrets: string[] = [];
  for (let count = 0; count < 100; count++) {
    clock.jump(1);
    secrets.push(await issue(app, ada));
  }
  assert.equal(await owner(app, secrets[0] ?? ''), ada);
  clock.jump(1);
  secrets.push(await issue(app, ada));
  assert.deepEqual(written(storage.items.at(-1)), [[personStream(ada), 'token-revoked', 'token-issued']]);
  const owners = await Promise.all(secrets.map((secret) => owner(app, secret)));
  assert.deepEqual(owners, [null, ...Array<PersonId>(100).fill(ada)]);
  assert.equal((await storage.load(personStream(ada))).tokens.length, 100);
});

test('WORLD-92 WORLD-95 expired tokens do not count, and end when the next one is issued', async () => {
  const { clock, storage, app, ada } = await withAda();
  const old = await Promise.all(Array.from({ length: 100 }, () => issue(app, ada)));
  clock.jump(14 * DAY);
  const fresh = await issue(app, ada);
  assert.deepEqual((await storage.load(personStream(ada))).tokens, [await storage.token(sha256(fresh))]);
  clock.jump(-14 * DAY);
  assert.deepEqual(new Set(await Promise.all(old.map((secret) => owner(app, secret)))), new Set([null]));
  assert.equal(await owner(app, fresh), ada);
});

test('WORLD-93 T21 the append of a new password ends all tokens of the person, and of nobody else', async () => {
  const { storage, app, ada } = await withAda();
  const bob = await app.register('bob');
  const [first, second, other] = [await issue(app, ada), await issue(app, ada), await issue(app, bob)];
  const fresh = { type: 'plain', value: 'another' } as const;
  await app.login('ada');
  await app.must<PersonId>((world, done) => void world.accounts.changePassword(ada, defaultPassword, fresh, done));
  assert.deepEqual(written(storage.items.at(-1)), [[personStream(ada), 'password-set', 'tokens-revoked']]);
  assert.deepEqual([await owner(app, first), await owner(app, second)], [null, null]);
  assert.equal(await owner(app, other), bob);
  assert.equal(await owner(app, await issue(app, ada)), ada);
});

test('WORLD-93 T21 the append of a ban, in any spelling, ends the tokens of the account; a banned person gets none', async () => {
  const { storage, app, ada } = await withAda();
  const secret = await issue(app, ada);
  assert.ok((await ban(app, 'ADA')).ok);
  assert.deepEqual(written(storage.items.at(-1)), [
    [directoryStream, 'ban-set'],
    [personStream(ada), 'tokens-revoked'],
  ]);
  assert.equal(await owner(app, secret), null);
  const banned = { ok: false, error: { type: 'banned', reason: 'why' } };
  assert.deepEqual(await app.ask((world, done) => world.tokens.issue(ada, Infinity, done)), banned);
  await app.must((world, done) => world.moderation.unban(operator, 'ada', done));
  assert.equal(await owner(app, secret), null, 'an ended token stays ended');
  assert.equal(await owner(app, await issue(app, ada)), ada);
});

test('WORLD-93 WORLD-34 a kick ends the tokens before the connections, and neither if storage fails', async () => {
  const { storage, app, ada } = await withAda();
  await app.login('ada');
  const secret = await issue(app, ada);
  const { removals } = app.observer;
  storage.failing = true;
  assert.deepEqual(await kick(app, 'ada'), unavailable);
  storage.failing = false;
  assert.deepEqual([removals.length, await owner(app, secret)], [0, ada]);
  let removedBefore = -1;
  storage.beforeAppend = async () => {
    removedBefore = removals.length;
  };
  assert.ok((await kick(app, 'Ada')).ok);
  assert.deepEqual([removedBefore, removals.map(({ person }) => person)], [0, [ada]]);
  assert.deepEqual(written(storage.items.at(-1)), [[personStream(ada), 'tokens-revoked']]);
  assert.equal(await owner(app, secret), null);
  await app.login('ada');
});

test('WORLD-93 a kick of a guest needs no storage', async () => {
  const { storage, app } = await withAda();
  await app.enter('guest');
  storage.failing = true;
  assert.ok((await kick(app, 'guest')).ok);
});

test('WORLD-93 for a person without tokens no entry is written', async () => {
  const { storage, app, ada } = await withAda();
  await app.login('ada');
  const [before = 0] = await storage.positions([personStream(ada)]);
  assert.ok((await kick(app, 'ada')).ok);
  assert.ok((await ban(app, 'ada')).ok);
  assert.deepEqual(await storage.positions([personStream(ada)]), [before]);
  assert.ok((await setPassword(app, ada)).ok);
  assert.deepEqual(await storage.positions([personStream(ada)]), [before + 1]);
});

for (const [what, end] of [
  ['another password', setPassword],
  ['a ban', (app: TestWorld) => ban(app, 'ada')],
  ['a kick', (app: TestWorld) => kick(app, 'ada')],
] as const)
  test(`WORLD-93 ${what} ends tokens that another node issued, without a bus message`, async () => {
    const { first, second, ada } = await openUnconnectedWorlds();
    await first.login('ada');
    const secret = await issue(second, ada);
    assert.ok((await end(first, ada)).ok);
    assert.deepEqual([await owner(first, secret), await owner(second, secret)], [null, null]);
  });

test('WORLD-93 a ban ends the tokens of an account that another node made unheard', async () => {
  const { first, second } = await openUnconnectedWorlds();
  const bob = await first.register('bob');
  const secret = await issue(first, bob);
  assert.ok((await ban(second, 'bob')).ok);
  assert.deepEqual([await owner(first, secret), await owner(second, secret)], [null, null]);
});

test('WORLD-94 T23 a person ends only tokens of their own', async () => {
  const { storage, app, ada } = await withAda();
  const bob = await app.register('bob');
  const [mine, kept] = [await issue(app, ada), await issue(app, ada)];
  assert.deepEqual(await revoke(app, bob, mine), notFound);
  assert.deepEqual(await revoke(app, ada, 'nothing'), notFound);
  assert.equal(await owner(app, mine), ada);
  assert.deepEqual(await revoke(app, ada, mine), { ok: true, value: ada });
  assert.deepEqual(written(storage.items.at(-1)), [[personStream(ada), 'token-revoked']]);
  assert.deepEqual([await owner(app, mine), await owner(app, kept)], [null, ada]);
  assert.deepEqual(await revoke(app, ada, mine), notFound);
});

test('WORLD-94 T22 a token that one node ends is valid on no node, without a bus message', async () => {
  const { first, second, ada } = await openUnconnectedWorlds();
  const [one, other] = [await issue(first, ada), await issue(second, ada)];
  assert.deepEqual([await owner(first, other), await owner(second, one)], [ada, ada]);
  assert.ok((await revoke(second, ada, one)).ok);
  assert.ok((await revoke(first, ada, other)).ok);
  for (const app of [first, second]) assert.deepEqual([await owner(app, one), await owner(app, other)], [null, null]);
});

test('WORLD-94 a token that is ended during its extension stays ended', async () => {
  const { clock, storage, first, second, ada } = await openUnconnectedWorlds();
  await second.login('ada');
  const secret = await issue(second, ada);
  clock.jump(2 * DAY);
  storage.afterToken = async () => {
    storage.afterToken = async () => {};
    await revoke(first, ada, secret);
  };
  assert.equal(await owner(second, secret), null);
  assert.equal(await storage.token(sha256(secret)), null);
});

test('WORLD-95 a token that was found expired is not revived when the clock goes back', async () => {
  const { clock, storage, app, ada } = await withAda();
  const [used, unused] = [await issue(app, ada), await issue(app, ada)];
  clock.jump(14 * DAY);
  assert.equal(await owner(app, used), null);
  clock.jump(-10 * DAY);
  assert.deepEqual([await owner(app, used), await owner(app, unused)], [null, null]);
  assert.deepEqual((await storage.load(personStream(ada))).tokens, []);
});

test('WORLD-95 using one token ends the expired ones of the person', async () => {
  const { clock, app, ada } = await withAda();
  const old = await issue(app, ada);
  clock.jump(10 * DAY);
  const used = await issue(app, ada);
  clock.jump(10 * DAY);
  assert.equal(await owner(app, used), ada);
  clock.jump(-10 * DAY);
  assert.deepEqual([await owner(app, old), await owner(app, used)], [null, ada]);
});

test('WORLD-95 a clock that is an hour or a year wrong for a while neither ends nor extends a token', async () => {
  for (const ms of [3_600_000, 365 * DAY]) {
    const { clock, storage, app, ada } = await withAda();
    const secret = await issue(app, ada);
    const before = await storage.token(sha256(secret));
    clock.jump(ms);
    await app.post(await app.enter('guest'), 'hello');
    clock.jump(-2 * ms);
    assert.equal(await owner(app, secret), ada, 'behind');
    clock.jump(ms);
    assert.equal(await owner(app, secret), ada);
    assert.deepEqual(await storage.token(sha256(secret)), before);
  }
});

test('WORLD-91 WORLD-95 whatever the clock does, no token is revived, and each is valid until it expires, 100 seeds', async () => {
  const found = { good: 0, over: 0 };
  for (let seed = 1; seed <= 100; seed++) {
    const random = seededRandom(seed);
    const clock = new FakeClock();
    const storage = new WatchedStorage(clock);
    let app = await TestWorld.open({ clock, storage, ids: countingIds(1) });
    const ada = await app.register('ada');
    const secrets: string[] = [];
    const over = new Set<string>();
    for (let step = 0; step < 40; step++) {
      const what = random.below(8);
      if (what < 3) clock.jump(random.pick([-1, 1, 1]) * random.pick([3_600_000, DAY, 3 * DAY, 20 * DAY, 365 * DAY]));
      else if (what === 3) secrets.push(await issue(app, ada));
      else if (what === 4) {
        app.world.close();
        app = await TestWorld.open({ clock, storage, ids: countingIds(2 + step) });
      }
      const secret = random.pick([...secrets, '']);
      const before = await storage.token(sha256(secret));
      const isGood = before !== null && clock.now() < before.expires;
      const why = `seed ${seed}, step ${step}`;
      assert.equal(await owner(app, secret), isGood ? ada : null, why);
      assert.ok(!isGood || !over.has(secret), `${why}: revived`);
      if (!isGood) over.add(secret);
      const after = await storage.token(sha256(secret));
      assert.equal(after !== null, isGood, why);
      if (after !== null) assert.ok(after.expires - after.issuedAt <= 90 * DAY && after.expires > clock.now(), why);
      found[isGood ? 'good' : 'over'] += secret === '' ? 0 : 1;
    }
    app.world.close();
  }
  assert.ok(found.good > 500 && found.over > 500, JSON.stringify(found));
});

test('WORLD-64 the stream of an absent person leaves memory once a token was used or ended', async () => {
  const { clock, storage, app, ada } = await withAda();
  const polled = async () => {
    clock.advance(2_000);
    await app.settle();
    return storage.polled.includes(personStream(ada));
  };
  const secret = await issue(app, ada);
  assert.equal(await polled(), false, 'issued');
  clock.jump(2 * DAY);
  assert.equal(await owner(app, secret), ada);
  assert.equal(await polled(), false, 'used');
  assert.ok((await revoke(app, ada, secret)).ok);
  assert.equal(await polled(), false, 'ended');
  assert.ok((await ban(app, 'ada')).ok);
  assert.equal(await polled(), false, 'banned');
  await app.must((world, done) => world.moderation.unban(operator, 'ada', done));
  await app.login('ada');
  assert.equal(await polled(), true, 'present');
  await issue(app, ada);
  assert.equal(await polled(), true, 'still present');
});

test('WORLD-96 T17 T22 a name and its token log in, and no answer tells which of them was wrong', async () => {
  const { storage, app, ada } = await withAda();
  const bob = await app.register('bob');
  const token = await issue(app, ada);
  const resume = (name: string, secret: string) =>
    app.ask<{ id: PersonId }>((world, done) => world.resume(name, secret, done));
  for (const name of ['ada', 'ADA']) {
    const entered = await resume(name, token);
    assert.equal(entered.ok && entered.value.id, ada);
  }
  const wrong = { ok: false, error: { type: 'wrong-credentials' } };
  for (const [name, secret] of [
    ['bob', token],
    ['nobody', token],
    ['', token],
    ['ada', await issue(app, bob)],
    ['ada', ''],
    ['nobody', ''],
  ] as const)
    assert.deepEqual(await resume(name, secret), wrong);
  await ban(app, 'ada');
  assert.deepEqual(await resume('ada', token), wrong, 'a ban has ended the token');
  storage.afterToken = () => Promise.reject(new Error('the test says so'));
  assert.deepEqual(await resume('ada', token), unavailable);
  await app.world.stop();
  assert.deepEqual(await resume('ada', token), { ok: false, error: { type: 'stopping' } });
});

test('WORLD-96 T22 a login is refused if its token ends meanwhile', async () => {
  const { clock, storage, app, ada } = await withAda();
  await app.login('ada');
  const token = await issue(app, ada);
  const gate = Promise.withResolvers<void>();
  storage.afterToken = () => gate.promise;
  const entering = new Promise((done) => app.world.resume('ada', token, done));
  await app.settle();
  await app.must((world, done) => world.moderation.kick('ada', 'enough', done));
  gate.resolve();
  assert.deepEqual(await untilSettled(clock, entering), { ok: false, error: { type: 'wrong-credentials' } });
  await app.settle();
  assert.deepEqual(app.world.people.visible, []);
});

test('WORLD-96 a token that another node issued logs in, also if the person is present here and no bus message came', async () => {
  const clock = new FakeClock();
  const shared = { names: new MemoryNames(), clock };
  const storage = new MemoryStorage(clock);
  const first = await TestWorld.open({ ...shared, storage, ids: countingIds(1) });
  const second = await TestWorld.open({ ...shared, storage: storage.join(), ids: countingIds(2) });
  const ada = await first.register('ada');
  clock.advance(60_000); // The second node asks storage for what it missed.
  await second.settle();
  await second.login('ada');
  const token = await issue(first, ada);
  const entered = await second.ask<{ id: PersonId }>((world, done) => world.resume('ada', token, done));
  assert.equal(entered.ok && entered.value.id, ada);
});
