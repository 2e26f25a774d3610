// `npm run resume [-- --drops 200 --kills 20 --seed 1]` lets clients drop their connections while they send, and kills the server in
// between; then every message must be there once.
import { parseArgs } from 'node:util';
import { dropConnections } from './drop-connections.ts';

const { values } = parseArgs({
  options: {
    drops: { type: 'string', default: '200' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
});
const options = { drops: Number(values.drops), kills: Number(values.kills), seed: Number(values.seed) };
const { drops, kills, messages, problems } = await dropConnections(options, (line) => console.error(line));
for (const problem of problems.slice(0, 20)) console.log(problem);
console.log(`seed ${values.seed}: ${drops} connections dropped, ${kills} kills, ${messages} messages`);
console.log(problems.length === 0 ? 'good' : 'FAILED');
process.exit(problems.length === 0 ? 0 : 1);
