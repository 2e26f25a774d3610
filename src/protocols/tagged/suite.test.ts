import { protocolSuite } from '../protocol.suite.ts';
import { tagged } from './index.ts';
import { scripted } from './scripted-client.suite.ts';

protocolSuite(tagged, scripted);
