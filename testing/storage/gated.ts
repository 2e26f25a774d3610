import type { AppendItem, AppendResult } from '../../src/core/ports.ts';
import { MemoryStorage } from '../../src/storage/memory/storage.ts';

/** Memory storage whose appends wait until the test releases them, and fail if the test says so. */
export class GatedStorage extends MemoryStorage {
  readonly batches: (readonly AppendItem[])[] = [];
  readonly #waiting: (() => void)[] = [];
  gated = false;
  failing = false;
  behind = false;

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    this.batches.push(batch);
    if (this.gated) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.behind) return batch.map(() => ({ type: 'conflict', newer: [] }));
    if (this.failing) return batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }));
    return super.append(batch);
  }

  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
