import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ClientLog } from './client-log.ts';

type Body = {
  readonly type: string;
  readonly message?: { readonly id: string; readonly room: number; readonly number: number; readonly text: string };
};
type Row = { readonly name: string; readonly position: number; readonly body: string };

export type DatabaseCheck = {
  readonly messages: number;
  readonly entries: number;
  readonly problems: readonly string[];
};

/** Reads a copy of a server's database with its own SQL and compares it with what clients were told. */
export function checkDatabase(dataDir: string, log: ClientLog): DatabaseCheck {
  const copy = mkdtempSync(join(tmpdir(), 'parlance-crash-'));
  try {
    for (const file of ['parlance.db', 'parlance.db-wal']) {
      if (existsSync(join(dataDir, file))) cpSync(join(dataDir, file), join(copy, file), { force: true });
    }
    return compare(new DatabaseSync(join(copy, 'parlance.db')), log);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function compare(db: DatabaseSync, log: ClientLog): DatabaseCheck {
  const problems: string[] = [];
  const rows = db
    .prepare(
      'SELECT s.name, e.position, e.body FROM entry e JOIN stream s ON s.key = e.stream ORDER BY s.name, e.position',
    )
    .all() as unknown as Row[];
  const current = db.prepare('SELECT body FROM message ORDER BY number').all() as unknown as { body: string }[];
  const integrity = db.prepare('PRAGMA integrity_check').get() as unknown as { integrity_check: string };
  db.close();
  if (integrity.integrity_check !== 'ok') problems.push(`the database is damaged: ${integrity.integrity_check}`);

  const positions = new Map<string, number>();
  for (const { name, position } of rows) {
    if (position !== (positions.get(name) ?? 0) + 1)
      problems.push(`${name}: position ${position} after ${positions.get(name) ?? 0}`);
    positions.set(name, position);
  }
  const entries = rows.map(({ body }) => JSON.parse(body) as Body);
  const posted = entries.flatMap(({ type, message }) => (type === 'message-posted' && message ? [message] : []));
  const versions = new Set(entries.flatMap(({ message }) => (message ? [`${message.id} ${message.text}`] : [])));
  const counts = new Map<string, number>();
  for (const { text } of posted) counts.set(text, (counts.get(text) ?? 0) + 1);

  const numbers = new Map<number, number>();
  for (const { room, number } of posted) {
    const expected = (numbers.get(room) ?? 0) + 1;
    if (number !== expected) problems.push(`message ${expected} of room ${room} has the number ${number}`);
    numbers.set(room, number);
  }
  for (const text of log.posted) {
    const found = counts.get(text) ?? 0;
    if (found !== 1) problems.push(`"${text}" was acknowledged once and is stored ${found} times`);
  }
  for (const [text, found] of counts) if (found > 1) problems.push(`"${text}" is stored ${found} times`);
  for (const { id, text } of [...log.edited, ...log.shown])
    if (!versions.has(`${id} ${text}`)) problems.push(`"${text}" (${id}) was acknowledged or shown and is not stored`);
  const everStored = new Set(entries.flatMap(({ message }) => (message ? [message.text] : [])));
  for (const text of log.shownTexts) if (!everStored.has(text)) problems.push(`"${text}" was shown and is not stored`);
  const last = new Map(entries.flatMap(({ message }) => (message ? [[message.id, message] as const] : [])));
  for (const { body } of current) {
    const message = JSON.parse(body) as NonNullable<Body['message']>;
    if (last.get(message.id)?.text !== message.text) problems.push(`the table and the stream differ on ${message.id}`);
  }
  if (current.length !== posted.length)
    problems.push(`${posted.length} messages in the stream, ${current.length} in the table`);
  return { messages: posted.length, entries: entries.length, problems };
}
