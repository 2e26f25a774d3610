import { setTimeout as sleep } from 'node:timers/promises';
import { LoginClient } from './login-client.ts';
import { median } from './statistics.ts';
import { KNOWN, type Measurement, type Target, UNKNOWN } from './with-server.ts';

const TICK_MS = 5;
const INTERVAL_MS = 1_000;

export type FloodReport = {
  /** The number of attempts by result code. */
  readonly results: ReadonlyMap<number, number>;
  /** The median duration of those that were refused at once. */
  readonly refusedMs: number;
  /** One for each second; the delays of the event loop count from the start of the flood. */
  readonly measurements: readonly Measurement[];
  /** In bytes. */
  readonly heapGrowth: number;
};

/** Sends wrong logins at a fixed rate, however long each takes; half of them for a known name. */
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
  const tryLogin = async (index: number) => {
    const client = idle.pop() ?? (await open());
    const { result, ms } = await client.tryLogin(index % 2 === 0 ? KNOWN : UNKNOWN, `guess ${index}`);
    results.set(result, (results.get(result) ?? 0) + 1);
    if (result === 503) refused.push(ms);
    idle.push(client);
  };

  const heapBefore = await target.collect();
  const measuring = measureEachSecond(target, seconds);
  const tries: Promise<void>[] = [];
  const began = performance.now();
  while (tries.length < perSecond * seconds) {
    const due = Math.min(seconds, (performance.now() - began) / 1_000) * perSecond;
    while (tries.length < due) tries.push(tryLogin(tries.length));
    await sleep(TICK_MS);
  }
  await Promise.all(tries);
  const measurements = await measuring;
  for (const client of clients) client.end();
  const heapGrowth = (await target.collect()) - heapBefore;
  return { results, refusedMs: median(refused), measurements, heapGrowth };
}

async function measureEachSecond(target: Target, seconds: number): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (let second = 0; second < seconds; second++) {
    await sleep(INTERVAL_MS);
    measurements.push(await target.measure());
  }
  return measurements;
}
