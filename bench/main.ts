// What a message costs the server: `npm run bench [-- --members 1000 --seconds 4 --rounds 3 --idle 2000]`.
import { parseArgs } from 'node:util';
import { idleKiB } from './room.ts';
import { starters } from './servers.ts';
import { measure, type Spread, spread } from './rounds.ts';

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    idle: { type: 'string', default: '2000' },
  },
});
const members = Number(values.members);
const plan = { members, milliseconds: Number(values.seconds) * 1000, rounds: Number(values.rounds) };

function row(name: string, figures: Spread, digits: number): string {
  const [median, low, high] = [figures.median, figures.low, figures.high].map((figure) =>
    figure.toFixed(digits).padStart(9),
  );
  return `  ${name.padEnd(10)}${median}   (${low} to ${high} )`;
}

const results = await measure(plan, (line) => console.error(line));
const floor = results.get('floor');
const loop = results.get('loop');
const own = results.get('parlance');
if (floor === undefined || loop === undefined || own === undefined) throw new Error('a server was not measured');

console.log(`${members} WebSocket members in one room, ${plan.rounds} rounds in turn, median (lowest to highest)`);
console.log('server CPU microseconds a delivery, 64 messages in flight');
for (const [name, { busy }] of results) console.log(row(name, busy, 3));
console.log('server CPU microseconds a delivery, 1 message in flight');
for (const [name, { single }] of results) console.log(row(name, single, 3));
console.log('messages a second, 64 in flight (parlance: each on disk)');
for (const [name, { rate }] of results) console.log(row(name, rate, 0));
const idle = Number(values.idle);
console.log(`KiB of memory for an idle, joined connection, ${idle} of them`);
for (const [name, start] of starters) {
  const server = await start();
  console.log(row(name, spread([await idleKiB(server, idle)]), 1));
  await server.stop();
}
const times = (a: number, b: number) => `${(a / b).toFixed(2)} x`;
console.log(`parlance / floor: ${times(own.busy.median, floor.busy.median)} (aim: at most 2.5 x)`);
console.log(`loop / parlance: ${times(loop.busy.median, own.busy.median)} (aim: at least 10 x)`);
