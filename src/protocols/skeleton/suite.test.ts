import { protocolSuite } from '../protocol.suite.ts';
import { skeleton } from './index.ts';
import { phrasebook } from './phrasebook.suite.ts';

protocolSuite(skeleton, phrasebook);
