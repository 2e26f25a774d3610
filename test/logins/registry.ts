/** How one logs in by each protocol, one line each. */
export { c2 } from './ways/c2.ts';
export { codechat } from './ways/codechat.ts';
export { msgpack } from './ways/msgpack.ts';
export { template } from './ways/template.ts';
export { tagged } from './ways/tagged.ts';
