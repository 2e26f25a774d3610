import { protocolSuite } from '../protocol.suite.ts';
import { codechat } from './index.ts';
import { scripted } from './scripted-client.suite.ts';

protocolSuite(codechat, scripted);
