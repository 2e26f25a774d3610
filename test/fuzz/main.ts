// `npm run fuzz [-- --frames 100000 --seed 1]`: damaged frames to a live server, which must not notice.
import { parseArgs } from 'node:util';
import { fuzzLivePort } from './live.ts';

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '100000' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
});
const report = await fuzzLivePort(Number(values.frames), Number(values.seed), (line) => console.error(line));
console.log(`seed ${values.seed}: ${report.frames} frames over ${report.connections} connections`);
console.log(`heap after collection: ${(report.heapGrowthBytes / 2 ** 20).toFixed(2)} MiB more (at most 2)`);
console.log(`descriptors: ${report.descriptorsBefore} before, ${report.descriptorsAfter} after`);
console.log(
  `a healthy client: ${report.healthyMessages} messages, p99 ${report.healthyP99Ms.toFixed(1)} ms (at most 50)`,
);
const good =
  report.heapGrowthBytes <= 2 * 2 ** 20 &&
  report.descriptorsAfter === report.descriptorsBefore &&
  report.healthyP99Ms <= 50;
console.log(good ? 'good' : 'FAILED');
process.exit(good ? 0 : 1);
