import type { TableName, Tables } from '../core/model/rows.ts';

type Columns<R> = readonly (keyof R & string)[];

/**
 * The columns of each table, named as the row's properties: its primary key, and `more`, which never changes for a key.
 * A row's checksum covers them in this order, so a table that was released keeps its columns as they are.
 */
const SCHEMA: { readonly [T in TableName]: { readonly key: Columns<Tables[T]>; readonly more?: Columns<Tables[T]> } } =
  {
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
    shown: { key: ['person'] },
    unit: { key: ['id'] },
    unit_member: { key: ['unit', 'person'] },
    session: { key: ['digest'], more: ['person'] },
    subscription: { key: ['session', 'document'], more: ['person'] },
    upload: { key: ['id'], more: ['person', 'digest'] },
    file: { key: ['room', 'number'], more: ['id', 'person', 'digest'] },
  };

/** All tables of current state. */
export const TABLES = Object.keys(SCHEMA) as readonly TableName[];

/** The columns of a table's primary key, and all columns by which its rows are found. */
export function columnsOf(table: TableName): { readonly key: readonly string[]; readonly columns: readonly string[] } {
  const { key, more = [] } = SCHEMA[table];
  return { key, columns: [...key, ...more] };
}

/** The values of a row in the given columns. */
export function valuesIn(row: object, columns: readonly string[]): (string | number)[] {
  const values = row as Readonly<Record<string, string | number>>;
  return columns.map((column) => values[column] as string | number);
}
