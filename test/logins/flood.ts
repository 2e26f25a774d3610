import { setTimeout as sleep } from 'node:timers/promises';
import { LoginClient } from './login-client.ts';
import { median } from './statistics.ts';
import { KNOWN, type Probe, type Target, UNKNOWN } from './with-server.ts';

const TICK_MS = 5;
const BETWEEN_PROBES_MS = 1_000;

export type FloodReport = {
  /** How many tries had which result. */
  readonly results: ReadonlyMap<number, number>;
  /** How long the middle one of those that were refused at once took. */
  readonly refusedMs: number;
  /** The server in each second, the last one last; its event loop since the flood began. */
  readonly probes: readonly Probe[];
  /** By how much its heap grew, in bytes. */
  readonly heapGrowth: number;
};

/** So many wrong logins a second, however long each one takes, half of them on a name that there is. */
export async function flood(target: Target, perSecond: number, seconds: number): Promise<FloodReport> {
  const results = new Map<number, number>();
  const refused: number[] = [];
  const idle: LoginClient[] = [];
  const clients: LoginClient[] = [];
  const open = async () => {
    const client = await LoginClient.connect(target.port);
    clients.push(client);
    return client;
  };
  const tryOnce = async (index: number) => {
    const client = idle.pop() ?? (await open());
    const { result, ms } = await client.tryLogin(index % 2 === 0 ? KNOWN : UNKNOWN, `guess ${index}`);
    results.set(result, (results.get(result) ?? 0) + 1);
    if (result === 503) refused.push(ms);
    idle.push(client);
  };

  const heapBefore = await target.collect();
  const watching = watch(target, seconds);
  const tries: Promise<void>[] = [];
  const began = performance.now();
  while (tries.length < perSecond * seconds) {
    const due = Math.min(seconds, (performance.now() - began) / 1_000) * perSecond;
    while (tries.length < due) tries.push(tryOnce(tries.length));
    await sleep(TICK_MS);
  }
  await Promise.all(tries);
  const probes = await watching;
  for (const client of clients) client.end();
  const heapGrowth = (await target.collect()) - heapBefore;
  return { results, refusedMs: median(refused), probes, heapGrowth };
}

async function watch(target: Target, seconds: number): Promise<readonly Probe[]> {
  const probes: Probe[] = [];
  for (let second = 0; second < seconds; second++) {
    await sleep(BETWEEN_PROBES_MS);
    probes.push(await target.probe());
  }
  return probes;
}
