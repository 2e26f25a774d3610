// Stores one picture in the data directory that is the argument, then says its digest: for the test that watches the order.
import { FakeClock } from '../../../testing/clock.ts';
import { Pictures } from './pictures.ts';

const [, , directory = ''] = process.argv;
process.stdout.write(await new Pictures(directory, new FakeClock()).add(Buffer.from('a picture')));
