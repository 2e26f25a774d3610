import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryMarkers } from '../../src/connections/delivery/delivery-markers.ts';
import type { Stage } from './stage.ts';
import { forSeeds } from './two-worlds.ts';

const SEEDS = 50;
const ROOMS = [1, 2, 3];

/** What two nodes note as shown to one person. */
export function markersSuite(stage: Stage): void {
  test('CONN-47 STORE-156 the markers of two nodes that save for one person never go back', async () => {
    await forSeeds(stage, SEEDS, async ({ random, clock, storage, worlds, converge, settled }, seed) => {
      const ada = await random.pick(worlds).member('ada');
      await converge();
      const nodes = worlds.map(({ world }) => new DeliveryMarkers(clock, () => world));
      for (const node of nodes) await settled(node.open(ada));
      const highest = new Map<number, number>();
      for (let step = 0; step < 20; step++) {
        const node = random.pick(nodes);
        const [room, number] = [random.pick(ROOMS), 1 + random.below(300)];
        node.advance(ada, room, number);
        highest.set(room, Math.max(number, highest.get(room) ?? 0));
        if (random.next() < 0.4) await settled(node.flush());
      }
      await settled(Promise.all(nodes.map((node) => node.flush())));
      const saved = new Map(await storage.deliveryMarkers(ada));
      assert.deepEqual(saved, highest, `seed ${seed}`);
    });
  });
}
