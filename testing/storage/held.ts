import type { Entry } from '../../src/core/model/entries.ts';
import type { StreamId } from '../../src/core/model/ids.ts';
import type { AppendItem, AppendResult, StreamPosition } from '../../src/core/ports.ts';
import { MemoryStorage } from '../../src/storage/memory/storage.ts';
import { itemOf } from './samples.ts';

/** What waits in a held storage. */
type Held = { readonly name: string; readonly resolve: (fails: boolean) => void };

/**
 * Memory storage whose calls wait until the test releases them, if the test says that they are held. Another node writes to it
 * with `appendElsewhere`, and that is what `changes` tells.
 */
export class HeldStorage extends MemoryStorage {
  /** The calls that wait, and what was called: `append`, `entries`, `load` or `changes`. */
  waiting: Held[] = [];
  readonly calls: string[] = [];
  readonly held = new Set<string>();
  readonly #changed = new Map<StreamId, number>();

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    const fails = await this.#wait('append');
    return fails ? batch.map(() => ({ type: 'unavailable', reason: 'the test says so' })) : super.append(batch);
  }

  override async entries(stream: StreamId, after: number, limit: number): Promise<readonly Entry[]> {
    if (await this.#wait('entries')) throw new Error('the test says so');
    return super.entries(stream, after, limit);
  }

  /** The entries up to a position, read at once and not counted. */
  entriesNow(stream: StreamId, through: number): Promise<readonly Entry[]> {
    return super.entries(stream, 0, through);
  }

  /** Loads as storage is now, and answers when it is released. */
  override async load(stream: StreamId) {
    const snapshot = super.load(stream);
    await this.#wait('load');
    return snapshot;
  }

  override async changes(): Promise<readonly StreamPosition[] | null> {
    const changed = [...this.#changed];
    this.#changed.clear();
    await this.#wait('changes');
    return changed;
  }

  /** Writes entries that follow on what is stored. */
  async appendElsewhere(entries: readonly Entry[]): Promise<void> {
    const results = await super.append([itemOf(entries)]);
    if (results[0]?.type !== 'committed') throw new Error(`not committed: ${results[0]?.type}`);
    for (const { stream, position } of entries) this.#changed.set(stream, position);
  }

  /** Lets the first call of this name that waits go on, or fail. */
  release(name: string, fails = false): void {
    const first = this.waiting.find((waiting) => waiting.name === name);
    if (first === undefined) throw new Error(`no ${name} waits`);
    this.waiting = this.waiting.filter((waiting) => waiting !== first);
    first.resolve(fails);
  }

  count(name: string): number {
    return this.calls.filter((call) => call === name).length;
  }

  async #wait(name: string): Promise<boolean> {
    this.calls.push(name);
    if (!this.held.has(name)) return false;
    return new Promise((resolve) => this.waiting.push({ name, resolve }));
  }
}
