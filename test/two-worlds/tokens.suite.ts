import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PersonId } from '../../src/core/model/ids.ts';
import { personStream } from '../../src/core/model/ids.ts';
import type { Storage } from '../../src/core/ports.ts';
import type { Refusal } from '../../src/core/model/refusals.ts';
import type { World } from '../../src/core/world.ts';
import type { Result } from '../../src/lib/result.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { TestWorld } from '../../testing/world.ts';
import type { Stage } from './stage.ts';
import { forSeeds } from './two-worlds.ts';

const SEEDS = 100;
const ROUNDS = 12;
const NAMES = ['ada', 'bob'];

/** An issued token, and the first round in which it was certainly ended. */
type Issued = { readonly person: PersonId; readonly secret: string; readonly round: number; ended: number | null };

type Run = (done: (result: Result<unknown, Refusal>) => void) => void;

/** Runs random commands with tokens in two worlds, several at once in each round. */
class RandomTokens {
  readonly #random: SeededRandom;
  readonly #worlds: readonly TestWorld[];
  readonly #people = new Map<string, PersonId>();
  readonly tokens: Issued[] = [];
  /** The rounds in which all tokens of a person were ended, perhaps with some issued in the same round. */
  readonly #endings = new Set<string>();

  constructor(random: SeededRandom, worlds: readonly TestWorld[]) {
    this.#random = random;
    this.#worlds = worlds;
  }

  get people(): readonly PersonId[] {
    return [...this.#people.values()];
  }

  /** True if nothing can have ended the token. */
  isValid({ person, round, ended }: Issued): boolean {
    return ended === null && !this.#endings.has(`${person} in ${round}`);
  }

  async begin(): Promise<void> {
    for (const name of NAMES) this.#people.set(name, await this.#random.pick(this.#worlds).register(name));
    for (const name of NAMES) for (const app of this.#worlds) await app.login(name).catch(() => {});
  }

  async act(round: number): Promise<void> {
    const random = this.#random;
    const { world } = random.pick(this.#worlds);
    const name = random.pick(NAMES);
    const person = this.#people.get(name) ?? 0;
    switch (random.below(8)) {
      case 0: {
        const fresh = { type: 'plain', value: `password ${round}` } as const;
        return this.#endAll(person, round, (done) => void world.accounts.setPassword(person, fresh, done));
      }
      case 1:
        return this.#endAll(person, round, (done) => world.moderation.kick(name, 'why', done));
      case 2: {
        await this.#endAll(person, round, (done) =>
          world.moderation.ban({ type: 'operator' }, name, 'why', null, done),
        );
        await ask((done) => world.moderation.unban({ type: 'operator' }, name, done));
        return;
      }
      case 3:
      case 4: {
        const known = this.tokens.filter((token) => token.person === person);
        const one = known[random.below(known.length + 1)];
        if (one !== undefined)
          await this.#end([one], round, (done) => void world.tokens.revoke(person, one.secret, done));
        return;
      }
      default:
        return this.#issue(world, person, round);
    }
  }

  async #issue(world: World, person: PersonId, round: number): Promise<void> {
    const result = await ask<string>((done) => world.tokens.issue(person, Infinity, done));
    if (result.ok) this.tokens.push({ person, secret: result.value, round, ended: null });
    else assert.ok(['banned', 'guest'].includes(result.error.type), result.error.type); // The account was made elsewhere.
  }

  async #endAll(person: PersonId, round: number, run: Run): Promise<void> {
    const known = this.tokens.filter((token) => token.person === person);
    this.#endings.add(`${person} in ${round}`);
    return this.#end(known, round, run);
  }

  /** Runs a command that, if accepted, ends these tokens. */
  async #end(tokens: readonly Issued[], round: number, run: Run): Promise<void> {
    const result = await ask(run);
    if (result.ok) for (const token of tokens) token.ended ??= round;
    else assert.ok(['not-found', 'unavailable'].includes(result.error.type), result.error.type);
  }
}

function ask<T>(run: (done: (result: Result<T, Refusal>) => void) => void): Promise<Result<T, Refusal>> {
  return new Promise(run);
}

/** Tokens that both nodes issue and end. */
export function tokensSuite(stage: Stage): void {
  test('WORLD-93 WORLD-94 T22 tokens of two worlds over one storage and an unreliable bus', async (t) => {
    let issued = 0;
    let ended = 0;
    let valid = 0;
    const seeds = await forSeeds(stage, SEEDS, async ({ random, storage, worlds, passTime, settled }, seed) => {
      const actions = new RandomTokens(random, worlds);
      await actions.begin();
      for (let round = 0; round < ROUNDS; round++) {
        const count = 1 + random.below(5);
        await settled(Promise.all(Array.from({ length: count }, () => actions.act(round))));
        passTime();
        for (const token of actions.tokens) {
          const owners = await settled(Promise.all(worlds.map(({ world }) => world.tokens.owner(token.secret))));
          const at = `seed ${seed}, round ${round}: ${JSON.stringify(token)}`;
          assert.equal(owners[0], owners[1], at);
          if (token.ended !== null) assert.equal(owners[0], null, `${at} is alive`);
          if (actions.isValid(token)) {
            assert.equal(owners[0], token.person, `${at} is dead`);
            valid += 1;
          }
        }
      }
      await checkTable(actions, storage, `seed ${seed}`);
      issued += actions.tokens.length;
      ended += actions.tokens.filter((token) => token.ended !== null).length;
    });
    t.diagnostic(`${issued} tokens, ${ended} ended, ${valid} times one was valid`);
    if (seeds === SEEDS) assert.ok(issued > 5 * SEEDS && ended > 2 * SEEDS && valid > 2 * SEEDS);
  });
}

/** The table agrees with the entries, and no entry ends a token that does not exist. */
async function checkTable(actions: RandomTokens, storage: Storage, at: string): Promise<void> {
  for (const person of actions.people) {
    const expected = new Map<string, unknown>();
    for (const { body } of await storage.entries(personStream(person), 0, 10_000)) {
      if (body.type === 'token-issued') expected.set(body.token.digest, body.token);
      if (body.type === 'token-revoked') expected.delete(body.digest);
      if (body.type === 'tokens-revoked') {
        assert.ok(expected.size > 0, `${at}: ends no token`);
        expected.clear();
      }
    }
    const { tokens } = await storage.load(personStream(person));
    assert.deepEqual(new Map(tokens.map((token) => [token.digest, token])), expected, `${at}: the tokens of ${person}`);
  }
}
