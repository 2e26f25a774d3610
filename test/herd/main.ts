// `npm run herd [-- --clients 5000]`: drops the connections of thousands of clients at once. All must be back at their sessions
// within 60 s, and 10 s later everything must be as fast as before (F12).
import { parseArgs } from 'node:util';
import { dropHerd, type Latency } from './herd.ts';

const BACK_MS = 60_000;
/** A latency counts as normal up to so many times the one before, and never below so many ms. */
const NORMAL = 2;
const LEAST_MS = 5;

const { values } = parseArgs({ options: { clients: { type: 'string', default: '5000' } } });
const report = await dropHerd(Number(values.clients), (line) => console.error(line));
const { clients, back, backMs, before, during, after, told, residentBeforeKiB, residentPeakKiB } = report;
const of = ({ p50, p99 }: Latency) => `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms`;
console.log(`${back} of ${clients} clients are back after ${(backMs / 1_000).toFixed(1)} s (at most 60)`);
console.log(`a message takes: before ${of(before)}; meanwhile ${of(during)}; 10 s later ${of(after)}`);
console.log(`${told} were told of the next change`);
console.log(
  `memory: ${Math.round(residentBeforeKiB / 1_024)} MiB before, at most ${Math.round(residentPeakKiB / 1_024)} MiB`,
);
const isNormal =
  after.p50 <= Math.max(LEAST_MS, before.p50 * NORMAL) && after.p99 <= Math.max(4 * LEAST_MS, before.p99 * NORMAL);
const isGood =
  back === clients && backMs <= BACK_MS && isNormal && told === clients && residentPeakKiB <= 2 * residentBeforeKiB;
console.log(isGood ? 'good' : 'FAILED');
process.exit(isGood ? 0 : 1);
