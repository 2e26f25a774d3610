import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PersonId, RoomId } from '../../src/core/model/ids.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { TestWorld } from '../../testing/world.ts';
import type { Stage } from './stage.ts';
import { forSeeds, type TwoWorlds } from './two-worlds.ts';

const SEEDS = 100;
const NAMES = ['ada', 'bob', 'cyd'];

/** A person who is present in one of the worlds, and what the person did last in each room. */
type Person = { readonly app: TestWorld; readonly id: PersonId; readonly last: Map<RoomId, 'typing' | 'stopped'> };

type Scene = TwoWorlds & { readonly people: Person[]; readonly rooms: RoomId[] };

/** Three people, each in one of the two worlds, who are in the lobby and in a group that both worlds have in memory. */
async function open(worlds: TwoWorlds): Promise<Scene> {
  const { random } = worlds;
  const [first = assert.fail()] = worlds.worlds;
  const people: Person[] = [];
  for (const name of NAMES) {
    const app = random.pick(worlds.worlds);
    people.push({ app, id: await app.member(name), last: new Map() });
  }
  await worlds.converge();
  const owner = people[0] ?? assert.fail();
  const room = await owner.app.must<RoomId>((world, done) => world.rooms.create(owner.id, 'garden', null, false, done));
  for (const { app, id } of people) await app.must<RoomId>((world, done) => world.rooms.join(id, room, done));
  for (const { world } of worlds.worlds) {
    world.pinRoom(room);
    await worlds.settled(world.useRooms([room], () => {}));
  }
  worlds.bus.reliable = false;
  return { ...worlds, people, rooms: [first.world.lobby, room] };
}

/** Somebody types, stops, posts, or leaves the group and joins it again. */
async function act(random: SeededRandom, { people, rooms: [lobby = 0, group = 0] }: Scene): Promise<void> {
  const { app, id, last } = random.pick(people);
  const room = random.pick([lobby, group]);
  const kind = random.below(10);
  if (kind < 6) {
    const isTyping = kind < 5;
    await app.must<void>((world, done) => world.typing.show(id, room, isTyping, done));
    last.set(room, isTyping ? 'typing' : 'stopped');
  } else if (kind < 9) {
    const posted = await app.post(id, 'hello', room);
    assert.ok(posted.ok);
    last.set(room, 'stopped');
  } else {
    await app.must<RoomId>((world, done) => world.rooms.leave(id, group, done));
    last.set(group, 'stopped');
    await app.must<RoomId>((world, done) => world.rooms.join(id, group, done));
  }
}

/** The events of a world about one person in one room, as `types`, `stops`, `posts` and `leaves`. */
function shown({ observer }: TestWorld, id: PersonId, room: RoomId): string[] {
  return observer.events.flatMap((event) => {
    if (!('room' in event) || event.room !== room) return [];
    if (event.type === 'person-typing' && event.person.id === id) return event.isTyping ? 'types' : 'stops';
    if (event.type === 'message-posted' && event.message.author.id === id) return 'posts';
    return event.type === 'member-left' && event.person === id ? 'leaves' : [];
  });
}

/** What a node is told of typing on the other one. */
export function typingSuite(stage: Stage): void {
  test('WORLD-191 WORLD-194 WORLD-195 typing in two worlds over a bus that loses, repeats and reorders', async (t) => {
    const counts = { shown: 0, lost: 0 };
    const seeds = await forSeeds(stage, SEEDS, async (opened, seed) => {
      const scene = await open(opened);
      const { random, worlds, people, rooms, passTime, converge } = scene;
      for (let round = 0; round < 30; round++) {
        await act(random, scene);
        passTime();
      }
      for (const { app, id, last } of people)
        for (const room of rooms) {
          await app.settle();
          const own = shown(app, id, room);
          const types = own.filter((what) => what === 'types').length;
          const isTyping = own.at(-1) === 'types';
          assert.equal(isTyping, last.get(room) === 'typing', `seed ${seed}: where the person is, nothing is lost`);
          for (const other of worlds.filter((world) => world !== app)) {
            const elsewhere = shown(other, id, room).filter((what) => what === 'types').length;
            counts.shown += elsewhere;
            counts.lost += Math.max(0, types - elsewhere);
          }
        }
      // Everybody posts; then nothing that was told of typing before may come after that message.
      for (const { app, id } of people) for (const room of rooms) assert.ok((await app.post(id, 'last', room)).ok);
      await converge();
      for (const { id } of people)
        for (const room of rooms)
          for (const app of worlds)
            assert.notEqual(shown(app, id, room).at(-1), 'types', `seed ${seed}: nobody types after the last message`);
    });
    t.diagnostic(`in the other world ${counts.shown} were shown, ${counts.lost} were not`);
    if (seeds === SEEDS) assert.ok(counts.shown > SEEDS && counts.lost > SEEDS);
  });
}
