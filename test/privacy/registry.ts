/** What the tests of privacy know of each protocol, one line each. */
export { c2 } from './askings/c2.ts';
export { codechat } from './askings/codechat.ts';
export { msgpack } from './askings/msgpack.ts';
export { template } from './askings/template.ts';
export { tagged } from './askings/tagged.ts';
