import type { Ban, Entry, EntryBody, Mute, TakenName } from '../../core/entries.ts';
import type { MessageId, RoomId, StreamId } from '../../core/ids.ts';
import type { Message } from '../../core/message.ts';
import type { AppendItem } from '../../core/ports.ts';
import type { RoomRow, RowChange } from '../../core/rows.ts';
import type { KeptOnce, Records } from '../answer.ts';
import { redacted } from '../redact.ts';

/**
 * The streams and tables in memory. Everything is kept as JSON text, as a database keeps it: nobody shares an object with
 * the store, and what cannot be stored is lost here too.
 */
export class MemoryRecords implements Records {
  readonly #streams = new Map<StreamId, string[]>();
  readonly #once = new Map<string, KeptOnce>();
  readonly #rooms = new Map<RoomId, string>();
  /** Each room's messages, the one with number 1 first. */
  readonly #messages = new Map<RoomId, string[]>();
  readonly #places = new Map<MessageId, { readonly room: RoomId; readonly number: number }>();
  readonly #mutes = new Map<RoomId, Map<string, string>>();
  readonly #bans = new Map<string, string>();
  readonly #names = new Map<string, string>();

  head(stream: StreamId): number {
    return this.#streams.get(stream)?.length ?? 0;
  }

  entries(stream: StreamId, after: number, limit: number): Entry[] {
    const bodies = this.#streams.get(stream)?.slice(after, after + limit) ?? [];
    return bodies.map((body, index) => ({ stream, position: after + 1 + index, body: parse<EntryBody>(body) }));
  }

  once(scope: string, key: string): KeptOnce | null {
    return this.#once.get(JSON.stringify([scope, key])) ?? null;
  }

  write(item: AppendItem): void {
    for (const { stream, entries } of item.writes) {
      inner(this.#streams, stream, () => []).push(...entries.map((body) => JSON.stringify(body)));
    }
    for (const change of item.rows) this.#change(change);
    if (item.once === undefined) return;
    const { scope, key, digest, result, expires } = item.once;
    this.#once.set(JSON.stringify([scope, key]), { digest, result, expires });
  }

  room(room: RoomId): RoomRow | null {
    const row = this.#rooms.get(room);
    return row === undefined ? null : parse<RoomRow>(row);
  }

  /** The last `limit` messages below a number, in ascending number. */
  messages(room: RoomId, before: number, limit: number): Message[] {
    const below = this.#messages.get(room)?.slice(0, Math.max(0, before - 1)) ?? [];
    return below.slice(Math.max(0, below.length - limit)).map((row) => parse<Message>(row));
  }

  message(id: MessageId): Message | null {
    const place = this.#places.get(id);
    const row = place && this.#messages.get(place.room)?.[place.number - 1];
    return row === undefined ? null : parse<Message>(row);
  }

  mutes(room: RoomId): Mute[] {
    return [...(this.#mutes.get(room)?.values() ?? [])].map((row) => parse<Mute>(row));
  }

  bans(): Ban[] {
    return [...this.#bans.values()].map((row) => parse<Ban>(row));
  }

  names(): TakenName[] {
    return [...this.#names.values()].map((row) => parse<TakenName>(row));
  }

  #change(change: RowChange): void {
    switch (change.op) {
      case 'put':
        return this.#put(change);
      case 'drop':
        if (change.table === 'ban') this.#bans.delete(change.skeleton);
        else this.#mutes.get(change.room)?.delete(change.skeleton);
        return;
      case 'redact':
        return this.#redact(change.stream, change.positions);
    }
  }

  #put({ table, row }: Extract<RowChange, { op: 'put' }>): void {
    const text = JSON.stringify(row);
    switch (table) {
      case 'room':
        this.#rooms.set(row.id, text);
        return;
      case 'message':
        inner(this.#messages, row.room, () => [])[row.number - 1] = text;
        this.#places.set(row.id, { room: row.room, number: row.number });
        return;
      case 'mute':
        inner(this.#mutes, row.room, () => new Map<string, string>()).set(row.skeleton, text);
        return;
      case 'ban':
        this.#bans.set(row.skeleton, text);
        return;
      case 'name':
        this.#names.set(row.skeleton, text);
        return;
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

/** Reads back what this class has written itself. */
function parse<T>(text: string): T {
  return JSON.parse(text) as T;
}

function inner<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
