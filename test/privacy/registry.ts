/** The requests of each protocol, one line each. */
export { c2 } from './requests/c2.ts';
export { codechat } from './requests/codechat.ts';
export { documents } from './requests/documents.ts';
export { msgpack } from './requests/msgpack.ts';
export { template } from './requests/template.ts';
export { tagged } from './requests/tagged.ts';
