import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PersonId, type RoomId, roomStream } from '../../src/core/model/ids.ts';
import type { Refusal } from '../../src/core/model/refusals.ts';
import type { NewInvitation } from '../../src/core/services/invitations.ts';
import type { World } from '../../src/core/world.ts';
import type { Result } from '../../src/lib/result.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { TestWorld } from '../../testing/world.ts';
import type { Stage } from './stage.ts';
import { forSeeds } from './two-worlds.ts';

const SEEDS = 100;
const ROUNDS = 10;
const NAMES = ['bob', 'cyd', 'dan', 'eve', 'fay'];

/** An invitation, and how often somebody who was outside was told to have joined by it. */
type Made = { readonly code: string; readonly uses: number | null; joined: number; isWithdrawn: boolean };

/** Random people in two worlds who join a closed room by invitations, several at once, and leave it again. */
class RandomJoins {
  readonly #random: SeededRandom;
  readonly #worlds: readonly TestWorld[];
  #people: readonly PersonId[] = [];
  #owner: PersonId = 0;
  room: RoomId = 0;
  readonly made: Made[] = [];
  refused = 0;

  constructor(random: SeededRandom, worlds: readonly TestWorld[]) {
    this.#random = random;
    this.#worlds = worlds;
  }

  async begin(): Promise<void> {
    const [first, second] = this.#worlds;
    assert.ok(first !== undefined && second !== undefined);
    this.#owner = await first.member('ada');
    const people: PersonId[] = [];
    for (const name of NAMES) people.push(await first.member(name));
    this.#people = people;
    for (const name of ['ada', ...NAMES]) await this.#login(second, name);
    this.room = await first.group(this.#owner, 'garden', true);
    second.world.pinRoom(this.room);
    await second.world.useRooms([this.room], () => {});
  }

  async act(): Promise<void> {
    const random = this.#random;
    const { world } = random.pick(this.#worlds);
    const person = random.pick(this.#people);
    const one = this.made.length === 0 ? undefined : random.pick(this.made.slice(-2));
    switch (random.below(8)) {
      case 0:
        return this.#invite(world);
      case 1:
        if (one === undefined || random.next() < 0.7) return;
        return this.#withdraw(world);
      case 2:
        await ask((done) => world.rooms.leave(person, this.room, done));
        return;
      default:
        return one === undefined ? this.#invite(world) : this.#join(world, person, one);
    }
  }

  async #invite(world: World): Promise<void> {
    const uses = this.#random.pick([null, 1, 1, 2, 3]);
    const result = await ask<NewInvitation>((done) =>
      world.invitations.make(this.#owner, this.room, { until: null, uses }, done),
    );
    if (result.ok) this.made.push({ code: result.value.code, uses, joined: 0, isWithdrawn: false });
  }

  async #withdraw(world: World): Promise<void> {
    const before = [...this.made];
    const result = await ask((done) => world.invitations.end(this.#owner, this.room, done));
    if (result.ok) for (const one of before) one.isWithdrawn = true;
  }

  async #join(world: World, person: PersonId, one: Made): Promise<void> {
    const { isWithdrawn } = one;
    const result = await ask<RoomId>((done) => void world.invitations.join(person, one.code, done));
    if (result.ok) assert.ok(!isWithdrawn, 'it was withdrawn before');
    else assert.equal(result.error.type, 'not-found');
    if (result.ok) one.joined += 1;
    else this.refused += 1;
  }

  async #login(app: TestWorld, name: string): Promise<void> {
    for (let attempt = 0; attempt < 20; attempt++) {
      if (
        await app.login(name).then(
          () => true,
          () => false,
        )
      )
        return;
      app.clock.advance(1_000);
      await app.settle();
    }
    assert.fail(`${name} cannot log in`);
  }
}

function ask<T>(run: (done: (result: Result<T, Refusal>) => void) => void): Promise<Result<T, Refusal>> {
  return new Promise(run);
}

/** How often each invitation was used, by the entries of the room. Each use is beside a join, and none is too many. */
async function usesIn(app: TestWorld, room: RoomId, at: string): Promise<{ counted: number; joins: number }> {
  const left = new Map<string, number | null>();
  let counted = 0;
  let joins = 0;
  for (const { body } of await app.storage.entries(roomStream(room), 0, 10_000)) {
    if (body.type === 'member-joined') joins += 1;
    if (body.type === 'invitation-made') left.set(body.invitation.digest, body.invitation.usesLeft);
    if (body.type === 'invitation-ended') left.delete(body.digest);
    if (body.type !== 'invitation-used') continue;
    const { digest, usesLeft } = body.invitation;
    const before = left.get(digest);
    assert.ok(typeof before === 'number' && before > 0, `${at}: used although nothing was left`);
    assert.equal(usesLeft, before - 1, at);
    left.set(digest, usesLeft);
    counted += 1;
  }
  const { invitations } = await app.storage.load(roomStream(room));
  const stored = new Map(invitations.map(({ digest, usesLeft }) => [digest, usesLeft]));
  assert.deepEqual(stored, left, `${at}: the table`);
  return { counted, joins };
}

/** People join rooms by invitations that both nodes know. */
export function invitationsSuite(stage: Stage): void {
  test('WORLD-267 WORLD-07 an invitation is used as often as it says in two worlds over one storage and an unreliable bus', async (t) => {
    const sum = { made: 0, counted: 0, joins: 0, refused: 0 };
    const seeds = await forSeeds(stage, SEEDS, async ({ random, worlds, passTime, settled }, seed) => {
      const [app] = worlds;
      assert.ok(app !== undefined);
      const joins = new RandomJoins(random, worlds);
      await joins.begin();
      for (let round = 0; round < ROUNDS; round++) {
        const count = 1 + random.below(6);
        await settled(Promise.all(Array.from({ length: count }, () => joins.act())));
        passTime();
      }
      const uses = await usesIn(app, joins.room, `seed ${seed}`);
      sum.made += joins.made.length;
      sum.counted += uses.counted;
      sum.joins += uses.joins;
      sum.refused += joins.refused;
    });
    t.diagnostic(JSON.stringify(sum));
    if (seeds === SEEDS)
      assert.ok(sum.made > 2 * SEEDS && sum.counted > SEEDS && sum.joins > 2 * SEEDS && sum.refused > SEEDS);
  });

  test('WORLD-266 WORLD-268 what one node makes and withdraws holds on another one at once, though no bus message arrives', async () => {
    await forSeeds(stage, 1, async ({ random, worlds }) => {
      const [first, second] = worlds;
      assert.ok(first !== undefined && second !== undefined);
      const joins = new RandomJoins(random, worlds);
      await joins.begin();
      const { room } = joins;
      const owner = first.world.people.find('ada')?.id ?? assert.fail('no ada');
      const invite = () =>
        first.must<NewInvitation>((world, done) => world.invitations.make(owner, room, { until: null, uses: 1 }, done));
      const join = (name: string, code: string) => {
        const person = second.world.people.find(name)?.id ?? assert.fail(`no ${name}`);
        return second.ask<RoomId>((world, done) => void world.invitations.join(person, code, done));
      };
      const [one, two] = [await invite(), await invite()];
      assert.deepEqual(await join('bob', one.code), { ok: true, value: room });
      await first.must<RoomId>((world, done) => world.invitations.end(owner, room, done));
      assert.deepEqual(await join('cyd', two.code), { ok: false, error: { type: 'not-found' } });
      const three = await invite();
      await second.must<RoomId>((world, done) => world.invitations.end(owner, room, done));
      const cyd = first.world.people.find('cyd')?.id ?? 0;
      assert.deepEqual(await first.ask<RoomId>((world, done) => void world.invitations.join(cyd, three.code, done)), {
        ok: false,
        error: { type: 'not-found' },
      });
    });
  });
}
