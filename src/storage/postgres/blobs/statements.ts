import type { Statement } from '../connection.ts';

/** Bytes that nothing names, and bytes that nobody goes on writing, are over after an hour. */
const HOUR_AGO = `clock_timestamp() - interval '1 hour'`;
/** An upload that a sweep has begun to delete cannot be written any more. */
const IS_OPEN = `digest IS NULL AND at > '-infinity'`;

/** What is asked about bytes. Each is a transaction of its own, and finds its rows by an index. */
export const BLOB_STATEMENTS = {
  begin: `INSERT INTO blob (kind, size, at) VALUES ($1, 0, clock_timestamp()) RETURNING key`,
  write: `WITH own AS (UPDATE blob SET at = clock_timestamp() WHERE key = $1 AND ${IS_OPEN} RETURNING key)
    INSERT INTO piece (blob, number, bytes) SELECT key, $2::bigint, $3::bytea FROM own RETURNING blob`,
  readOwn: `SELECT substring(bytes FROM $3::int FOR $4::int) AS bytes FROM piece WHERE blob = $1 AND number = $2`,
  keep: `UPDATE blob SET digest = $2, size = $3, at = clock_timestamp() WHERE key = $1 AND ${IS_OPEN} RETURNING key`,
  hold: `UPDATE blob SET at = clock_timestamp() WHERE kind = $1 AND digest =
      (SELECT digest FROM blob WHERE kind = $1 AND digest >= $2::text AND digest < $2::text || 'g' ORDER BY digest LIMIT 1)
    RETURNING digest`,
  size: `SELECT size FROM blob WHERE kind = $1 AND digest = $2`,
  read: `SELECT substring(bytes FROM $4::int FOR $5::int) AS bytes FROM blob JOIN piece ON blob = key
    WHERE kind = $1 AND digest = $2 AND number = $3`,
  stored: `SELECT digest, clock_timestamp()::text AS now FROM blob WHERE kind = $1 AND digest > $2 ORDER BY digest LIMIT $3`,
  setNamed: `UPDATE blob SET at = 'infinity' WHERE kind = $1 AND digest = ANY ($2::text[]) AND at < 'infinity'`,
  setUnnamed: `UPDATE blob SET at = clock_timestamp() WHERE kind = $1 AND digest = ANY ($2::text[]) AND at = 'infinity'`,
  abandon: `UPDATE blob SET digest = NULL, at = '-infinity' WHERE kind = $1 AND digest = ANY ($2::text[]) AND at <= $3::timestamptz - interval '1 hour'`,
  over: `SELECT key FROM blob WHERE digest IS NULL AND at <= ${HOUR_AGO} LIMIT $1`,
  close: `UPDATE blob SET at = '-infinity' WHERE key = $1 AND digest IS NULL RETURNING key`,
  closeOver: `UPDATE blob SET at = '-infinity' WHERE key = $1 AND digest IS NULL AND at <= ${HOUR_AGO} RETURNING key`,
  lastPiece: `SELECT number FROM piece WHERE blob = $1 ORDER BY number DESC LIMIT 1`,
  removePieces: `DELETE FROM piece WHERE blob = $1 AND number < $2`,
  remove: `DELETE FROM blob WHERE key = $1 AND at = '-infinity'`,
};

export type BlobStatement = keyof typeof BLOB_STATEMENTS;

export function blobStatement(name: BlobStatement): Statement {
  return { name: `blob-${name}`, text: BLOB_STATEMENTS[name] };
}
