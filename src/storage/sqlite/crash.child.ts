import { openSqliteStorage } from './open.ts';
import { itemOf, ofPerson, posted, markerItem, tokenIssued } from '../../../testing/storage/samples.ts';

// For the crash test: `node crash.child.ts DIRECTORY` appends messages to room 1 until it is killed, and prints the number
// of a batch's last message when the batch is answered. Each message also moves person 3's read position and delivery
// marker, and extends a token.

const directory = process.argv[2] ?? '';
let openings = 0;
const ids = { integer: () => 1, identity: () => `${process.pid}/${++openings}` };
// Quiet moments come at once, so that the kill may hit a checkpoint as well as a commit.
const clock = {
  now: () => 0,
  monotonic: () => 0,
  after(_: number, run: () => void) {
    const timer = setImmediate(run);
    return () => clearImmediate(timer);
  },
};
const storage = await openSqliteStorage({ directory, clock, ids, log: { info() {}, warn() {}, error() {} } });
let [head = 0] = await storage.positions(['room/1']);
process.stdout.write(`${head}\n`);
for (;;) {
  const size = 1 + (head % 5);
  const items = Array.from({ length: size }, (_, index) => {
    const number = head + 1 + index;
    const read = ofPerson(3, 2 * number - 1, { type: 'room-read', person: 3, room: 1, number, at: 1 });
    return itemOf([posted(1, number), read, tokenIssued(3, 2 * number, 'digest', number)]);
  });
  items.push(markerItem(3, [[1, head + size]]));
  const results = await storage.append(items);
  if (results.some(({ type }) => type !== 'committed')) throw new Error(JSON.stringify(results));
  head += size;
  process.stdout.write(`${head}\n`);
}
