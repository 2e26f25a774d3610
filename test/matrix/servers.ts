import { systemClock } from '../../src/server/clock.ts';
import { shareMemory } from '../../testing/shared-memory.ts';
import { type MatrixServer, openServer } from './server.ts';

/** The nodes of one world. */
export type Servers = readonly [MatrixServer, ...MatrixServer[]];

/** Each of these in a test that a story must pass on one node and on two. */
export const NODES = [
  { nodes: 1, on: 'on one node' },
  { nodes: 2, on: 'on two nodes' },
] as const;

/** Opens so many servers of one world; several share a store in memory. */
export async function openServers(nodes: 1 | 2, flags: Readonly<Record<string, string>> = {}): Promise<Servers> {
  if (nodes === 1) return [await openServer(flags)];
  const share = shareMemory(systemClock);
  const open = () => openServer(flags, undefined, undefined, share);
  return [await open(), await open()];
}

export async function closeServers(servers: Servers): Promise<void> {
  for (const server of servers) await server.close();
}
