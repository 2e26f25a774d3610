import { protocolSuite } from '../protocol.suite.ts';
import { c2 } from './index.ts';
import { phrasebook } from './phrasebook.suite.ts';

protocolSuite(c2, phrasebook);
