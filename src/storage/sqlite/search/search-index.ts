import { checkpoint, type Database, integer, one, type Statement, text } from '../database.ts';
import { Leftovers } from './leftovers.ts';
import { Rewriting } from './rewriting.ts';
import { createTermTable, type Kind, TermTable } from './term-table.ts';

/** Something to be indexed, as it was when the log was at `place`: its line, or null if nothing of it is to be found. */
export type Change = {
  readonly place: number;
  readonly kind: Kind;
  readonly row: number;
  readonly line: string | null;
};

/** What an index is made of and how: the history and where it ends, and the form of lines, which depends on Unicode's version. */
export type Origin = { readonly history: string; readonly head: number; readonly form: string };

const KINDS: readonly Kind[] = ['message', 'room', 'account'];
/** So much work is done in one transaction. To remove a line costs as much as to add some twenty-five. */
const WORK = 500;
const WORK_OF_REMOVAL = 25;
/** A checkpoint leaves this much of the log's file. */
const LOG_KEPT_BYTES = 4 * 2 ** 20;

/** The tables of one open index. */
type Tables = { readonly terms: TermTable; readonly leftovers: Leftovers };

/** The index for searches, in a database of its own. It knows up to which place of the log it has everything. */
export class SearchIndex {
  readonly #db: Database;
  readonly #tables: { readonly [K in Kind]: Tables };
  readonly #move: Statement;
  readonly #rewriting: Rewriting;
  /** Whether something was removed since the log was last emptied. */
  #hasRemoved = true;
  #place: number;

  /** Opens the index, or makes it in an empty database. Throws an `OtherOrigin` if it is not of this origin. */
  constructor(db: Database, origin: Origin) {
    this.#db = db;
    setUp(db);
    this.#place = startUse(db, origin);
    this.#tables = { message: tablesOf(db, 'message'), room: tablesOf(db, 'room'), account: tablesOf(db, 'account') };
    this.#move = db.prepare('UPDATE meta SET place = ?');
    this.#rewriting = new Rewriting(db, KINDS);
  }

  /** The last place of the log from which everything is indexed. */
  get place(): number {
    return this.#place;
  }

  /** Indexes changes, which are in the order of their places, as far as the work of one step goes. All up to `end` are given. */
  write(changes: readonly Change[], end: number): void {
    let work = 0;
    let reached = end;
    const removed = new Map<Kind, Set<string>>();
    this.#db.exec('BEGIN IMMEDIATE');
    for (const [index, { kind, row, line }] of changes.entries()) {
      const before = this.#tables[kind].terms.put(row, line);
      if (before !== null) removed.set(kind, (removed.get(kind) ?? new Set()).union(new Set(before.split(' '))));
      work += before === null ? 1 : WORK_OF_REMOVAL;
      const next = changes[index + 1];
      if (work < WORK || next === undefined) continue;
      reached = next.place - 1;
      break;
    }
    for (const [kind, words] of removed) if (this.#tables[kind].leftovers.has(words)) this.#rewriting.need();
    this.#move.run(reached); // STORE-131
    this.#db.exec('COMMIT');
    this.#place = reached;
    this.#hasRemoved ||= removed.size > 0;
  }

  /** Does what remains to be done when everything is indexed, a step at a time; returns whether there is more. */
  tidy(): boolean {
    if (this.#rewriting.step()) return true; // STORE-133
    if (this.#hasRemoved) checkpoint(this.#db, 'TRUNCATE'); // STORE-133
    this.#hasRemoved = false;
    return false;
  }

  /** The rows of a kind below a number for which an expression of FTS5 holds, the highest first. */
  find(kind: Kind, expression: string, below: number, limit: number): number[] {
    return this.#tables[kind].terms.find(expression, below, limit);
  }

  close(): void {
    this.#db.close();
  }
}

/** The index was made of another history or of a later state of it, or in another form. */
export class OtherOrigin extends Error {}

function tablesOf(db: Database, kind: Kind): Tables {
  return { terms: new TermTable(db, kind), leftovers: new Leftovers(db, kind) };
}

/** After a power cut the index is as it was at some moment before, and goes on from there. That is enough for what can be made again. */
function setUp(db: Database): void {
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec(`PRAGMA journal_size_limit = ${LOG_KEPT_BYTES}`);
  db.exec('PRAGMA secure_delete = ON'); // STORE-133
}

/** Returns the place of the log up to which the index has everything. */
function startUse(db: Database, { history, head, form }: Origin): number {
  const isEmpty = integer(one(db, 'SELECT count(*) AS tables FROM sqlite_schema'), 'tables') === 0;
  if (isEmpty) {
    db.exec('BEGIN IMMEDIATE');
    db.exec(
      `CREATE TABLE meta (
         one INTEGER PRIMARY KEY CHECK (one = 1), history TEXT NOT NULL, form TEXT NOT NULL, place INTEGER NOT NULL,
         rewrite INTEGER NOT NULL
       ) STRICT`,
    );
    for (const kind of KINDS) createTermTable(db, kind);
    // Once it has everything it is written anew: a search is faster where all is in one segment.
    db.prepare('INSERT INTO meta (one, history, form, place, rewrite) VALUES (1, ?, ?, 0, 1)').run(history, form);
    db.exec('COMMIT');
  }
  const meta = one(db, 'SELECT history, form, place FROM meta');
  const place = integer(meta, 'place');
  const isOther = text(meta, 'history') !== history || text(meta, 'form') !== form || place > head; // STORE-132
  if (isOther) throw new OtherOrigin();
  return place;
}
