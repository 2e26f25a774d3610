import type { Bound } from './connection.ts';

/** Stands in a part for the condition on which it writes. */
export const IF_FIT = '/* if fit */ true';

/** A statement that may be one part of a larger one. `name` stands for the text: equal names, equal texts. */
export type Part = Bound;

const FIRST = {
  want: `SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) w (key, expected, head)`,
  // Every transaction locks streams in this order, so no two wait for each other.
  held: `SELECT s.head, w.expected FROM want w JOIN stream s USING (key) ORDER BY s.key FOR NO KEY UPDATE OF s`, // STORE-218
  fit: `SELECT count(*) = cardinality($1::bigint[]) AND coalesce(bool_and(head = expected), true) AS ok FROM held`,
  moved: `UPDATE stream s SET head = w.head FROM want w
    WHERE s.key = w.key AND w.head <> w.expected AND ${IF_FIT}`,
};

/**
 * Makes one statement of parts: it writes them all if every stream is at the position that is expected, else nothing. Its one
 * row has `ok`. Made texts are kept, since a batch of the same kind comes again and again.
 */
export class ConditionalStatements {
  readonly #texts = new Map<string, string>();

  of(streams: readonly [keys: string, expected: string, heads: string], parts: readonly Part[]): Bound {
    const name = `if fit ${parts.map(({ name }) => name).join(' ')}`;
    let text = this.#texts.get(name);
    if (text === undefined) this.#texts.set(name, (text = textOf(parts)));
    return { name, text, values: [...streams, ...parts.flatMap(({ values }) => values)] };
  }
}

function textOf(parts: readonly Part[]): string {
  let used = 3;
  const numbered = parts.map(({ text, values }, index): [string, string] => {
    const shifted = text.replace(/\$(\d+)/g, (_, number: string) => `$${used + Number(number)}`);
    used += values.length;
    return [`part_${index}`, shifted];
  });
  const all = [...Object.entries(FIRST), ...numbered].map(([name, sql]) => {
    const conditional = sql.replaceAll(IF_FIT, '(SELECT ok FROM fit)'); // STORE-210
    return `${name} AS ${name in FIRST && name !== 'moved' ? 'MATERIALIZED ' : ''}(${conditional})`;
  });
  return `WITH ${all.join(',\n')}\nSELECT ok FROM fit`;
}
