import type { Entry, EntryBody } from '../../core/model/entries.ts';
import type { StreamId } from '../../core/model/ids.ts';
import type { AppendItem, KeptResult } from '../../core/ports.ts';
import type { StreamStore } from '../append.ts';
import { onceKey } from '../append-plan.ts';
import { redacted } from '../redact.ts';
import { MemoryTables } from './tables.ts';

/** The streams in memory, as JSON texts, and the tables that follow from them. */
export class MemoryStreamStore implements StreamStore {
  readonly tables = new MemoryTables();
  readonly #streams = new Map<StreamId, string[]>();
  readonly #once = new Map<string, KeptResult>();

  head(stream: StreamId): number {
    return this.#streams.get(stream)?.length ?? 0;
  }

  entries(stream: StreamId, after: number, limit: number): Entry[] {
    const bodies = this.#streams.get(stream)?.slice(after, after + limit) ?? [];
    return bodies.map((body, index) => ({ stream, position: after + 1 + index, body: parse(body) }));
  }

  once(scope: string, key: string): KeptResult | null {
    return this.#once.get(onceKey({ scope, key })) ?? null;
  }

  write({ writes, rows, once }: AppendItem): void {
    for (const { stream, entries } of writes) {
      const bodies = this.#streams.get(stream) ?? [];
      bodies.push(...entries.map((body) => JSON.stringify(body)));
      this.#streams.set(stream, bodies);
    }
    for (const change of rows) {
      if (change.op === 'redact') this.#redact(change.stream, change.positions);
      else this.tables.change(change);
    }
    if (once !== undefined) this.#once.set(onceKey(once), once);
  }

  #redact(stream: StreamId, positions: readonly number[]): void {
    const bodies = this.#streams.get(stream) ?? [];
    for (const position of positions) {
      const body = bodies[position - 1];
      if (body !== undefined) bodies[position - 1] = JSON.stringify(redacted(parse(body))); // STORE-10
    }
  }
}

function parse(body: string): EntryBody {
  return JSON.parse(body) as EntryBody;
}
