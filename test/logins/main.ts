// `npm run logins [-- --seconds 60 --pairs 1000 --seed 1]`: measures a server during a flood of logins (T19), and whether the
// duration of a login tells which names have accounts (T17).
import { parseArgs } from 'node:util';
import { flood } from './flood.ts';
import { mean, median } from './statistics.ts';
import { timeNames } from './timing.ts';
import { withServer } from './with-server.ts';

const PER_SECOND = 500;
const WARM_UP_SECONDS = 5;
const MIB = 2 ** 20;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    pairs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
});

async function underFlood(seconds: number): Promise<boolean> {
  const { results, refusedMs, measurements, heapGrowth } = await withServer(async (target) => {
    await flood(target, PER_SECOND, WARM_UP_SECONDS);
    return flood(target, PER_SECOND, seconds);
  });
  const codes = [...results].map(([code, count]) => `${count} x ${code}`).join(', ');
  const { p50, p99, max } = measurements.at(-1) ?? { p50: Number.NaN, p99: Number.NaN, max: Number.NaN };
  const resident = Math.max(...measurements.map(({ rss }) => rss));
  console.log(`${PER_SECOND} logins a second for ${seconds} s: ${codes}; a 503 takes ${refusedMs.toFixed(1)} ms`);
  console.log(`event loop: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (at most 20), max ${max.toFixed(1)} ms`);
  console.log(
    `memory: at most ${mib(resident)} MiB (400), and after collection ${mib(heapGrowth)} MiB more than before (2)`,
  );
  const asked = PER_SECOND * seconds;
  const wrongOrRefused = (results.get(401) ?? 0) + (results.get(503) ?? 0);
  return wrongOrRefused === asked && p99 < 20 && resident < 400 * MIB && heapGrowth < 2 * MIB;
}

async function timing(pairs: number, seed: number): Promise<boolean> {
  const { known, unknown, distance, t } = await withServer((target) => timeNames(target, pairs, seed));
  for (const [name, times] of Object.entries({ known, unknown })) {
    console.log(`${name} name: median ${median(times).toFixed(3)} ms, mean ${mean(times).toFixed(3)} ms of ${pairs}`);
  }
  console.log(
    `medians ${(distance * 100).toFixed(2)} % of the mean apart (less than 2), Welch's t ${t.toFixed(2)} (4.5)`,
  );
  return distance < 0.02 && Math.abs(t) < 4.5;
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}

const survivesFlood = await underFlood(Number(values.seconds));
const hidesNames = await timing(Number(values.pairs), Number(values.seed));
console.log(survivesFlood && hidesNames ? 'good' : 'FAILED');
process.exit(survivesFlood && hidesNames ? 0 : 1);
