import { TABLES } from '../../schema.ts';
import { bodiesIn, booleanArray, joinedBodies, numberArray, textArray } from './arrays.ts';
import { type BodyTable, columnsIn } from '../columns.ts';
import type { BodyChange, MessageChange, ShownChange, Value } from './encoded.ts';
import { IF_FIT, type Part } from './parts.ts';

type Put = Extract<BodyChange, { op: 'put' }>;
type Drop = Extract<BodyChange, { op: 'drop' }>;

const MESSAGES = `INSERT INTO message (stream, number, position, id, author, withheld, terms)
  SELECT v.stream, v.number, v.position, v.id, v.author, v.withheld, coalesce(v.terms, '')::tsvector
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::boolean[], ${bodiesIn('$7')})
    v (stream, number, position, id, author, withheld, terms)
  WHERE ${IF_FIT}`;
const CHANGED = `ON CONFLICT (stream, number) DO UPDATE
  SET position = excluded.position, withheld = excluded.withheld, terms = excluded.terms`;

/** Inserts the rows of new messages; with `mayExist`, also changes those that are there. */
export function putMessages(rows: readonly (MessageChange & { key: number })[], mayExist: boolean): Part {
  const values = [
    numberArray(rows.map(({ key }) => key)),
    numberArray(rows.map(({ number }) => number)),
    numberArray(rows.map(({ position }) => position)),
    textArray(rows.map(({ id }) => id)),
    numberArray(rows.map(({ author }) => author)),
    booleanArray(rows.map(({ withheld }) => withheld)),
    joinedBodies(rows.map(({ terms }) => terms)),
  ];
  if (mayExist) return { name: 'put message', text: `${MESSAGES} ${CHANGED}`, values };
  return { name: 'message', text: MESSAGES, values };
}

/** Notes up to where rooms were shown; what is noted never gets lower. */
export function putShown(rows: readonly ShownChange[]): Part {
  return {
    name: 'shown',
    text: `INSERT INTO shown (person, room, number)
      SELECT v.person, v.room, v.number FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) v (person, room, number)
      WHERE ${IF_FIT}
      ON CONFLICT (person, room) DO UPDATE SET number = greatest(shown.number, excluded.number)`,
    values: [
      numberArray(rows.map(({ person }) => person)),
      numberArray(rows.map(({ room }) => room)),
      numberArray(rows.map(({ number }) => number)),
    ],
  };
}

/** Inserts rows of one table, or replaces those with the same keys. No two may have the same key. */
export function putRows(table: BodyTable, rows: readonly Put[]): Part {
  const { key, columns } = columnsIn(table);
  const arrays = columns.map((_, index) => arrayOf(rows.map(({ values }) => values[index] ?? null)));
  const names = [...columns, 'body'];
  const sources = [...arrays.map(({ type }, index) => `$${index + 1}::${type}[]`), bodiesIn(`$${columns.length + 1}`)];
  const values = [...arrays.map(({ array }) => array), joinedBodies(rows.map(({ body }) => body))];
  const selected = names.map((name) => `v.${name}`);
  if (rows[0]?.terms !== null) {
    names.push('terms');
    sources.push(bodiesIn(`$${columns.length + 2}`));
    selected.push(`coalesce(v.terms, '')::tsvector`);
    values.push(joinedBodies(rows.map(({ terms }) => terms ?? '')));
  }
  // A subscription of a session that has ended would stay for ever.
  const only = table === 'subscription' ? 'AND EXISTS (SELECT FROM session WHERE digest = v.session)' : ''; // STORE-142
  const set = names.filter((name) => !key.includes(name)).map((name) => `${name} = excluded.${name}`);
  const text = `INSERT INTO ${table} (${names.join()}) SELECT ${selected.join()}
    FROM unnest(${sources.join()}) v (${names.join()}) WHERE ${IF_FIT} ${only}
    ON CONFLICT (${key.join()}) DO UPDATE SET ${set.join()}`;
  return { name: table, text, values };
}

/** Removes the rows with these keys. */
export function dropRows(table: BodyTable, rows: readonly Drop[]): Part {
  const { key } = columnsIn(table);
  const arrays = key.map((_, index) => arrayOf(rows.map(({ values }) => values[index] ?? null)));
  const text = `DELETE FROM ${table} t
    USING unnest(${arrays.map(({ type }, index) => `$${index + 1}::${type}[]`).join()}) v (${key.join()})
    WHERE ${key.map((column) => `t.${column} = v.${column}`).join(' AND ')} AND ${IF_FIT}`;
  return { name: `drop ${table}`, text, values: arrays.map(({ array }) => array) };
}

/** The places of the tables in a batch: every batch writes them in this order, so that no two wait for each other. */
export function placeOf(table: string): number {
  return (TABLES as readonly string[]).indexOf(table);
}

/** A column's values; a column without numbers is one of texts. */
function arrayOf(values: readonly Value[]): { readonly type: 'bigint' | 'text'; readonly array: string } {
  const isText = values.every((value) => typeof value !== 'number');
  return isText
    ? { type: 'text', array: textArray(values) }
    : { type: 'bigint', array: numberArray(values as (number | null)[]) };
}
