// `npm run fuzz [-- --frames 100000 --seed 1 --seconds 20]`: damaged frames to a live server, which must not notice, then bombs
// for so many seconds.
import { parseArgs } from 'node:util';
import { bombLivePort } from './attack.ts';
import { fuzzLivePort } from './fuzzer.ts';

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
console.error('bombs ...');
const bombing = await bombLivePort(Number(values.seconds) * 1_000);
console.log(`${bombing.thrown} bombs, and ${bombing.held} half messages held open all the while`);
const good = judge(bombing) && survived;
console.log(good ? 'good' : 'FAILED');
process.exit(good ? 0 : 1);

type Judged = Omit<Awaited<ReturnType<typeof bombLivePort>>, 'thrown' | 'held'>;

function judge({
  heapGrowthBytes,
  descriptorsBefore,
  descriptorsAfter,
  healthyMessages,
  healthyP99Ms,
}: Judged): boolean {
  console.log(`heap after collection: ${(heapGrowthBytes / 2 ** 20).toFixed(2)} MiB more (at most 2)`);
  console.log(`descriptors: ${descriptorsBefore} before, ${descriptorsAfter} after`);
  console.log(`a healthy client: ${healthyMessages} messages, p99 ${healthyP99Ms.toFixed(1)} ms (at most 50)`);
  return heapGrowthBytes <= 2 * 2 ** 20 && descriptorsAfter === descriptorsBefore && healthyP99Ms <= 50;
}
