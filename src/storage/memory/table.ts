import type { TableName, Tables } from '../../core/model/rows.ts';
import { columnsOf, valuesIn } from '../schema.ts';

type Value = string | number;
type Rows = Map<string, string>;

/** One table. Rows are JSON texts, as in a database: no object is shared with a caller, and what JSON cannot hold is lost. */
export class MemoryTable<T extends TableName> {
  readonly #key: readonly string[];
  readonly #rises: string | undefined;
  readonly #rows: Rows = new Map();
  /** The same rows by column and value; a column is indexed when it is first searched. */
  readonly #indexes = new Map<string, Map<Value, Rows>>();

  constructor(table: T) {
    const { key, rises } = columnsOf(table);
    this.#key = key;
    this.#rises = rises;
  }

  get(...key: Value[]): Tables[T] | null {
    const text = this.#rows.get(JSON.stringify(key));
    return text === undefined ? null : this.#parse(text);
  }

  all(rows = this.#rows): Tables[T][] {
    return [...rows.values()].map((text) => this.#parse(text));
  }

  /** The rows with this value in a column. */
  find(column: keyof Tables[T] & string, value: Value): Tables[T][] {
    return this.all(this.#having(column, value));
  }

  /** How many rows have this value in a column. */
  count(column: keyof Tables[T] & string, value: Value): number {
    return this.#having(column, value).size;
  }

  put(row: Tables[T]): void {
    if (this.#isLower(row)) return; // STORE-156
    const key = JSON.stringify(valuesIn(row, this.#key));
    const text = JSON.stringify(row);
    this.#rows.set(key, text);
    for (const rows of this.#indexed(row)) rows.set(key, text);
  }

  /** Removes the row with the key that `change` has, if there is one. */
  drop(change: object): void {
    const key = valuesIn(change, this.#key);
    const row = this.get(...key);
    if (row === null) return;
    this.#rows.delete(JSON.stringify(key));
    for (const rows of this.#indexed(row)) rows.delete(JSON.stringify(key));
  }

  /** Whether the row with the same key has more than this one in the column that only rises. */
  #isLower(row: Tables[T]): boolean {
    if (this.#rises === undefined) return false;
    const before = this.get(...valuesIn(row, this.#key));
    const [number = 0] = valuesIn(row, [this.#rises]);
    return before !== null && valuesIn(before, [this.#rises]).some((kept) => kept > number);
  }

  #having(column: string, value: Value): Rows {
    let index = this.#indexes.get(column);
    if (index === undefined) {
      index = new Map();
      this.#indexes.set(column, index);
      for (const row of this.all()) this.put(row);
    }
    const rows = index.get(value) ?? new Map();
    index.set(value, rows);
    return rows;
  }

  #indexed(row: Tables[T]): Rows[] {
    return [...this.#indexes.keys()].flatMap((column) =>
      valuesIn(row, [column]).map((value) => this.#having(column, value)),
    );
  }

  #parse(text: string): Tables[T] {
    return JSON.parse(text) as Tables[T];
  }
}
