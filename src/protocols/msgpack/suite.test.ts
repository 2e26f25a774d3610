import { protocolSuite } from '../protocol.suite.ts';
import { msgpack } from './index.ts';
import { scripted } from './scripted-client.suite.ts';

protocolSuite(msgpack, scripted);
