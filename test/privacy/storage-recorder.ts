import type { PersonId, RoomId } from '../../src/core/model/ids.ts';
import type { AppendItem, AppendResult, Once, Storage } from '../../src/core/ports.ts';
import type { RowChange, TableName } from '../../src/core/model/rows.ts';
import { columns, withNames } from './columns.ts';

type Put = Extract<RowChange, { op: 'put' }>;

/** A value that can be recognised in a frame, its columns, and who may be sent it; null means everybody. */
export type FoundValue = {
  readonly columns: readonly string[];
  readonly value: string;
  readonly readers: ReadonlySet<PersonId> | null;
};

/** Shorter texts and smaller numbers occur in frames by chance. */
const LONG = 8;
const LARGE = 1_000_000_000;

/** Records every row that is written to a storage. */
export class StorageRecorder {
  readonly puts: Put[] = [];
  readonly once: Once[] = [];

  wrap(storage: Storage): Storage {
    const append = async (batch: readonly AppendItem[]): Promise<readonly AppendResult[]> => {
      for (const { rows, once } of batch) {
        this.puts.push(...rows.filter((row) => row.op === 'put'));
        if (once !== undefined) this.once.push(once);
      }
      return storage.append(batch);
    };
    return new Proxy(storage, {
      get(target, name) {
        if (name === 'append') return append;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Columns that `columns` does not list. */
  undecided(): string[] {
    const known: { readonly [table: string]: { readonly [column: string]: unknown } } = columns;
    const met = this.puts.flatMap(({ table, row }) => Object.keys(row).map((column) => [table, column] as const));
    const unknown = met.filter(([table, column]) => known[table]?.[column] === undefined);
    return [...new Set(unknown.map((one) => one.join('.')))];
  }

  /** Tables without a recorded row. */
  unused(): TableName[] {
    const tables = Object.keys(columns) as TableName[];
    return tables.filter((table) => !this.puts.some((put) => put.table === table));
  }

  /** The names of the person's contacts, present and former. */
  contactsOf(person: PersonId): ReadonlySet<string> {
    const others = this.puts.flatMap(({ table, row }) =>
      table === 'contact' && row.person === person ? [row.other] : [],
    );
    return new Set(
      this.puts.flatMap(({ table, row }) => (table === 'account' && others.includes(row.person) ? [row.name] : [])),
    );
  }

  /** The values that can be recognised. Of the same value in several rows, its readers are those of all rows. */
  foundValues(lobby: RoomId): FoundValue[] {
    const found = new Map<string, FoundValue>();
    for (const put of this.puts) {
      for (const [column, content] of Object.entries(put.row)) {
        const name = `${put.table}.${column}`;
        const visibilities: { readonly [column: string]: string } = columns[put.table];
        const may = this.#readersOf(put, visibilities[column] ?? 'nobody', lobby);
        for (const value of valuesIn(content, withNames.includes(name))) {
          const before = found.get(value) ?? { columns: [], readers: new Set<PersonId>() };
          const readers = before.readers && may && before.readers.union(may);
          found.set(value, { value, columns: [...before.columns, name], readers });
        }
      }
    }
    return [...found.values()];
  }

  #readersOf({ table, row }: Put, visibility: string, lobby: RoomId): ReadonlySet<PersonId> | null {
    if (visibility === 'everybody') return null;
    if (visibility === 'nobody') return new Set();
    if (table === 'message') {
      if (row.withheld) return new Set([row.author.id]);
      return row.room === lobby ? null : this.#members(row.room);
    }
    const room = table === 'room' ? row.id : 'room' in row ? row.room : null;
    if (room === null) throw new Error(`columns of ${table} cannot be for ${visibility}`);
    return this.#isOpen(room) ? null : this.#members(room);
  }

  #isOpen(id: RoomId): boolean {
    return this.puts.some(({ table, row }) => table === 'room' && row.id === id && !row.closed && !row.people);
  }

  #members(room: RoomId): ReadonlySet<PersonId> {
    return new Set(
      this.puts.flatMap(({ table, row }) => (table === 'member' && row.room === room ? [row.person] : [])),
    );
  }
}

/** The values that are long enough to be recognised. */
function valuesIn(content: unknown, onlyNumbers: boolean): string[] {
  if (typeof content === 'string') return !onlyNumbers && content.length >= LONG ? [content] : [];
  if (typeof content === 'number') return content >= LARGE ? [String(content)] : [];
  if (typeof content !== 'object' || content === null) return [];
  return Object.values(content).flatMap((inner) => valuesIn(inner, onlyNumbers));
}
