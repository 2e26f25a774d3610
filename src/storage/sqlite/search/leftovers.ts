import { type Database, integer, type Statement } from '../database.ts';
import type { Kind } from './term-table.ts';

/** FTS5 writes this before the terms of its main index; before those of indexes of prefixes it writes other digits. */
const MAIN = '0';
/** Fewer letters tell nothing. */
const FEW = 3;

/**
 * Finds words that FTS5 leaves in its file. It takes removed words out of its pages, but not out of the directory of the pages,
 * which has the beginning of each page's first word, sometimes all of it.
 */
export class Leftovers {
  readonly #db: Database;
  readonly #segments: Statement;
  readonly #separator: Statement;
  readonly #isLive: Statement;

  constructor(db: Database, kind: Kind) {
    this.#db = db;
    this.#segments = db.prepare(`SELECT DISTINCT segid FROM ${kind}_idx`);
    this.#separator = db.prepare(
      `SELECT term FROM ${kind}_idx WHERE segid = ? AND term <= CAST(? AS BLOB) ORDER BY term DESC LIMIT 1`,
    );
    this.#isLive = db.prepare(`SELECT 1 FROM ${kind} WHERE ${kind} MATCH ? LIMIT 1`);
  }

  /** Whether the directory has one of these words, or its beginning, though nothing is indexed any more that begins like that. */
  has(words: Iterable<string>): boolean {
    // FTS5 writes what is pending now, and not only at COMMIT.
    this.#db.exec('SAVEPOINT written; RELEASE written');
    const segments = this.#segments.all().map((row) => integer(row, 'segid'));
    for (const word of words) {
      for (const segment of segments) {
        const beginning = this.#beginningIn(segment, word);
        if (beginning.length < FEW) continue;
        if (this.#isLive.get(`"${beginning}" *`) === undefined) return true; // STORE-133
      }
    }
    return false;
  }

  /** The beginning of a word by which the directory finds a page; empty for a word that is no page's first. */
  #beginningIn(segment: number, word: string): string {
    const term = this.#separator.get(segment, `${MAIN}${word}`)?.term;
    if (!(term instanceof Uint8Array)) return '';
    // The end of a beginning may be in the middle of a character.
    const beginning = new TextDecoder().decode(term, { stream: true }).slice(MAIN.length);
    return word.startsWith(beginning) ? beginning : '';
  }
}
