// `npm run logins [-- --seconds 60 --pairs 1000 --seed 1]`: what a flood of logins does to a server (T19), and whether
// times tell which names have accounts (T17).
import { parseArgs } from 'node:util';
import { flood } from './flood.ts';
import { mean, median } from './statistics.ts';
import { timeNames } from './timing.ts';
import { withServer } from './with-server.ts';

const PER_SECOND = 500;
const MIB = 2 ** 20;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    pairs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
});

async function underFlood(seconds: number): Promise<boolean> {
  const { results, refusedMs, loop, rss } = await withServer((target) => flood(target, PER_SECOND, seconds));
  const third = Math.ceil(rss.length / 3);
  const [early, late] = [median(rss.slice(third, 2 * third)), median(rss.slice(-third))];
  const codes = [...results].map(([code, count]) => `${count} x ${code}`).join(', ');
  console.log(`${PER_SECOND} logins a second for ${seconds} s: ${codes}; a 503 takes ${refusedMs.toFixed(1)} ms`);
  console.log(`event loop in the worst second: ${inMs(loop)} (p99 at most 20 ms)`);
  console.log(`memory: ${mib(rss[0])} MiB after 1 s, ${mib(early)} in the second third, ${mib(late)} in the last`);
  const isLevel = late - early < 16 * MIB && Math.max(...rss) < 400 * MIB;
  const asked = [...results.values()].reduce((sum, count) => sum + count, 0);
  const onlyThose = (results.get(401) ?? 0) + (results.get(503) ?? 0) === asked;
  return asked === PER_SECOND * seconds && onlyThose && loop.p99 < 20 && isLevel;
}

async function timing(pairs: number, seed: number): Promise<boolean> {
  const { known, unknown, apart, t } = await withServer((target) => timeNames(target, pairs, seed));
  for (const [name, times] of Object.entries({ known, unknown })) {
    console.log(`${name} name: median ${median(times).toFixed(3)} ms, mean ${mean(times).toFixed(3)} ms of ${pairs}`);
  }
  console.log(`medians ${(apart * 100).toFixed(2)} % of the mean apart (less than 2), Welch's t ${t.toFixed(2)} (4.5)`);
  return apart < 0.02 && Math.abs(t) < 4.5;
}

function inMs(loop: Readonly<Record<string, number>>): string {
  return Object.entries(loop)
    .map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`)
    .join(', ');
}

function mib(bytes = Number.NaN): string {
  return (bytes / MIB).toFixed(0);
}

const isCalm = await underFlood(Number(values.seconds));
const isSilent = await timing(Number(values.pairs), Number(values.seed));
console.log(isCalm && isSilent ? 'good' : 'FAILED');
process.exit(isCalm && isSilent ? 0 : 1);
