/** How a client speaks by each protocol, one line each. */
export { phrasebook as c2 } from '../../src/protocols/c2/phrasebook.suite.ts';
export { phrasebook as codechat } from '../../src/protocols/codechat/phrasebook.suite.ts';
export { phrasebook as msgpack } from '../../src/protocols/msgpack/phrasebook.suite.ts';
export { phrasebook as tagged } from '../../src/protocols/tagged/phrasebook.suite.ts';
