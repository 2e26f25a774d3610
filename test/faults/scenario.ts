import type { Storage } from '../../src/core/ports.ts';
import { countingIds } from '../../testing/ids.ts';
import type { FakeClock } from '../../testing/clock.ts';
import { TestWorld } from '../../testing/world.ts';

/**
 * Runs commands on a storage that fails once, and compares the answers with what is stored afterwards. Resolves to the
 * number of refusals.
 */
export type Scenario = (failing: Storage, clock: FakeClock, intact: () => Storage, label: string) => Promise<number>;

/** A scenario of commands (`act`, which collects the answers) and checks (`check`, which counts the refusals). */
export function scenario<T>(
  act: (app: TestWorld) => Promise<T>,
  check: (answers: T, storage: Storage, label: string) => Promise<number>,
): Scenario {
  return async (failing, clock, intact, label) => {
    const opened = await TestWorld.open({ storage: failing, clock, ids: countingIds(1) }).catch(() => null);
    if (opened === null) return 0;
    const answers = await act(opened);
    await opened.world.stop();
    opened.world.close();
    return check(answers, intact(), label);
  };
}
