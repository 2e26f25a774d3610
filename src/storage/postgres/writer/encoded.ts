import type { EntryBody } from '../../../core/model/entries.ts';
import { roomStream, type StreamId } from '../../../core/model/ids.ts';
import type { Message } from '../../../core/model/message.ts';
import type { RowChange } from '../../../core/model/rows.ts';
import type { AppendItem, Once, StreamWrite } from '../../../core/ports.ts';
import { valuesIn } from '../../schema.ts';
import { type BodyTable, columnsIn } from '../columns.ts';
import { termsOfMessage, termsOfRow } from '../terms.ts';

/** The value of a column, as it is before it is stored. */
export type Value = string | number | null;

/** A message's row: `position` is that of the entry that has the message as it is now. */
export type MessageChange = {
  readonly op: 'message';
  readonly stream: StreamId;
  readonly number: number;
  readonly position: number;
  readonly id: string;
  readonly author: number;
  readonly withheld: boolean;
  readonly terms: string;
  /** Whether it was posted just now, so that no row has its key. */
  readonly isNew: boolean;
};

export type ShownChange = {
  readonly op: 'shown';
  readonly person: number;
  readonly room: number;
  readonly number: number;
};

/** A row with the columns of `columnsIn`, or the key of a row that goes. */
export type BodyChange =
  | {
      readonly op: 'put';
      readonly table: BodyTable;
      readonly values: readonly Value[];
      readonly body: string;
      /** Null where the table has no terms. */
      readonly terms: string | null;
    }
  | { readonly op: 'drop'; readonly table: BodyTable; readonly values: readonly Value[] };

/** A session that is written again, unless it has ended. */
export type Renewal = { readonly op: 'renew'; readonly digest: string; readonly body: string };

export type EncodedChange =
  | MessageChange
  | ShownChange
  | BodyChange
  | Renewal
  | Extract<RowChange, { op: 'drop-all' | 'end-sessions' | 'redact' }>;

export type EncodedWrite = Pick<StreamWrite, 'stream' | 'expected'> & { readonly entries: readonly string[] };

/** An item of a batch whose entries and rows are JSON: it shares no object with the caller. */
export type EncodedItem = {
  readonly writes: readonly EncodedWrite[];
  readonly rows: readonly EncodedChange[];
  readonly once?: Once;
};

/** Throws for a message's row without an entry that has the message. */
export function encodeItem({ writes, rows, once }: AppendItem): EncodedItem {
  return {
    writes: writes.map(({ stream, expected, entries }) => ({
      stream,
      expected,
      entries: entries.map((entry) => JSON.stringify(entry)),
    })),
    rows: rows.map((change) => encodeChange(change, writes)),
    ...(once && { once: { ...once } }),
  };
}

function encodeChange(change: RowChange, writes: readonly StreamWrite[]): EncodedChange {
  if (change.op === 'redact') return { ...change, positions: [...change.positions] };
  if (change.op === 'drop-all' || change.op === 'end-sessions') return { ...change };
  if (change.op === 'renew') return { op: 'renew', digest: change.row.digest, body: JSON.stringify(change.row) };
  if (change.op === 'drop') {
    const { table } = change;
    return { op: 'drop', table, values: valuesOf(change, columnsIn(table).key) };
  }
  if (change.table === 'message') return encodeMessage(change.row, writes);
  if (change.table === 'shown') {
    const { person, room, number } = change.row;
    return { op: 'shown', person, room, number };
  }
  const { table, row } = change;
  const values = valuesOf(row, columnsIn(table).columns);
  return { op: 'put', table, values, body: JSON.stringify(row), terms: termsOfRow(change) };
}

function encodeMessage(message: Message, writes: readonly StreamWrite[]): MessageChange {
  const { room, number, id, author, withheld = false, editedAt, deletedAt } = message;
  const stream = roomStream(room);
  const write = writes.find((write) => write.stream === stream);
  const index = write?.entries.findLastIndex((entry) => isAbout(entry, message)) ?? -1;
  if (write === undefined || index === -1) throw new Error(`no entry has message ${number} of ${stream}`); // STORE-215
  return {
    op: 'message',
    stream,
    number,
    position: write.expected + 1 + index,
    id,
    author: author.id,
    withheld,
    terms: termsOfMessage(message),
    isNew: editedAt === null && deletedAt === null,
  };
}

function isAbout(entry: EntryBody, { number }: Message): boolean {
  return 'message' in entry && entry.message.number === number;
}

function valuesOf(row: object, columns: readonly string[]): Value[] {
  return valuesIn(row, columns).map((value) => value ?? null);
}
