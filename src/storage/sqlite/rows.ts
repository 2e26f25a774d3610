import type { EntryBody } from '../../core/entries.ts';
import type { StreamId } from '../../core/ids.ts';
import type { RowChange } from '../../core/rows.ts';
import { redacted } from '../redact.ts';
import type { Database, Statement, Value } from './database.ts';
import { seal, unseal } from './seal.ts';

type Put = Extract<RowChange, { op: 'put' }>;

/** Writes the tables of current state, inside the writer's transaction. */
export class Rows {
  readonly #put: { readonly [table in Put['table']]: Statement };
  readonly #dropMute: Statement;
  readonly #dropBan: Statement;
  readonly #entry: Statement;
  readonly #replaceEntry: Statement;

  constructor(db: Database) {
    this.#put = {
      room: putStatement(db, 'room', 'id'),
      message: putStatement(db, 'message', 'room, number', 'id'),
      mute: putStatement(db, 'mute', 'room, skeleton'),
      ban: putStatement(db, 'ban', 'skeleton'),
      name: putStatement(db, 'name', 'skeleton'),
    };
    this.#dropMute = db.prepare('DELETE FROM mute WHERE room = ? AND skeleton = ?');
    this.#dropBan = db.prepare('DELETE FROM ban WHERE skeleton = ?');
    const found = 'stream = (SELECT key FROM stream WHERE name = ?) AND position = ?';
    this.#entry = db.prepare(`SELECT body, sum FROM entry WHERE ${found}`);
    this.#replaceEntry = db.prepare(`UPDATE entry SET body = ?, sum = ? WHERE ${found}`);
  }

  change(change: RowChange): void {
    switch (change.op) {
      case 'put': {
        const key = keyOf(change);
        const { body, sum } = seal(change.row, ...key);
        this.#put[change.table].run(...key, body, sum);
        return;
      }
      case 'drop':
        if (change.table === 'ban') this.#dropBan.run(change.skeleton);
        else this.#dropMute.run(change.room, change.skeleton);
        return;
      case 'redact':
        for (const position of change.positions) this.#redact(change.stream, position);
        return;
    }
  }

  #redact(stream: StreamId, position: number): void {
    const row = this.#entry.get(stream, position);
    if (row === undefined) return; // STORE-10
    const { body, sum } = seal(redacted(unseal<EntryBody>(row, stream, position)), stream, position);
    this.#replaceEntry.run(body, sum, stream, position);
  }
}

function putStatement(db: Database, table: Put['table'], key: string, further = ''): Statement {
  const columns = `${key}, ${further === '' ? '' : `${further}, `}body, sum`;
  const values = columns.replace(/\w+/g, '?');
  return db.prepare(
    `INSERT INTO ${table} (${columns}) VALUES (${values})
     ON CONFLICT (${key}) DO UPDATE SET body = excluded.body, sum = excluded.sum`,
  );
}

/** The columns by which a row is found, in the order of its statement. */
function keyOf({ table, row }: Put): Value[] {
  switch (table) {
    case 'room':
      return [row.id];
    case 'message':
      return [row.room, row.number, row.id];
    case 'mute':
      return [row.room, row.skeleton];
    case 'ban':
    case 'name':
      return [row.skeleton];
  }
}
