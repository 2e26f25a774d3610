import assert from 'node:assert/strict';
import type { Account } from '../../src/core/model/account.ts';
import { type PersonId, personStream, type RoomId } from '../../src/core/model/ids.ts';
import type { Message } from '../../src/core/model/message.ts';
import type { Unit } from '../../src/core/model/unit.ts';
import type { PostResult } from '../../src/core/services/messages.ts';
import type { Password, Storage } from '../../src/core/ports.ts';
import type { Refusal } from '../../src/core/model/refusals.ts';
import type { World } from '../../src/core/world.ts';
import type { Result } from '../../src/lib/result.ts';
import { sha256 } from '../../src/lib/sha256.ts';
import { countingIds } from '../../testing/ids.ts';
import { untilSettled, TestWorld } from '../../testing/world.ts';
import { type Scenario, scenario } from './scenario.ts';

const OLD: Password = { type: 'plain', value: 'the old one' };
const NEW: Password = { type: 'plain', value: 'the new one' };

type Answer<T> = Result<T, Refusal> | null;
type Ask = <T>(run: (world: World, done: (result: Result<T, Refusal>) => void) => void) => Promise<Answer<T>>;

const OPERATOR = { type: 'operator' } as const;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Tokens of two people: one is used, one revoked, the others end by a new password, a kick and a ban. */
async function useTokens(app: TestWorld, ask: Ask, people: { readonly alice: PersonId; readonly bob: PersonId }) {
  const { alice, bob } = people;
  const { tokens, accounts, moderation } = app.world;
  const issue = (person: PersonId) => ask<string>((_, done) => tokens.issue(person, Infinity, done));
  const first = await issue(alice);
  const ended = await issue(alice);
  app.clock.jump(2 * DAY_MS);
  const secret = first?.ok ? first.value : '';
  const owner = await untilSettled(app.clock, tokens.owner(secret)).catch(() => null);
  assert.ok(owner === null || owner === alice);
  const revoked = await ask<PersonId>((_, done) => void tokens.revoke(alice, ended?.ok ? ended.value : '', done));
  const kicked = await issue(bob);
  const kick = await ask<unknown>((_, done) => moderation.kick('bob', 'why', done));
  const banned = await issue(bob);
  const ban = await ask<unknown>((_, done) => moderation.ban(OPERATOR, 'bob', 'why', null, done));
  const password = await ask<PersonId>((_, done) => void accounts.changePassword(alice, OLD, NEW, done));
  const later = await issue(alice);
  return { first, ended, revoked, kicked, kick, banned, ban, password, later };
}

type Tokens = Awaited<ReturnType<typeof useTokens>>;

/** The digests of the tokens that must be stored: those that were issued and not ended. */
function expectedTokens(answers: Tokens): { readonly alice: readonly string[]; readonly bob: readonly string[] } {
  const { first, ended, revoked, kicked, kick, banned, ban, password, later } = answers;
  const left = (token: Answer<string>, ends: readonly Answer<unknown>[]) =>
    token?.ok && !ends.some((end) => end?.ok) ? [sha256(token.value)] : [];
  return {
    alice: [...left(first, [password]), ...left(ended, [revoked, password]), ...left(later, [])].sort(),
    bob: [...left(kicked, [kick, ban]), ...left(banned, [ban])].sort(),
  };
}

/** A first name for one person, and a unit with both, which becomes home. */
async function describePeople(app: TestWorld, ask: Ask, people: { readonly alice: PersonId; readonly bob: PersonId }) {
  const { accounts, units } = app.world;
  const profile = await ask<Account>((_, done) => accounts.setProfile(people.alice, { firstName: 'Alice' }, done));
  const unit = await ask<Unit>((_, done) => units.create(OPERATOR, 'Sales', null, done));
  const id = unit?.ok ? unit.value.id : 0;
  const inside = await ask<Unit>((_, done) => units.setMembers(OPERATOR, id, Object.values(people), true, done));
  const home = await ask<Unit>((_, done) => units.setHome(OPERATOR, id, done));
  return { profile, unit, inside, home };
}

/** Runs the commands one after the other and collects the answers; null for a command that could not be asked. */
async function act(app: TestWorld) {
  const { world } = app;
  const ask: Ask = (run) => app.ask(run);
  const register = (name: string) =>
    ask<Account>((_, done) => {
      const wanted = { name, displayName: null, password: OLD, role: 'user' } as const;
      void world.accounts.register(null, wanted, done);
    });
  const login = async (name: string): Promise<PersonId> => {
    const result = await ask<{ id: PersonId }>((_, done) => world.login(name, OLD, done));
    return result?.ok ? result.value.id : 0;
  };
  const accounts = { alice: await register('alice'), bob: await register('bob') };
  const alice = await login('alice');
  const bob = await login('bob');
  const tell = (text: string, nonce?: string) =>
    ask<PostResult>((_, done) =>
      world.messages.direct(alice, 'bob', { text, clientTime: null, ...(nonce && { nonce }) }, () => {}, done),
    );
  const directs = await Promise.all([tell('one'), tell('two')]);
  const first = await tell('once', 'n');
  const second = await tell('once', 'n');
  const contact = await ask<unknown>((_, done) => world.relationships.set('contact', alice, 'bob', true, done));
  const block = await ask<unknown>((_, done) => world.relationships.set('block', bob, 'alice', true, done));
  const withheld = await tell('unwanted');
  const group = await ask<RoomId>((_, done) => world.rooms.create(alice, 'garden', 'The garden', false, done));
  const room = world.rooms.find('garden') ?? 0;
  const joined = await ask<RoomId>((_, done) => world.rooms.join(bob, room, done));
  const grouped = await ask<Message>((_, done) =>
    world.messages.post(bob, room, { text: 'flowers', clientTime: null }, done),
  );
  const left = await ask<RoomId>((_, done) => world.rooms.leave(alice, room, done));
  const described = await describePeople(app, ask, { alice, bob });
  const tokens = await useTokens(app, ask, { alice, bob });
  const once = [first, second];
  return { accounts, directs, once, contact, block, withheld, group, joined, grouped, left, described, tokens };
}

/** Compares the answers with a new world on the same storage; returns the number of refusals. */
async function check(answers: Awaited<ReturnType<typeof act>>, storage: Storage, label: string): Promise<number> {
  const again = await TestWorld.open({ storage, ids: countingIds(9) });
  const { world } = again;
  const person = (name: string) => world.people.find(name)?.id ?? 0;
  for (const [name, answer] of Object.entries(answers.accounts))
    assertAgrees(person(name) !== 0, answer, `${label}: the account of ${name}`);
  const alice = await storage.load(personStream(person('alice')));
  const bob = await storage.load(personStream(person('bob')));
  assertAgrees(alice.contacts.includes(person('bob')), answers.contact, `${label}: the contact`);
  assertAgrees(bob.blocks.includes(person('alice')), answers.block, `${label}: the block`);
  const { profile, unit, inside, home } = answers.described;
  assertAgrees(world.people.account(person('alice'))?.firstName === 'Alice', profile, `${label}: the first name`);
  const sales = world.units.named('Sales')?.id;
  assertAgrees(sales !== undefined, unit, `${label}: the unit`);
  const count = sales === undefined ? 0 : [...world.units.people(sales)].length;
  assert.equal(count, inside?.ok ? 2 : 0, `${label}: both are in the unit, or nobody`);
  assertAgrees(world.units.home === sales, home, `${label}: home`);
  const garden = world.rooms.find('garden');
  assertAgrees(garden !== undefined, answers.group, `${label}: the group`);
  const isIn = (rooms: typeof alice) => rooms.memberships.some(({ room }) => room === garden);
  assertAgrees(garden !== undefined && isIn(bob), answers.joined, `${label}: Bob in the garden`);
  if (answers.group?.ok) assertAgrees(!isIn(alice), answers.left, `${label}: the owner has left`);
  const check = await again.ask((_, done: (result: Result<unknown, Refusal>) => void) =>
    world.login('alice', NEW, done),
  );
  assertAgrees(check.ok, answers.tokens.password, `${label}: the new password`);
  const digests = (person: typeof alice) => person.tokens.map(({ digest }) => digest).sort();
  const expected = expectedTokens(answers.tokens);
  assert.deepEqual({ alice: digests(alice), bob: digests(bob) }, expected, `${label}: the tokens`);
  for (const digest of [...expected.alice, ...expected.bob]) assert.ok(await storage.token(digest), label);
  assert.equal([...world.bans].length, answers.tokens.ban?.ok ? 1 : 0, `${label}: the ban`);

  const posts = [...answers.directs, ...answers.once, answers.withheld].map((answer) =>
    answer?.ok ? answer.value.message : null,
  );
  posts.push(answers.grouped?.ok ? answers.grouped.value : null);
  for (const message of posts) {
    if (message === null) continue;
    assert.deepEqual(await storage.message(message.id), message, `${label}: ${message.text}`);
  }
  const rooms = [...new Set([...alice.memberships, ...bob.memberships].map(({ room }) => room))];
  const all = (await Promise.all(rooms.map(async (room) => (await storage.page(room, null, 100)).messages))).flat();
  const acknowledged = new Set(posts.flatMap((message) => message?.id ?? []));
  assert.deepEqual(
    all.map(({ id }) => id).sort(),
    [...acknowledged].sort(),
    `${label}: nothing but what was acknowledged`,
  );
  assert.ok(all.filter(({ text }) => text === 'once').length <= 1, `${label}: posted once`);
  for (const room of rooms) {
    const numbers = all.filter((message) => message.room === room).map(({ number }) => number);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
      `${label}: numbers without gaps`,
    );
  }
  world.close();
  const { accounts, directs, once, tokens, described, ...others } = answers;
  const every = [accounts, directs, once, tokens, described, others].flatMap((some) => Object.values(some));
  return every.filter((answer) => answer?.ok === false).length;
}

function assertAgrees(isSo: boolean, answer: Answer<unknown>, what: string): void {
  assert.equal(isSo, answer?.ok === true, what);
}

/** Two people with accounts: direct messages, a contact and a block, a group, a profile, a unit, tokens, a new password. */
export const peopleScenario: Scenario = scenario(act, check);
