import { type Database, integer, type Statement, text } from '../database.ts';

/** The kinds of things that are indexed; each has a table of FTS5, with the thing's number as the row. */
export type Kind = 'message' | 'room' | 'account';

/**
 * Makes the table of a kind. What is in it is kept beside its index: without it nothing could be taken out of the index again,
 * when the message itself is gone. The tokenizer divides at blanks alone, for all other ASCII is letters and digits.
 */
export function createTermTable(db: Database, kind: Kind): void {
  db.exec(`CREATE VIRTUAL TABLE ${kind} USING fts5(terms, tokenize = 'ascii', prefix = '1 2', columnsize = 0)`);
  db.exec(`INSERT INTO ${kind} (${kind}, rank) VALUES ('secure-delete', 1)`); // STORE-133
}

/** The indexed lines of one kind. */
export class TermTable {
  readonly #line: Statement;
  readonly #add: Statement;
  readonly #remove: Statement;
  readonly #find: Statement;

  constructor(db: Database, kind: Kind) {
    this.#line = db.prepare(`SELECT terms FROM ${kind} WHERE rowid = ?`);
    this.#add = db.prepare(`INSERT INTO ${kind} (rowid, terms) VALUES (?, ?)`);
    this.#remove = db.prepare(`DELETE FROM ${kind} WHERE rowid = ?`);
    this.#find = db.prepare(
      `SELECT rowid FROM ${kind} WHERE ${kind} MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    );
  }

  /** Indexes a line in place of the one that the row has, or none. Returns the line that was removed, if there was another. */
  put(row: number, line: string | null): string | null {
    const found = this.#line.get(row);
    const before = found === undefined ? null : text(found, 'terms');
    if (before === line) return null;
    if (before !== null) this.#remove.run(row);
    if (line !== null) this.#add.run(row, line);
    return before;
  }

  /** The rows below a number for which an expression of FTS5 holds, the highest first. */
  find(expression: string, below: number, limit: number): number[] {
    return this.#find.all(expression, below, limit).map((row) => integer(row, 'rowid'));
  }
}
