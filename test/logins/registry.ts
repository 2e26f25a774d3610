/** The login method of each protocol, one line each. */
export { c2 } from './methods/c2.ts';
export { codechat } from './methods/codechat.ts';
export { documents } from './methods/documents.ts';
export { msgpack } from './methods/msgpack.ts';
export { template } from './methods/template.ts';
export { tagged } from './methods/tagged.ts';
