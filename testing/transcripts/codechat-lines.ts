import type { Barrier } from './transcript.ts';

/** Has no effect, and also an answer before a connect: a refusal. */
export const codechatBarrier: Barrier = {
  ask: () => '{"cmd":"get-clients"}',
  isAnswer: (_count, line) => /^\{"success":(?:true,.*,"clients":\[|false,"error-msg":"not connected")/.test(line),
};
