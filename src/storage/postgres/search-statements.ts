import { roomStream } from '../../core/model/ids.ts';
import type { Search } from '../../core/ports.ts';
import { messageMarks, roomMarks } from '../search-terms.ts';
import { tsqueryOf } from './terms.ts';

// Statements of searches are planned for their values: words differ much in how often they are said. Values are numbers and
// quoted terms.

/** So many of the newest messages of all rooms are looked through before the index is asked: that finds words that are common. */
const NEAR = 2_000;
/** With more rooms than this the index is not asked for them: comparing each message with all of them takes longer. */
const MOST_MARKS = 32;

/**
 * Finds what may fit among the newest messages, the newest first. In each row, `edge` is the `seq` down to which nothing was missed,
 * null if that is the first message of all; `body` is null if nothing was found.
 */
export function nearMessages(search: Search, limit: number): string {
  return `WITH near AS MATERIALIZED (
      SELECT stream, position, seq, terms FROM message WHERE ${beforeOf(search)} ORDER BY seq DESC LIMIT ${NEAR}
    ), edge AS MATERIALIZED (
      SELECT CASE WHEN count(*) = ${NEAR} THEN min(seq) END AS seq FROM near
    ), found AS (
      SELECT stream, position, seq FROM near WHERE ${fits(search, [])} ORDER BY seq DESC LIMIT ${limit}
    )
    SELECT edge.seq AS edge, f.seq, e.body FROM edge LEFT JOIN (found f JOIN entry e USING (stream, position)) ON true
    ORDER BY f.seq DESC`;
}

/**
 * Finds what may fit among the messages below a `seq`, the newest first. The zeros keep PostgreSQL from going through all messages,
 * or all of the rooms, where it thinks that it would soon find enough.
 */
export function indexedMessages(search: Search, below: number, limit: number): string {
  const marks = search.rooms.length > MOST_MARKS ? [] : messageMarks(search.reader, search.rooms);
  return `WITH found AS (
      SELECT stream, position, seq FROM message
      WHERE seq + 0 < ${below} AND ${fits(search, marks)} ORDER BY seq + 0 DESC LIMIT ${limit}
    )
    SELECT f.seq, e.body FROM found f JOIN entry e USING (stream, position) ORDER BY f.seq DESC`;
}

/** Finds accounts that may fit. */
export function accounts({ query }: Search, most: number): string {
  return `SELECT body FROM account WHERE terms @@ ${literal(tsqueryOf(query, [], null))} LIMIT ${most}`;
}

/** Finds rooms that may fit. */
export function rooms({ query, rooms: own }: Search, most: number): string {
  const marks = own.length > MOST_MARKS ? [] : roomMarks(own);
  return `SELECT body FROM room WHERE terms @@ ${literal(tsqueryOf(query, marks, null))} LIMIT ${most}`;
}

function beforeOf({ before }: Search): string {
  if (before === null) return 'true';
  return `seq < (SELECT b.seq FROM message b JOIN stream bs ON bs.key = b.stream
    WHERE bs.name = '${roomStream(before.room)}' AND b.number = ${before.number})`;
}

function fits({ query, author, rooms: own }: Search, marks: readonly string[]): string {
  const names = own.map((room) => `'${roomStream(room)}'`).join();
  const asked = tsqueryOf(query, marks, author);
  // Deleted messages have no terms.
  return `${asked === '' ? "terms <> ''" : `terms @@ ${literal(asked)}`}
    AND stream + 0 IN (SELECT key FROM stream WHERE name IN (${names}))`;
}

/** Neither terms nor marks have a quotation mark or a backslash. */
function literal(query: string): string {
  return `'${query.replaceAll("'", "''")}'::tsquery`; // STORE-125
}
