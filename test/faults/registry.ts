/** A scripted client of each protocol, one line each. */
export { scripted as c2 } from '../../src/protocols/c2/scripted-client.suite.ts';
export { scripted as codechat } from '../../src/protocols/codechat/scripted-client.suite.ts';
export { scripted as documents } from '../../src/protocols/documents/scripted-client.suite.ts';
export { scripted as msgpack } from '../../src/protocols/msgpack/scripted-client.suite.ts';
export { scripted as tagged } from '../../src/protocols/tagged/scripted-client.suite.ts';
