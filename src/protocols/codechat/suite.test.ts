import { protocolSuite } from '../protocol.suite.ts';
import { codechat } from './index.ts';
import { phrasebook } from './phrasebook.suite.ts';

protocolSuite(codechat, phrasebook);
