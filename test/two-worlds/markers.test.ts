import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryMarkers } from '../../src/connections/delivery/delivery-markers.ts';
import { seededRandom } from '../../testing/random.ts';
import { openTwoWorlds, untilSettled } from '../../testing/world.ts';

const SEEDS = 50;
const ROOMS = [1, 2, 3];

test(`CONN-47 STORE-156 the markers of two nodes that save for one person never go back, ${SEEDS} seeds`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = seededRandom(seed);
    const { clock, storage, first, second } = await openTwoWorlds();
    const ada = await first.member('ada');
    await second.settle();
    const nodes = [first, second].map(({ world }) => new DeliveryMarkers(clock, () => world));
    for (const node of nodes) await untilSettled(clock, node.open(ada));
    const highest = new Map<number, number>();
    for (let step = 0; step < 20; step++) {
      const node = random.pick(nodes);
      const [room, number] = [random.pick(ROOMS), 1 + random.below(300)];
      node.advance(ada, room, number);
      highest.set(room, Math.max(number, highest.get(room) ?? 0));
      if (random.next() < 0.4) await untilSettled(clock, node.flush());
    }
    await untilSettled(clock, Promise.all(nodes.map((node) => node.flush())));
    const saved = new Map(await storage.deliveryMarkers(ada));
    assert.deepEqual(saved, highest, `seed ${seed}`);
  }
});
