import type { Barrier } from './transcript.ts';

/** Asking who is there has no effect, and an answer also before a connect, where it is refused. */
export const codechatBarrier: Barrier = {
  ask: () => '{"cmd":"get-clients"}',
  isAnswer: (_count, line) => /^\{"success":(?:true,.*,"clients":\[|false,"error-msg":"not connected")/.test(line),
};
