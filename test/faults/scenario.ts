import type { Storage } from '../../src/core/ports.ts';
import { countingIds } from '../../testing/ids.ts';
import type { FakeClock } from '../../testing/clock.ts';
import { TestWorld } from '../../testing/world.ts';

/** Plays on a store that fails somewhere, and compares what was told with what is there; resolves to how much was refused. */
export type Story = (failing: Storage, clock: FakeClock, sound: () => Storage, why: string) => Promise<number>;

/** A story of what people do (`play`) and of what must then be so (`check`, which counts refusals). */
export function story<T>(
  play: (app: TestWorld) => Promise<T>,
  check: (told: T, storage: Storage, why: string) => Promise<number>,
): Story {
  return async (failing, clock, sound, why) => {
    const opened = await TestWorld.open({ storage: failing, clock, ids: countingIds(1) }).catch(() => null);
    if (opened === null) return 0;
    const told = await play(opened);
    await opened.world.stop();
    opened.world.close();
    return check(told, sound(), why);
  };
}
