import { protocolSuite } from '../protocol.suite.ts';
import { tagged } from './index.ts';
import { phrasebook } from './phrasebook.suite.ts';

protocolSuite(tagged, phrasebook);
