import type { EntryBody } from '../../core/model/entries.ts';
import type { StreamId } from '../../core/model/ids.ts';
import type { RowChange } from '../../core/state/projection.ts';
import { redacted } from '../redact.ts';
import type { Database, Statement, Value } from './database.ts';
import { encodeRow, decodeRow } from './checksum.ts';

type Put = Extract<RowChange, { op: 'put' }>;
type Drop = Extract<RowChange, { op: 'drop' }>;

/** Writes the tables of current state, inside the writer's transaction. */
export class Rows {
  readonly #put: { readonly [table in Put['table']]: Statement };
  readonly #drop: { readonly [table in Drop['table']]: Statement };
  readonly #dropTokens: Statement;
  readonly #entry: Statement;
  readonly #replaceEntry: Statement;

  constructor(db: Database) {
    this.#put = {
      room: putStatement(db, 'room', 'id'),
      message: putStatement(db, 'message', 'room, number', 'id'),
      mute: putStatement(db, 'mute', 'room, skeleton'),
      member: putStatement(db, 'member', 'room, person'),
      ban: putStatement(db, 'ban', 'skeleton'),
      name: putStatement(db, 'name', 'skeleton'),
      account: putStatement(db, 'account', 'skeleton', 'person'),
      credential: putStatement(db, 'credential', 'person'),
      contact: putStatement(db, 'contact', 'person, other'),
      block: putStatement(db, 'block', 'person, other'),
      read: putStatement(db, 'read', 'person, room'),
      token: putStatement(db, 'token', 'digest', 'person'),
      shown: putStatement(db, 'shown', 'person'),
    };
    this.#drop = {
      mute: db.prepare('DELETE FROM mute WHERE room = ? AND skeleton = ?'),
      member: db.prepare('DELETE FROM member WHERE room = ? AND person = ?'),
      ban: db.prepare('DELETE FROM ban WHERE skeleton = ?'),
      contact: db.prepare('DELETE FROM contact WHERE person = ? AND other = ?'),
      block: db.prepare('DELETE FROM block WHERE person = ? AND other = ?'),
      token: db.prepare('DELETE FROM token WHERE digest = ?'),
    };
    this.#dropTokens = db.prepare('DELETE FROM token WHERE person = ?');
    const found = 'stream = (SELECT key FROM stream WHERE name = ?) AND position = ?';
    this.#entry = db.prepare(`SELECT body, sum FROM entry WHERE ${found}`);
    this.#replaceEntry = db.prepare(`UPDATE entry SET body = ?, sum = ? WHERE ${found}`);
  }

  change(change: RowChange): void {
    switch (change.op) {
      case 'put': {
        const key = keyOf(change);
        const { body, sum } = encodeRow(change.row, ...key);
        this.#put[change.table].run(...key, body, sum);
        return;
      }
      case 'drop':
        this.#drop[change.table].run(...keyOfDropped(change));
        return;
      case 'drop-all':
        this.#dropTokens.run(change.person);
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

/** `further` columns are those that never change for a key. */
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
    case 'member':
      return [row.room, row.person];
    case 'ban':
    case 'name':
      return [row.skeleton];
    case 'account':
      return [row.skeleton, row.person];
    case 'credential':
    case 'shown':
      return [row.person];
    case 'contact':
    case 'block':
      return [row.person, row.other];
    case 'read':
      return [row.person, row.room];
    case 'token':
      return [row.digest, row.person];
  }
}

function keyOfDropped(change: Drop): Value[] {
  switch (change.table) {
    case 'mute':
      return [change.room, change.skeleton];
    case 'member':
      return [change.room, change.person];
    case 'ban':
      return [change.skeleton];
    case 'contact':
    case 'block':
      return [change.person, change.other];
    case 'token':
      return [change.digest];
  }
}
