import type { Search } from '../../core/ports.ts';
import { roomStream } from '../../core/model/ids.ts';
import { messageMarks, roomMarks } from '../search-terms.ts';
import { tsqueryOf } from './terms.ts';

// Statements of searches are planned for their values: words differ much in how often they are said. Values are numbers and
// quoted terms.

/** How many messages of each room are looked through before the index is asked: that finds words that are said often. */
const NEAR = 200;

/** What a part of a search goes on below: `null` is the message before which it began, if any. */
export type Below = number | null;

/**
 * Finds the newest messages that may fit, by looking through the newest ones of each room. `edge` is the lowest `seq` down to which
 * nothing is missed; null if that is all of them.
 */
export function nearMessages(search: Search, limit: number): string {
  const names = search.rooms.map((room) => `'${roomStream(room)}'`).join();
  return `WITH near AS MATERIALIZED (
      SELECT m.* FROM stream s CROSS JOIN LATERAL (
        SELECT stream, number, position, seq, terms FROM message
        WHERE stream = s.key ${belowOf(search, null)} ORDER BY number DESC LIMIT ${NEAR}
      ) m WHERE s.name IN (${names})
    ), edge AS MATERIALIZED (
      SELECT max(low) AS seq FROM (SELECT min(seq) AS low FROM near GROUP BY stream HAVING count(*) = ${NEAR}) lows
    ), found AS (
      SELECT stream, position, near.seq FROM near, edge
      WHERE terms @@ ${tsquery(search)} AND (edge.seq IS NULL OR near.seq >= edge.seq)
      ORDER BY near.seq DESC LIMIT ${limit}
    )
    SELECT edge.seq AS edge, f.seq, e.body FROM edge LEFT JOIN (found f JOIN entry e USING (stream, position)) ON true
    ORDER BY f.seq DESC`;
}

/** Finds the newest messages that may fit below a `seq`, by the index. */
export function indexedMessages(search: Search, below: Below, limit: number): string {
  return `WITH found AS (
      SELECT stream, position, seq FROM message
      WHERE terms @@ ${tsquery(search)} ${belowOf(search, below)} ORDER BY seq DESC LIMIT ${limit}
    )
    SELECT f.seq, e.body FROM found f JOIN entry e USING (stream, position) ORDER BY f.seq DESC`;
}

/** Finds the accounts that may fit; of very many the newest. */
export function accounts({ query }: Search, most: number): string {
  return `SELECT body FROM account WHERE terms @@ ${literal(tsqueryOf(query, [], null))} LIMIT ${most}`;
}

/** Finds the rooms that may fit. */
export function rooms({ query, rooms: own }: Search, most: number): string {
  return `SELECT body FROM room WHERE terms @@ ${literal(tsqueryOf(query, roomMarks(own), null))} LIMIT ${most}`;
}

function belowOf({ before }: Search, below: Below): string {
  if (below !== null) return `AND seq < ${below}`;
  if (before === null) return '';
  return `AND seq < (SELECT b.seq FROM message b JOIN stream bs ON bs.key = b.stream
    WHERE bs.name = '${roomStream(before.room)}' AND b.number = ${before.number})`;
}

function tsquery({ query, reader, rooms, author }: Search): string {
  return literal(tsqueryOf(query, messageMarks(reader, rooms), author));
}

/** Neither terms nor marks have a quotation mark or a backslash. */
function literal(query: string): string {
  return `'${query.replaceAll("'", "''")}'::tsquery`; // STORE-125
}
