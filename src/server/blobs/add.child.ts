// Stores one file in the directory that is the argument, then says its digest: for the test that watches the order.
import { FakeClock } from '../../../testing/clock.ts';
import { DirectoryBlobs } from './directory.ts';

const [, , directory = ''] = process.argv;
const file = await new DirectoryBlobs(directory, new FakeClock()).begin();
await file.write(Buffer.from('a file'));
process.stdout.write(await file.keep());
