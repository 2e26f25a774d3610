import type { AppendItem, AppendResult } from '../core/ports.ts';

/** The answer to a batch of which nothing was written. */
export function refusal(batch: readonly AppendItem[], reason: string): readonly AppendResult[] {
  return batch.map(() => ({ type: 'unavailable', reason }));
}
