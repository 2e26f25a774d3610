import type { TableName, Tables } from '../core/model/rows.ts';

type Columns<R> = readonly (keyof R & string)[];

type TableColumns<R> = { readonly key: Columns<R>; readonly more?: Columns<R>; readonly rises?: keyof R & string };

/**
 * The columns of each table, named as the row's properties: its primary key; `more`, which never changes for a key; and the
 * column that `rises`: a row is replaced only by one that has more in it, so the order of writes does not matter.
 * A row's checksum covers them in this order, so a table that was released keeps its columns as they are.
 */
const SCHEMA: { readonly [T in TableName]: TableColumns<Tables[T]> } = {
  room: { key: ['id'] },
  message: { key: ['room', 'number'], more: ['id'] },
  mute: { key: ['room', 'skeleton'] },
  member: { key: ['room', 'person'] },
  room_ban: { key: ['room', 'person'] },
  invitation: { key: ['digest'], more: ['room'] },
  ban: { key: ['skeleton'] },
  name: { key: ['skeleton'] },
  account: { key: ['skeleton'], more: ['person'] },
  credential: { key: ['person'] },
  contact: { key: ['person', 'other'] },
  block: { key: ['person', 'other'] },
  read: { key: ['person', 'room'] },
  token: { key: ['digest'], more: ['person'] },
  shown: { key: ['person', 'room'], rises: 'number' },
  unit: { key: ['id'] },
  unit_member: { key: ['unit', 'person'] },
  session: { key: ['digest'], more: ['person'] },
  subscription: { key: ['session', 'document'], more: ['person'] },
  upload: { key: ['id'], more: ['person', 'digest'] },
  file: { key: ['room', 'number'], more: ['id', 'person', 'digest'] },
};

/** All tables of current state. */
export const TABLES = Object.keys(SCHEMA) as readonly TableName[];

/** The columns of a table's primary key, the one that only rises, if it has such a one, and all that are not in the body alone. */
export function columnsOf(table: TableName): {
  readonly key: readonly string[];
  readonly rises?: string | undefined;
  readonly columns: readonly string[];
} {
  const { key, more = [], rises } = SCHEMA[table];
  return { key, rises, columns: rises === undefined ? [...key, ...more] : [...key, ...more, rises] };
}

/** The values of a row in the given columns. */
export function valuesIn(row: object, columns: readonly string[]): (string | number)[] {
  const values = row as Readonly<Record<string, string | number>>;
  return columns.map((column) => values[column] as string | number);
}
