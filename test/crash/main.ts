// `npm run crash [-- --cycles 50 --seed 1]` kills a loaded server again and again and compares its disk with what clients were told.
// `npm run crash -- --storage postgres [--cycles 50 --seed 1]` does the same to two nodes, PostgreSQL and NATS.
// `npm run crash -- --sync` checks in the server's system calls that everything is synced before it is acknowledged.
import { parseArgs } from 'node:util';
import { killUnderLoad } from './kill.ts';
import { acknowledgedAfterSync } from './sync.ts';
import { faultDeck, loadUnderFaults } from '../cluster/under-faults.ts';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '50' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    storage: { type: 'string', default: 'sqlite' },
    sync: { type: 'boolean', default: false },
  },
});

async function crash(): Promise<boolean> {
  const { cycles, seed } = values;
  const report = await killUnderLoad(Number(cycles), Number(seed), (line) => console.error(line));
  for (const problem of report.problems.slice(0, 20)) console.log(problem);
  console.log(`seed ${seed}: ${cycles} kills; ${report.acknowledged} messages and ${report.edits} edits acknowledged,`);
  console.log(
    `${report.shown} shown, ${report.messages} messages on disk; slowest start ${Math.round(report.slowestStartMs)} ms`,
  );
  return report.problems.length === 0;
}

async function faults(): Promise<boolean> {
  const { cycles, seed } = values;
  const deck = faultDeck(Number(cycles), Number(seed));
  const report = await loadUnderFaults(deck, Number(seed), (line) => console.error(line));
  for (const problem of report.problems.slice(0, 20)) console.log(problem);
  const { acknowledged, refused, edits, shown, messages, slowest } = report;
  console.log(
    `seed ${seed}: ${cycles} faults; ${acknowledged} messages and ${edits} edits acknowledged, ${refused} refused,`,
  );
  console.log(`${shown} shown, ${messages} messages stored; at most so long after`);
  for (const [name, { servesMs, showsMs }] of slowest)
    console.log(`  ${name}: served after ${Math.round(servesMs)} ms, shown after ${Math.round(showsMs)} ms`);
  return report.problems.length === 0;
}

async function sync(): Promise<boolean> {
  const full = await acknowledgedAfterSync('full');
  console.log(
    `synchronous FULL: ${full.acknowledged} acknowledged, ${full.early.length} acknowledged or shown too early`,
  );
  const normal = await acknowledgedAfterSync('normal');
  console.log(
    `synchronous NORMAL (the check must fail): ${normal.acknowledged} acknowledged, ${normal.early.length} too early`,
  );
  for (const early of full.early.slice(0, 20)) console.log(early);
  return full.acknowledged > 0 && full.early.length === 0 && normal.early.length > 0;
}

const good = await (values.sync ? sync() : values.storage === 'postgres' ? faults() : crash());
console.log(good ? 'good' : 'FAILED');
process.exit(good ? 0 : 1);
