import type { EntryBody } from '../../core/model/entries.ts';
import type { StreamId } from '../../core/model/ids.ts';
import { PERSON_TABLES, type PersonTable, type RowChange, type TableName } from '../../core/model/rows.ts';
import { redacted } from '../redact.ts';
import { columnsOf, TABLES, valuesIn } from '../schema.ts';
import { decodeRow, encodeRow } from './checksum.ts';
import type { Database, Statement } from './database.ts';

/** Writes the tables of current state, inside the writer's transaction. */
export class TableWriter {
  readonly #tables: ReadonlyMap<TableName, ReturnType<typeof prepared>>;
  readonly #dropAll: ReadonlyMap<PersonTable, Statement>;
  readonly #emptyUnit: Statement;
  readonly #emptySession: Statement;
  readonly #session: Statement;
  readonly #endSubscriptions: Statement;
  readonly #endSessions: Statement;
  readonly #entry: Statement;
  readonly #replaceEntry: Statement;

  constructor(db: Database) {
    this.#tables = new Map(TABLES.map((table) => [table, prepared(db, table)]));
    this.#dropAll = new Map(PERSON_TABLES.map((table) => [table, db.prepare(`DELETE FROM ${table} WHERE person = ?`)]));
    this.#emptyUnit = db.prepare('DELETE FROM unit_member WHERE unit = ?');
    this.#emptySession = db.prepare('DELETE FROM subscription WHERE session = ?');
    this.#session = db.prepare('SELECT 1 FROM session WHERE digest = ?');
    const resting = "person = ? AND body ->> '$.token' = ?";
    this.#endSubscriptions = db.prepare(
      `DELETE FROM subscription WHERE session IN (SELECT digest FROM session WHERE ${resting})`,
    );
    this.#endSessions = db.prepare(`DELETE FROM session WHERE ${resting}`);
    const found = 'stream = (SELECT key FROM stream WHERE name = ?) AND position = ?';
    this.#entry = db.prepare(`SELECT body, sum FROM entry WHERE ${found}`);
    this.#replaceEntry = db.prepare(`UPDATE entry SET body = ?, sum = ? WHERE ${found}`);
  }

  change(change: RowChange): void {
    switch (change.op) {
      case 'put':
        if (change.table === 'subscription' && this.#session.get(change.row.session) === undefined) return; // STORE-142
        this.#tables.get(change.table)?.put(change.row);
        return;
      case 'renew':
        if (this.#session.get(change.row.digest) === undefined) return; // STORE-158
        this.#tables.get(change.table)?.put(change.row);
        return;
      case 'drop':
        this.#tables.get(change.table)?.drop(change);
        return;
      case 'drop-all':
        if (change.table === 'unit_member')
          this.#emptyUnit.run(change.unit); // STORE-101
        else if ('session' in change)
          this.#emptySession.run(change.session); // STORE-141
        else this.#dropAll.get(change.table)?.run(change.person); // STORE-92
        return;
      case 'end-sessions':
        this.#endSubscriptions.run(change.person, change.token); // STORE-147
        this.#endSessions.run(change.person, change.token); // STORE-147
        return;
      case 'redact':
        for (const position of change.positions) this.#redact(change.stream, position);
        return;
    }
  }

  #redact(stream: StreamId, position: number): void {
    const row = this.#entry.get(stream, position);
    if (row === undefined) return; // STORE-10
    const { body, sum } = encodeRow(redacted(decodeRow<EntryBody>(row, stream, position)), stream, position);
    this.#replaceEntry.run(body, sum, stream, position);
  }
}

/** The statements that change one table. */
function prepared(db: Database, table: TableName) {
  const { key, rises, columns } = columnsOf(table);
  const all = [...columns, 'body', 'sum'];
  const replaced = rises === undefined ? ['body', 'sum'] : [rises, 'body', 'sum'];
  const condition = rises === undefined ? '' : `WHERE excluded.${rises} > ${table}.${rises}`; // STORE-156
  const put = db.prepare(
    `INSERT INTO ${table} (${all.join()}) VALUES (${all.map(() => '?').join()})
     ON CONFLICT (${key.join()}) DO UPDATE SET ${replaced.map((column) => `${column} = excluded.${column}`).join()} ${condition}`,
  );
  const drop = db.prepare(`DELETE FROM ${table} WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`);
  return {
    put(row: object): void {
      const values = valuesIn(row, columns);
      const { body, sum } = encodeRow(row, ...values);
      put.run(...values, body, sum);
    },
    /** Removes the row with this key, if there is one. */
    drop: (keyed: object) => void drop.run(...valuesIn(keyed, key)),
  };
}
