import { type Database, integer, one, type Statement } from '../database.ts';
import type { Kind } from './term-table.ts';

/** Pages of an index that one step merges. */
const PAGES = 64;
/** No thing has this number, and nobody looks for this line. */
const NOTHING = 0;
const LINE = '\u{E000}';

/** Writes the indexes anew, a step at a time, so that words that were left in them are gone (`Leftovers`). */
export class Rewriting {
  readonly #db: Database;
  readonly #kinds: readonly Kind[];
  readonly #note: Statement;
  /** The kinds that are still to be written in this round; null between rounds. */
  #left: Kind[] | null = null;
  #isBegun = false;
  /** Whether a round is needed, after the present one if there is one. */
  #isNeeded: boolean;

  constructor(db: Database, kinds: readonly Kind[]) {
    this.#db = db;
    this.#kinds = kinds;
    this.#note = db.prepare('UPDATE meta SET rewrite = ?');
    this.#isNeeded = integer(one(db, 'SELECT rewrite FROM meta'), 'rewrite') === 1;
  }

  /** Notes, in the open transaction, that a round is needed: also after a restart. */
  need(): void {
    this.#note.run(1);
    this.#isNeeded = true;
  }

  /** Does a part of it; returns whether there is more. */
  step(): boolean {
    if (this.#left === null) {
      if (!this.#isNeeded) return false;
      this.#isNeeded = false;
      this.#left = [...this.#kinds];
    }
    const [kind] = this.#left;
    if (kind === undefined) return this.#end();
    if (!this.#merge(kind)) this.#left.shift();
    return true;
  }

  #end(): boolean {
    this.#left = null;
    if (!this.#isNeeded) this.#note.run(0);
    return this.#isNeeded;
  }

  /** Merges some pages of an index; returns whether there may be more to do. */
  #merge(kind: Kind): boolean {
    // FTS5 writes nothing anew where there is one segment, so another one is made.
    if (!this.#isBegun) this.#db.exec(`INSERT OR REPLACE INTO ${kind} (rowid, terms) VALUES (${NOTHING}, '${LINE}')`);
    const pages = this.#isBegun ? PAGES : -PAGES;
    const before = this.#changes();
    this.#db.exec(`INSERT INTO ${kind} (${kind}, rank) VALUES ('merge', ${pages})`);
    this.#isBegun = this.#changes() - before > 1;
    if (!this.#isBegun) this.#db.exec(`DELETE FROM ${kind} WHERE rowid = ${NOTHING}`);
    return this.#isBegun;
  }

  /** FTS5 documents that a merge that changes fewer than two rows had nothing left to do. */
  #changes(): number {
    return integer(one(this.#db, 'SELECT total_changes() AS changes'), 'changes');
  }
}
