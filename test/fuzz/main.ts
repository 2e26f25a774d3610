// `npm run fuzz [-- --frames 100000 --seed 1 --seconds 20]`: sends damaged frames to a live server, then hostile inputs for so
// many seconds; memory, descriptors and other clients must not suffer.
import { parseArgs } from 'node:util';
import { attackLivePort } from './attack.ts';
import { fuzzLivePort } from './fuzzer.ts';
import type { HealthReport } from './healthy-client.ts';
import type { Growth } from './measured-server.ts';

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '100000' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    seconds: { type: 'string', default: '20' },
  },
});
const report = await fuzzLivePort(Number(values.frames), Number(values.seed), (line) => console.error(line));
console.log(`seed ${values.seed}: ${report.frames} frames over ${report.connections} connections`);
const survived = judge(report);
console.error('hostile inputs ...');
const attacked = await attackLivePort(Number(values.seconds) * 1_000);
console.log(`${attacked.sent} hostile inputs, and ${attacked.incomplete} incomplete ones that stayed open`);
const good = judge(attacked) && survived;
console.log(good ? 'good' : 'FAILED');
process.exit(good ? 0 : 1);

function judge({
  heapGrowthBytes,
  descriptorsBefore,
  descriptorsAfter,
  healthyMessages,
  healthyP99Ms,
}: Growth & HealthReport): boolean {
  console.log(`heap after collection: ${(heapGrowthBytes / 2 ** 20).toFixed(2)} MiB more (at most 2)`);
  console.log(`descriptors: ${descriptorsBefore} before, ${descriptorsAfter} after`);
  console.log(`a healthy client: ${healthyMessages} messages, p99 ${healthyP99Ms.toFixed(1)} ms (at most 50)`);
  return heapGrowthBytes <= 2 * 2 ** 20 && descriptorsAfter === descriptorsBefore && healthyP99Ms <= 50;
}
