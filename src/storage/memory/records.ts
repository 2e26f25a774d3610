import type { Entry, EntryBody } from '../../core/model/entries.ts';
import type { StreamId } from '../../core/model/ids.ts';
import type { AppendItem } from '../../core/ports.ts';
import type { RowChange } from '../../core/state/projection.ts';
import type { KeptOnce, Records } from '../append.ts';
import { redacted } from '../redact.ts';
import { inner, JsonMap, parse } from './json-map.ts';
import { Rows } from './rows.ts';

/** The streams in memory, as JSON texts, and the tables that follow from them. */
export class MemoryRecords implements Records {
  readonly rows = new Rows();
  readonly #streams = new Map<StreamId, string[]>();
  readonly #once = new JsonMap<string, KeptOnce>();

  head(stream: StreamId): number {
    return this.#streams.get(stream)?.length ?? 0;
  }

  entries(stream: StreamId, after: number, limit: number): Entry[] {
    const bodies = this.#streams.get(stream)?.slice(after, after + limit) ?? [];
    return bodies.map((body, index) => ({ stream, position: after + 1 + index, body: parse<EntryBody>(body) }));
  }

  once(scope: string, key: string): KeptOnce | null {
    return this.#once.get(JSON.stringify([scope, key]));
  }

  write(item: AppendItem): void {
    for (const { stream, entries } of item.writes) {
      inner(this.#streams, stream, () => []).push(...entries.map((body) => JSON.stringify(body)));
    }
    for (const change of item.rows) this.#change(change);
    if (item.once === undefined) return;
    const { scope, key, digest, result, expires } = item.once;
    this.#once.put(JSON.stringify([scope, key]), { digest, result, expires });
  }

  #change(change: RowChange): void {
    switch (change.op) {
      case 'put':
        return this.rows.put(change);
      case 'drop':
        return this.rows.drop(change);
      case 'drop-all':
        return this.rows.dropAll(change);
      case 'redact':
        return this.#redact(change.stream, change.positions);
    }
  }

  #redact(stream: StreamId, positions: readonly number[]): void {
    const bodies = this.#streams.get(stream) ?? [];
    for (const position of positions) {
      const body = bodies[position - 1];
      if (body !== undefined) bodies[position - 1] = JSON.stringify(redacted(parse<EntryBody>(body))); // STORE-10
    }
  }
}
