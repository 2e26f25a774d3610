import { type Database, setUpReader } from './database.ts';

/** A connection that only reads. It is opened when it is needed, and again after a failure. */
export class ReadConnection<Q> {
  readonly #connect: () => Database;
  readonly #prepare: (db: Database) => Q;
  #open: { readonly db: Database; readonly queries: Q } | null = null;

  /** `connect` opens the database, and `prepare` its queries. */
  constructor(connect: () => Database, prepare: (db: Database) => Q) {
    this.#connect = connect;
    this.#prepare = prepare;
  }

  /** Answers a question from one committed state; throws when it cannot. */
  read<T>(question: (queries: Q) => T): T {
    const { db, queries } = (this.#open ??= this.#opened());
    try {
      db.exec('BEGIN'); // STORE-11 STORE-12
      const answer = question(queries);
      db.exec('COMMIT');
      return answer;
    } catch (error) {
      // The connection may be in any state now, so the next read opens a new one.
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#open?.db.close();
    this.#open = null;
  }

  #opened(): { readonly db: Database; readonly queries: Q } {
    const db = this.#connect();
    try {
      setUpReader(db);
      return { db, queries: this.#prepare(db) };
    } catch (error) {
      db.close();
      throw error;
    }
  }
}
