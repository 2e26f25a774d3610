import { query } from '../../testing/postgres.ts';
import type { Stored } from '../crash/check-stored.ts';

/** All entries, then all messages by the entries that have them: one statement, so that both are of one moment. */
const ALL = `
  SELECT 'entry' AS kind, s.name, e.position, e.body FROM entry e JOIN stream s ON s.key = e.stream
  UNION ALL
  SELECT 'message', '', m.number, e.body
  FROM message m LEFT JOIN entry e ON e.stream = m.stream AND e.position = m.position
  ORDER BY 1, 2, 3`;

/** Streams and logs of nodes that are not as long as their numbers say. The rows of a log are kept for 10 minutes. */
const GAPS = `
  SELECT 'the head of ' || name || ' is ' || head AS problem FROM stream s
  WHERE head <> (SELECT count(*) FROM entry WHERE stream = s.key)
  UNION ALL
  SELECT 'the log of node ' || node || ' has a gap' FROM batch GROUP BY node HAVING max(number) - min(number) + 1 <> count(*)`;

/** Reads the database of a cluster at one moment, while nodes write. */
export async function readDatabase(url: string): Promise<Stored> {
  const rows = (await query(url, ALL)) as unknown as readonly {
    kind: string;
    name: string;
    position: string;
    body: string;
  }[];
  const ofKind = (wanted: string) => rows.filter(({ kind }) => kind === wanted);
  return {
    entries: ofKind('entry').map(({ name, position, body }) => ({ name, position: Number(position), body })),
    current: ofKind('message').map(({ body }) => withMessage(body)),
  };
}

/** What is wrong with the numbers in the tables. */
export async function findGaps(url: string): Promise<string[]> {
  return (await query(url, GAPS)).map(({ problem }) => String(problem));
}

/** The message in an entry, as JSON. */
function withMessage(entry: string): string {
  return JSON.stringify((JSON.parse(entry) as { message: unknown }).message);
}
