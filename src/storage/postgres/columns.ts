import type { TableName } from '../../core/model/rows.ts';
import { columnsOf } from '../schema.ts';

/** The tables whose rows are stored as JSON. The others have columns for everything: see `migrations.ts`. */
export type BodyTable = Exclude<TableName, 'message' | 'shown'>;

/** The columns that a table has beside those of `../schema.ts`, named as the row's properties, for its indexes. They may change. */
const MORE: Partial<Record<BodyTable, readonly string[]>> = {
  read: ['number'],
  session: ['expires', 'token'],
  upload: ['at', 'size'],
  file: ['size'],
};

/** The columns of a table's key, and all that have a property of the row; beside them is `body`, and `terms` where `hasTerms`. */
export function columnsIn(table: BodyTable): { readonly key: readonly string[]; readonly columns: readonly string[] } {
  const { key, columns } = columnsOf(table);
  return { key, columns: [...columns, ...(MORE[table] ?? [])] };
}
