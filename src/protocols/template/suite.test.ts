import { protocolSuite } from '../protocol.suite.ts';
import { template } from './index.ts';
import { scripted } from './scripted-client.suite.ts';

protocolSuite(template, scripted);
