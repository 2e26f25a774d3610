import type { StreamId } from '../../../core/model/ids.ts';
import type { RowChange } from '../../../core/model/rows.ts';
import { columnsIn } from '../columns.ts';
import type { BodyChange, EncodedChange, MessageChange, Renewal, ShownChange } from './encoded.ts';
import type { Part } from './parts.ts';
import { dropRows, placeOf, putMessages, putRows, putShown } from './row-parts.ts';
import { storedText } from '../stored-text.ts';

type TableChange = MessageChange | ShownChange | BodyChange;
type Emptying = Extract<RowChange, { op: 'drop-all' | 'end-sessions' }>;

/**
 * Gathers the changes of rows in a batch into few statements. Of several changes of one row the last remains; a change of many
 * rows (`drop-all`, `end-sessions`), or one that depends on what is there (`renew`), comes after what was gathered before it.
 */
export class RowChanges {
  readonly #keyOf: (stream: StreamId) => number;
  readonly #parts: Part[] = [];
  /** By table and key of the row. */
  #pending = new Map<string, Map<string, TableChange>>();

  constructor(keyOf: (stream: StreamId) => number) {
    this.#keyOf = keyOf;
  }

  take(change: Exclude<EncodedChange, { op: 'redact' }>): void {
    if (change.op === 'drop-all' || change.op === 'end-sessions') {
      this.#flush();
      this.#parts.push(...emptying(change));
      return;
    }
    if (change.op === 'renew') {
      this.#flush();
      this.#parts.push(renewing(change));
      return;
    }
    const table = tableOf(change);
    const rows = this.#pending.get(table) ?? new Map<string, TableChange>();
    const key = keyIn(change);
    const before = rows.get(key);
    const isLower = change.op === 'shown' && before?.op === 'shown' && before.number > change.number; // STORE-156
    this.#pending.set(table, isLower ? rows : rows.set(key, change)); // STORE-216
  }

  /** The statements, in the order in which they have to run. `mayExist`: whether a message that seems new may be there. */
  finish(mayExist: boolean): readonly Part[] {
    this.#flush(mayExist);
    return this.#parts;
  }

  #flush(mayExist = true): void {
    const tables = [...this.#pending].sort(([a], [b]) => placeOf(a) - placeOf(b));
    for (const [table, byKey] of tables) {
      // Two batches that change the same rows change them in the same order, and so never wait for each other.
      const keys = table === 'message' ? [...byKey.keys()] : [...byKey.keys()].sort(); // STORE-218
      const rows = keys.map((key) => byKey.get(key) as TableChange);
      this.#parts.push(...this.#partsOf(rows, mayExist));
    }
    this.#pending = new Map();
  }

  #partsOf(rows: readonly TableChange[], mayExist: boolean): Part[] {
    const messages = rows
      .filter((row) => row.op === 'message')
      .map((row) => ({ ...row, key: this.#keyOf(row.stream) }));
    const shown = rows.filter((row) => row.op === 'shown');
    const put = rows.filter((row) => row.op === 'put');
    const drop = rows.filter((row) => row.op === 'drop');
    const parts: Part[] = [];
    if (messages.length > 0) parts.push(putMessages(messages, mayExist || messages.some(({ isNew }) => !isNew)));
    if (shown.length > 0) parts.push(putShown(shown));
    if (drop[0] !== undefined) parts.push(dropRows(drop[0].table, drop));
    if (put[0] !== undefined) parts.push(putRows(put[0].table, put));
    return parts;
  }
}

function tableOf(change: TableChange): string {
  return change.op === 'message' || change.op === 'shown' ? change.op : change.table;
}

function keyIn(change: TableChange): string {
  if (change.op === 'message') return `${change.stream} ${change.number}`;
  if (change.op === 'shown') return `${change.person} ${change.room}`;
  return JSON.stringify(change.values.slice(0, columnsIn(change.table).key.length));
}

function renewing({ digest, body }: Renewal): Part {
  const text = `UPDATE session SET expires = ($2::json ->> 'expires')::bigint, token = $2::json ->> 'token', body = $2
    WHERE digest = $1`; // STORE-158
  return { name: 'renew session', text, values: [storedText(digest), body] };
}

/** The statements of a change of many rows. */
function emptying(change: Emptying): Part[] {
  if (change.op === 'end-sessions') {
    const values = [String(change.person), storedText(change.token)];
    const resting = 'person = $1 AND token = $2';
    const subscriptions = `session IN (SELECT digest FROM session WHERE ${resting})`;
    return [
      { name: 'end subscriptions', text: `DELETE FROM subscription WHERE ${subscriptions}`, values }, // STORE-147
      { name: 'end sessions', text: `DELETE FROM session WHERE ${resting}`, values }, // STORE-147
    ];
  }
  const [column, value] =
    'unit' in change
      ? ['unit', String(change.unit)] // STORE-101
      : 'session' in change
        ? ['session', storedText(change.session)] // STORE-141
        : ['person', String(change.person)]; // STORE-92
  const text = `DELETE FROM ${change.table} WHERE ${column} = $1`;
  return [{ name: `empty ${change.table} ${column}`, text, values: [value] }];
}
