import { protocolSuite } from '../protocol.suite.ts';
import { c2 } from './index.ts';
import { scripted } from './scripted-client.suite.ts';

protocolSuite(c2, scripted);
