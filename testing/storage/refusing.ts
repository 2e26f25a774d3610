import type { AppendItem, AppendResult } from '../../src/core/ports.ts';
import { MemoryStorage } from '../../src/storage/memory/storage.ts';

/** Memory storage that refuses appends while the test says so; reads go on. */
export class RefusingStorage extends MemoryStorage {
  refuses = false;

  override append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    if (!this.refuses) return super.append(batch);
    return Promise.resolve(batch.map(() => ({ type: 'unavailable', reason: 'the test says so' })));
  }
}
