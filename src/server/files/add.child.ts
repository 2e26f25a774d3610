// Stores one file in the data directory that is the argument, then says its digest: for the test that watches the order.
import { FakeClock } from '../../../testing/clock.ts';
import { FileStore } from './file-store.ts';

const [, , directory = ''] = process.argv;
const store = new FileStore(directory, new FakeClock());
const file = await store.begin();
await file.write(Buffer.from('a file'));
process.stdout.write((await store.keep(file)).digest);
