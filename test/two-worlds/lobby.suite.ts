import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PersonId, roomStream } from '../../src/core/model/ids.ts';
import type { Message } from '../../src/core/model/message.ts';
import type { Refusal } from '../../src/core/model/refusals.ts';
import type { Result } from '../../src/lib/result.ts';
import type { TestWorld } from '../../testing/world.ts';
import type { Stage } from './stage.ts';
import { forSeeds, type TwoWorlds } from './two-worlds.ts';

const SEEDS = 200;

/** Random people post and edit; what was acknowledged. */
async function run({ random, worlds, passTime, converge, settled }: TwoWorlds) {
  const people = await Promise.all(
    worlds.flatMap((app, index) => ['a', 'b'].map(async (name) => ({ app, id: await app.enter(`${name}${index}`) }))),
  );
  const acknowledged = new Map<string, { text: string; number: number }>();
  let refused = 0;
  for (let round = 0; round < 12; round++) {
    const asked = Array.from({ length: 1 + random.below(6) }, async (_, index) => {
      const { app, id } = random.pick(people);
      const text = `${round}.${index}`;
      const known = random.pick([...acknowledged.keys(), '']);
      if (known !== '' && random.next() < 0.3) {
        await app.ask((world, done) => world.messages.edit(id, known, `${text} edited`, done));
        return;
      }
      const result = await settled(post(app, id, text));
      if (result.ok) acknowledged.set(result.value.id, { text, number: result.value.number });
      else refused += 1;
    });
    await Promise.all(asked);
    passTime();
  }
  await converge();
  return { acknowledged, refused, lobby: worlds[0]?.world.lobby ?? 0 };
}

/** Posts in the lobby. The answer comes before the message is shown (WORLD-13). */
function post({ world, observer }: TestWorld, person: PersonId, text: string): Promise<Result<Message, Refusal>> {
  return new Promise((resolve) =>
    world.messages.post(person, world.lobby, { text, clientTime: null }, (result) => {
      const isShown = observer.ofType('message-posted').some(({ message }) => message.text === text);
      assert.ok(!isShown, `${text} was shown before it was answered`);
      resolve(result);
    }),
  );
}

/** The lobby and its people, as both nodes know them. */
export function lobbySuite(stage: Stage): void {
  test('WORLD-02 WORLD-07 WORLD-11 WORLD-13 WORLD-21 WORLD-40 WORLD-271 WORLD-273 two worlds over one storage and an unreliable bus', async () => {
    let messages = 0;
    let read = 0;
    const seeds = await forSeeds(stage, SEEDS, async (scene, seed) => {
      const { worlds, storage, reads } = scene;
      const { acknowledged, refused, lobby } = await run(scene);
      const at = `seed ${seed}`;
      const entries = await storage.entries(roomStream(lobby), 0, 10_000);
      const posted = entries.flatMap(({ body }) => (body.type === 'message-posted' ? [body.message] : []));
      assert.deepEqual(
        entries.map(({ position }) => position),
        entries.map((_, index) => index + 1),
        `${at}: positions without gaps`,
      );
      assert.deepEqual(
        posted.map(({ number }) => number),
        posted.map((_, index) => index + 1),
        `${at}: numbers without gaps`,
      );
      assert.equal(refused, 0, `${at}: nothing refused`);
      assert.deepEqual(
        posted.map(({ id, number }) => [id, number]).sort(),
        [...acknowledged].map(([id, { number }]) => [id, number]).sort(),
        `${at}: what was acknowledged is stored once, with its number`,
      );
      for (const { observer, world } of worlds) {
        const shown = observer.events.flatMap((event) =>
          'position' in event && event.room === lobby ? [event.position] : [],
        );
        assert.deepEqual(
          shown,
          [...new Set(shown)].sort((a, b) => a - b),
          `${at}: shown once, in one order`,
        );
        assert.equal(shown.at(-1), entries.length, `${at}: every lost event was found`);
        assert.equal(world.position(lobby), entries.length, at);
        const names = world.people.visible.map(({ name }) => name).sort();
        assert.deepEqual(names, ['a0', 'a1', 'b0', 'b1'], `${at}: both know who is present`);
      }
      messages += posted.length;
      read += reads();
    });
    if (seeds < SEEDS) return;
    assert.ok(messages > SEEDS * 10, `only ${messages} messages`);
    assert.ok(read > SEEDS, `only ${read} reads`);
    assert.ok(read < messages / 2, `${read} reads of ${messages} messages: most come over the bus`);
  });

  test('WORLD-23 T11 of 200 simultaneous claims of a name in two worlds one wins', async () => {
    await forSeeds(stage, 20, async ({ random, clock, bus, worlds, settle }, seed) => {
      let winners = 0;
      let answered = 0;
      for (let claim = 0; claim < 200; claim++)
        random.pick(worlds).world.enter(random.pick(['alice', 'ALICE', 'a1ice']), (result) => {
          answered += 1;
          if (result.ok) winners += 1;
        });
      for (let second = 0; answered < 200 && second < 60; second++) {
        bus.deliver();
        await settle(4);
        clock.advance(1_000);
      }
      assert.deepEqual({ answered, winners }, { answered: 200, winners: 1 }, `seed ${seed}`);
    });
  });
}
