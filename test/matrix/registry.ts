/** The driver of each protocol, one line each. */
export { c2 } from './drivers/c2.ts';
export { codechat } from './drivers/codechat.ts';
export { documents } from './drivers/documents.ts';
export { msgpack } from './drivers/msgpack.ts';
export { template } from './drivers/template.ts';
export { tagged } from './drivers/tagged.ts';
