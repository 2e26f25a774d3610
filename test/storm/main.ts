// A million changes of presence, watched by a thousand people, each with a list of contacts: `npm run storm [-- --changes N]`.
// The versions of their lists must stay within the budget of the views. It takes some minutes.
import { parseArgs } from 'node:util';
import { presenceStorm } from '../../testing/presence-storm.ts';

const WATCHERS = 1_000;
const LIMIT = 16 * 2 ** 20;
const STEP = 10_000;

const { values } = parseArgs({ options: { changes: { type: 'string', default: '1000000' } } });
const changes = Number(values.changes);
const started = performance.now();
const progress = (done: number) => {
  if (done % STEP !== 0) return;
  const seconds = Math.round((performance.now() - started) / 1_000);
  process.stderr.write(`\r${done} of ${changes} changes, ${seconds} s`);
};
const { mostBytes, answers, told } = await presenceStorm({ watchers: WATCHERS, changes, limit: LIMIT, progress });
const isGood = mostBytes <= LIMIT && mostBytes > LIMIT / 2;
process.stderr.write('\n');
console.log(`${changes} changes, ${WATCHERS} watchers, told ${told} times; answers: ${JSON.stringify([...answers])}`);
console.log(`at most ${mostBytes} bytes of versions, of ${LIMIT}: ${isGood ? 'good' : 'BAD'}`);
if (!isGood) process.exitCode = 1;
