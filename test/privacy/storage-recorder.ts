import type { PersonId, RoomId } from '../../src/core/model/ids.ts';
import type { AppendItem, AppendResult, Once, Storage } from '../../src/core/ports.ts';
import type { RowChange, TableName } from '../../src/core/state/projection.ts';
import { columns, withNames } from './columns.ts';

type Put = Extract<RowChange, { op: 'put' }>;

/** A value that somebody could recognise, and who may be sent it; null: everybody. */
export type Canary = {
  readonly from: readonly string[];
  readonly value: string;
  readonly may: ReadonlySet<PersonId> | null;
};

/** Shorter ones, and smaller numbers, stand in frames by chance. */
const LONG = 8;
const LARGE = 1_000_000_000;

/** Writes down every row that storage is given. */
export class Record {
  readonly puts: Put[] = [];
  readonly once: Once[] = [];

  around(storage: Storage): Storage {
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

  /** Tables and columns for which nobody has decided. */
  undecided(): string[] {
    const known: { readonly [table: string]: { readonly [column: string]: unknown } } = columns;
    const met = this.puts.flatMap(({ table, row }) => Object.keys(row).map((column) => [table, column] as const));
    const unknown = met.filter(([table, column]) => known[table]?.[column] === undefined);
    return [...new Set(unknown.map((one) => one.join('.')))];
  }

  /** Tables of which no row was put. */
  unused(): TableName[] {
    const tables = Object.keys(columns) as TableName[];
    return tables.filter((table) => !this.puts.some((put) => put.table === table));
  }

  /** What the person of this id keeps as a contact, now or before, by name. */
  contactsOf(person: PersonId): ReadonlySet<string> {
    const others = this.puts.flatMap(({ table, row }) =>
      table === 'contact' && row.person === person ? [row.other] : [],
    );
    return new Set(
      this.puts.flatMap(({ table, row }) => (table === 'account' && others.includes(row.person) ? [row.name] : [])),
    );
  }

  /** What somebody may be sent by one row, as a text that was said twice, is no secret from that person by another. */
  canaries(lobby: RoomId): Canary[] {
    const found = new Map<string, Canary>();
    for (const put of this.puts) {
      for (const [column, held] of Object.entries(put.row)) {
        const from = `${put.table}.${column}`;
        const decisions: { readonly [column: string]: string } = columns[put.table];
        const may = this.#may(put, decisions[column] ?? 'nobody', lobby);
        for (const value of valuesIn(held, withNames.includes(from))) {
          const before = found.get(value) ?? { from: [], value, may: new Set<PersonId>() };
          found.set(value, { value, from: [...before.from, from], may: before.may && may && before.may.union(may) });
        }
      }
    }
    return [...found.values()].filter(({ may }) => may !== null);
  }

  #may({ table, row }: Put, observer: string, lobby: RoomId): ReadonlySet<PersonId> | null {
    if (observer === 'everybody') return null;
    if (observer === 'nobody') return new Set();
    if (table === 'message') {
      if (row.withheld) return new Set([row.author.id]);
      return row.room === lobby ? null : this.#members(row.room);
    }
    const room = table === 'room' ? row.id : table === 'name' ? row.room : null;
    if (room === null) throw new Error(`nobody knows who may be sent ${observer} of ${table}`);
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

/** Everything in a column that is long enough to be recognised; of people only the ids, where names are everybody's. */
function valuesIn(held: unknown, onlyNumbers: boolean): string[] {
  if (typeof held === 'string') return !onlyNumbers && held.length >= LONG ? [held] : [];
  if (typeof held === 'number') return held >= LARGE ? [String(held)] : [];
  if (typeof held !== 'object' || held === null) return [];
  return Object.values(held).flatMap((inner) => valuesIn(inner, onlyNumbers));
}
