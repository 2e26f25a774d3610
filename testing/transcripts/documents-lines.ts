import type { Barrier } from './transcript.ts';

/** A request of a class that nobody knows: it is told so at any time, and has no effect. */
export const documentsBarrier: Barrier = {
  ask: (count) => JSON.stringify({ type: 'request', id: `barrier ${count}`, cls: 'barrier' }),
  isAnswer: (count, line) => line.startsWith(`{"type":"error","id":"barrier ${count}",`),
};
