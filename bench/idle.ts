import { setTimeout as sleep } from 'node:timers/promises';
import { IdleConnections } from './idle-connections.ts';
import { type ConnectionKind, connectionKinds, kindName } from './connection-kinds.ts';
import { cpuMicroseconds, type Server, residentKiB } from './process.ts';
import { type Spread, spread } from './deliveries.ts';
import { serverStarters } from './servers.ts';

/** One connection of this many opens and closes before the measurement. */
const WARM_UP = 20;
const WINDOW_MS = 250;
/** The longest wait for a quiet server. */
const QUIET_MS = 60_000;
/** The share of a core that a quiet server may use, because checking connections never stops. */
const QUIET_SHARE = 0.1;

/** The memory of one idle connection: resident, and alive after a collection of garbage. */
export type Cost = { readonly residentKiB: number; readonly liveKiB: number };

/** Such costs over several rounds. */
export type Costs = { readonly resident: Spread; readonly live: Spread };

/** A kind of connection, and a server that speaks its protocol. */
export type Subject = { readonly name: string; readonly kind: ConnectionKind; readonly start: () => Promise<Server> };

/** Every kind of connection to Parlance, and the first kind to each reference server. */
export function subjects(): readonly Subject[] {
  return serverStarters.flatMap(([name, start]) =>
    name === 'parlance'
      ? connectionKinds.map((kind) => ({ name: kindName(kind), kind, start }))
      : connectionKinds.slice(0, 1).map((kind) => ({ name, kind, start })),
  );
}

/** Measures each kind in turn, round after round, with `count` connections to a new server. */
export async function measureIdle(
  chosen: readonly Subject[],
  { count, rounds }: { readonly count: number; readonly rounds: number },
  progress: (line: string) => void,
): Promise<Map<string, Costs>> {
  const costs = new Map<string, Cost[]>(chosen.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++)
    for (const subject of chosen) {
      progress(`idle, round ${round} of ${rounds}: ${subject.name}`);
      costs.get(subject.name)?.push(await measureOnce(subject, count, progress));
    }
  return new Map(
    [...costs].map(([name, all]) => [
      name,
      {
        resident: spread(all.map((cost) => cost.residentKiB)),
        live: spread(all.map((cost) => cost.liveKiB)),
      },
    ]),
  );
}

async function measureOnce({ kind, start }: Subject, count: number, progress: (line: string) => void): Promise<Cost> {
  const server = await start();
  const warmUp = new IdleConnections(server.port, kind.transport);
  const connections = new IdleConnections(server.port, kind.transport);
  try {
    const request = await kind.prepareLogin(server.port);
    // The first connections create what a server makes only once.
    await warmUp.open(Math.ceil(count / WARM_UP), request);
    await quiet(server, warmUp);
    warmUp.close();
    await quiet(server, warmUp);
    const before = { live: await server.collect(), resident: residentKiB(server.pid) };
    const began = performance.now();
    await connections.open(count, (index) => request(count + index));
    await quiet(server, connections);
    const resident = residentKiB(server.pid);
    const live = await server.collect();
    if (connections.dropped > 0) throw new Error(`the server closed ${connections.dropped} of ${count} connections`);
    progress(`  ${count} connections were open and quiet after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return { residentKiB: (resident - before.resident) / count, liveKiB: (live - before.live) / 1024 / count };
  } finally {
    await server.stop();
    warmUp.close();
    connections.close();
  }
}

/** Resolves when the server has been nearly idle for a moment, and its connections have received nothing. */
async function quiet({ pid }: Server, connections: IdleConnections): Promise<void> {
  const deadline = performance.now() + QUIET_MS;
  let windows = 0;
  while (windows < 2) {
    if (performance.now() > deadline) throw new Error('the server does not become quiet');
    const cpu = cpuMicroseconds(pid);
    const { received } = connections;
    await sleep(WINDOW_MS);
    const isQuiet = cpuMicroseconds(pid) - cpu <= QUIET_SHARE * WINDOW_MS * 1000 && connections.received === received;
    windows = isQuiet ? windows + 1 : 0;
  }
}
