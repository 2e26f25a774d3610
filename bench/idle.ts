import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.ts';
import { type Kind, kinds, nameOf } from './kinds.ts';
import { cpuMicroseconds, type Measured, residentKiB } from './process.ts';
import { type Spread, spread } from './rounds.ts';
import { starters } from './servers.ts';

/** For every so many connections, one that comes and goes before. */
const WARM_UP = 20;
const WINDOW_MS = 250;
/** So long until a server is quiet, at most. */
const QUIET_MS = 60_000;
/** The share of a core that a server may still use then: whoever watches over connections never rests. */
const QUIET_SHARE = 0.1;

/** What one idle connection costs: memory of the process, and what of it is alive. */
export type Cost = { readonly residentKiB: number; readonly liveKiB: number };

/** The same over several rounds. */
export type Costs = { readonly resident: Spread; readonly live: Spread };

/** A kind of connection, to a server that understands it. */
export type Subject = { readonly name: string; readonly kind: Kind; readonly start: () => Promise<Measured> };

/** Every kind of connection there is to this server, and the same of the simple ones. */
export function subjects(): readonly Subject[] {
  return starters.flatMap(([name, start]) =>
    name === 'parlance'
      ? kinds.map((kind) => ({ name: nameOf(kind), kind, start }))
      : kinds.slice(0, 1).map((kind) => ({ name, kind, start })),
  );
}

/** Measures each kind in turn, round after round, each time so many connections to a server of their own. */
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
  const first = new Crowd(server.port, kind.carrier);
  const crowd = new Crowd(server.port, kind.carrier);
  try {
    const request = await kind.prepare(server.port);
    // Whatever a server makes only once is made when connections come for the first time.
    await first.enter(Math.ceil(count / WARM_UP), request);
    await quiet(server, first);
    first.leave();
    await quiet(server, first);
    const before = { live: await server.collect(), resident: residentKiB(server.pid) };
    const began = performance.now();
    await crowd.enter(count, (index) => request(count + index));
    await quiet(server, crowd);
    const resident = residentKiB(server.pid);
    const live = await server.collect();
    if (crowd.lost > 0) throw new Error(`the server closed ${crowd.lost} of ${count} connections`);
    progress(`  ${count} connections came and were quiet after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return { residentKiB: (resident - before.resident) / count, liveKiB: (live - before.live) / 1024 / count };
  } finally {
    await server.stop();
    first.leave();
    crowd.leave();
  }
}

/** Resolves when the server has had next to nothing to do for a moment, and the crowd nothing to read. */
async function quiet({ pid }: Measured, crowd: Crowd): Promise<void> {
  const deadline = performance.now() + QUIET_MS;
  let windows = 0;
  while (windows < 2) {
    if (performance.now() > deadline) throw new Error('the server does not come to rest');
    const cpu = cpuMicroseconds(pid);
    const { heard } = crowd;
    await sleep(WINDOW_MS);
    const isQuiet = cpuMicroseconds(pid) - cpu <= QUIET_SHARE * WINDOW_MS * 1000 && crowd.heard === heard;
    windows = isQuiet ? windows + 1 : 0;
  }
}
