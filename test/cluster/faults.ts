import type { SeededRandom } from '../../testing/random.ts';
import type { Cluster } from './cluster.ts';
import type { Crew } from './crew.ts';

/** What a fault happens to. */
export type Scene = {
  readonly cluster: Cluster;
  readonly crew: Crew;
  readonly random: SeededRandom;
  /** Waits until clients of these nodes were acknowledged so many more messages. */
  readonly acknowledged: (count: number, nodes: readonly number[]) => Promise<void>;
  /** Waits until what clients were told makes this true. */
  readonly until: (isTrue: () => boolean) => Promise<void>;
};

/** Happens, and is over when it resolves: with the nodes whose clients must not have noticed anything. */
export type Fault = (scene: Scene) => Promise<readonly number[]>;

const ALL = [0, 1];
/** So many messages are acknowledged meanwhile, at most. */
const MEANWHILE = 100;

export const FAULTS = {
  'a node is killed': async ({ cluster, random, acknowledged }) => {
    const victim = random.below(2);
    await node(cluster, victim).kill();
    await acknowledged(random.below(MEANWHILE), [1 - victim]);
    await node(cluster, victim).start();
    return [1 - victim];
  },
  'all nodes are killed': async ({ cluster: { nodes } }) => {
    await Promise.all(nodes.map((each) => each.kill()));
    await Promise.all(nodes.map((each) => each.start()));
    return [];
  },
  'PostgreSQL crashes': async ({ cluster: { database } }) => {
    await database.stop('QUIT');
    await database.start();
    return [];
  },
  'NATS is killed': async ({ cluster: { bus }, random, acknowledged }) => {
    await bus.kill();
    await acknowledged(random.below(MEANWHILE), ALL);
    await bus.start();
    return ALL;
  },
  'a node is stopped for a moment': async ({ cluster, random, acknowledged }) => {
    const victim = random.below(2);
    const { process } = node(cluster, victim);
    process.kill('SIGSTOP');
    await acknowledged(random.below(MEANWHILE), [1 - victim]);
    process.kill('SIGCONT');
    return [1 - victim];
  },
  'a node is stopped for longer than its lease': async ({ cluster, crew, random, until }) => {
    const victim = random.below(2);
    const { process } = node(cluster, victim);
    const [guest] = crew.watchers(victim);
    process.kill('SIGSTOP');
    await until(() => crew.watchers(1 - victim).every(({ left }) => left.has(guest?.name ?? '')));
    process.kill('SIGCONT');
    return [1 - victim];
  },
} satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

function node({ nodes }: Cluster, index: number): Cluster['nodes'][0] {
  return nodes[index] as Cluster['nodes'][0];
}
