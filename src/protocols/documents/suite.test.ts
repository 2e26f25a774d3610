import { protocolSuite } from '../protocol.suite.ts';
import { documents } from './index.ts';
import { scripted } from './scripted-client.suite.ts';

protocolSuite(documents, scripted);
