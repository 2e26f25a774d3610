import type { Statement } from './connection.ts';

const MESSAGE_BODY = 'JOIN entry e ON e.stream = m.stream AND e.position = m.position';

/** The rows of a snapshot, each with the name of its part. */
const snapshot = (...parts: readonly string[]) => parts.join(' UNION ALL ');
const bodies = (table: string, where = '') =>
  `SELECT '${table}' AS part, NULL::bigint AS number, NULL::bigint AS other, body FROM ${table} ${where}`;
const HEAD = `SELECT 'head' AS part, head AS number, NULL::bigint AS other, NULL AS body FROM stream WHERE name = $1`;
const KEY = '(SELECT key FROM stream WHERE name = $1)';

const LOAD_ROOM = snapshot(
  HEAD,
  `(SELECT 'last', number, NULL, NULL FROM message WHERE stream = ${KEY} ORDER BY number DESC LIMIT 1)`,
  `SELECT 'withheld', number, author, NULL FROM message WHERE stream = ${KEY} AND withheld`,
  bodies('room', 'WHERE id = $2'),
  ...['mute', 'member', 'room_ban', 'invitation'].map((table) => bodies(table, 'WHERE room = $2')),
);
const LOAD_PERSON = snapshot(
  HEAD,
  ...['contact', 'block', 'member', 'read', 'credential', 'token', 'upload'].map((table) =>
    bodies(table, 'WHERE person = $2'),
  ),
);
const LOAD_DIRECTORY = snapshot(
  HEAD,
  ...['ban', 'name', 'account', 'unit', 'unit_member'].map((table) => bodies(table)),
);

/** What the reader asks, by name. Each is one statement, so that what it finds is of one moment. */
const TEXTS = {
  positions: `SELECT coalesce(s.head, 0) AS head FROM unnest($1::text[]) WITH ORDINALITY w (name, at)
    LEFT JOIN stream s ON s.name = w.name ORDER BY w.at`,
  entries: `SELECT position, body FROM entry WHERE stream = ${KEY} AND position > $2 ORDER BY position LIMIT $3`,
  loadRoom: LOAD_ROOM,
  loadPerson: LOAD_PERSON,
  loadDirectory: LOAD_DIRECTORY,
  page: `SELECT s.head, e.body FROM stream s
    LEFT JOIN LATERAL (
      SELECT m.stream, m.number, m.position FROM message m
      WHERE m.stream = s.key AND m.number < $2 ORDER BY m.number DESC LIMIT $3
    ) m ON true
    LEFT ${MESSAGE_BODY} WHERE s.name = $1 ORDER BY m.number`,
  message: `SELECT e.body FROM message m ${MESSAGE_BODY} WHERE m.id = $1`,
  credential: 'SELECT body FROM credential WHERE person = $1',
  token: 'SELECT body FROM token WHERE digest = $1',
  invitation: 'SELECT body FROM invitation WHERE digest = $1',
  session: snapshot(bodies('session', 'WHERE digest = $1'), bodies('subscription', 'WHERE session = $1')),
  keptResult: 'SELECT digest, result, expires FROM once WHERE scope = $1 AND key = $2',
  deliveryMarkers: 'SELECT room, number FROM shown WHERE person = $1',
  furthestReads: 'SELECT body FROM read WHERE room = $1 ORDER BY number DESC LIMIT 2',
  relatedTo: 'SELECT person FROM contact WHERE other = $1 UNION SELECT person FROM block WHERE other = $1',
  messagesBy: `(SELECT id, seq FROM message WHERE author = $1 AND seq > $2 AND seq <= $3 ORDER BY seq)
    UNION ALL (SELECT NULL, seq FROM message WHERE seq > $3 ORDER BY seq LIMIT 1)`,
  file: snapshot(bodies('upload', 'WHERE id = $1'), bodies('file', 'WHERE id = $1')),
  fileBytes: `SELECT coalesce(sum(size), 0)::bigint AS bytes FROM (
    SELECT size FROM upload WHERE person = $1 UNION ALL SELECT size FROM file WHERE person = $1) both_kinds`,
  uploadsBefore: 'SELECT body FROM upload WHERE at <= $1 ORDER BY at LIMIT $2',
  namedDigests: `SELECT digest FROM upload WHERE digest = ANY ($1::text[])
    UNION SELECT digest FROM file WHERE digest = ANY ($1::text[])`,
} as const;

export type StatementName = keyof typeof TEXTS;

/** The statement of this name. */
export function statement(name: StatementName): Statement {
  return { name, text: TEXTS[name] };
}

/** The names of all statements. */
export const STATEMENTS = Object.keys(TEXTS) as readonly StatementName[];
