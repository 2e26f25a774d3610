// Publishes as fast as the server takes it, until its input ends: `node flood.child.ts URL`.
import { kick } from '../../../testing/bus-members.ts';
import { silentLog } from '../../../testing/world.ts';
import { systemClock } from '../../server/clock.ts';
import { openNatsBus } from './open.ts';

const TURNS = 80;
const EACH = 10;
const text = 'x'.repeat(65_536);

process.stdin.resume().on('end', () => process.exit());
const bus = await openNatsBus({ url: process.argv[2] ?? '', node: 'flood', clock: systemClock, log: silentLog });
for (let turn = 0; turn < TURNS; turn++) {
  for (let message = 0; message < EACH; message++) bus.publish('nodes', kick('flood', text));
  await bus.settled();
}
// The receiver may have been cut off meanwhile.
setInterval(() => bus.publish('node/last', kick('flood', 'last')), 50);
