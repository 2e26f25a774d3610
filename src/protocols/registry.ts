/** Every protocol that this server speaks, one line each. */
export { c2 } from './c2/index.ts';
export { codechat } from './codechat/index.ts';
export { documents } from './documents/index.ts';
export { msgpack } from './msgpack/index.ts';
export { tagged } from './tagged/index.ts';
