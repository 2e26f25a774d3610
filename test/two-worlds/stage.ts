import type { NodeId } from '../../src/core/model/ids.ts';
import type { Ports } from '../../src/core/ports.ts';
import type { FakeClock } from '../../testing/clock.ts';

/** What nodes share, empty at first. */
export type Shared = {
  /** The ports of one more node. */
  join(node: NodeId): Promise<Pick<Ports, 'storage' | 'names' | 'bus'>>;
  /** Waits until what the nodes asked is answered, and what they told each other has arrived, if that takes real time. */
  arrived(): Promise<void>;
  close(): Promise<void>;
};

/** Where the stories of two worlds are told: in memory, or on real servers. */
export type Stage = {
  /** How many of so many seeds are run here. */
  seeds(most: number): number;
  share(clock: FakeClock): Promise<Shared>;
};
