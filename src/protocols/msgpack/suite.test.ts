import { protocolSuite } from '../protocol.suite.ts';
import { msgpack } from './index.ts';
import { phrasebook } from './phrasebook.suite.ts';

protocolSuite(msgpack, phrasebook);
