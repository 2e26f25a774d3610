import type { Config } from '../config/schema.ts';

/** The command that makes the first owner, while the server runs; `NAME` is to be replaced. */
export function firstOwnerCommand({ data }: Pick<Config, 'data'>): string {
  const quoted = /^[\w./-]+$/.test(data) ? data : `'${data.replaceAll("'", String.raw`'\''`)}'`; // SERVER-83
  return `npm run parlance -- admin user create NAME --role owner --data ${quoted}`;
}
