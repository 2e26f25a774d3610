import type { AppendResult } from '../core/ports.ts';

/** A read rejects with this when the store cannot answer now; the message says why. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
}

/** The answer to a batch that the store could not write. */
export function unavailable(batch: readonly unknown[], reason: string): readonly AppendResult[] {
  return batch.map(() => ({ type: 'unavailable', reason }));
}
