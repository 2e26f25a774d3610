import { storedText } from '../stored-text.ts';

/** Stands between bodies: JSON never contains it, because it escapes control characters. */
const SEPARATOR = '\u001e';

/** Numbers as the text of a `bigint[]`. */
export function numberArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join()}}`;
}

/** Booleans as the text of a `boolean[]`. */
export function booleanArray(values: readonly boolean[]): string {
  return `{${values.join()}}`;
}

/** Texts as the text of a `text[]`, each as it is stored. */
export function textArray(values: readonly (string | null)[]): string {
  const quoted = values.map((value) => (value === null ? 'NULL' : `"${storedText(value).replace(/["\\]/g, '\\$&')}"`)); // STORE-183
  return `{${quoted.join()}}`;
}

/** JSON texts for `BODIES`: much cheaper than escaping each quote of a `text[]`. */
export function joinedBodies(bodies: readonly string[]): string {
  return bodies.join(SEPARATOR);
}

/** SQL for the array of bodies in this parameter. */
export function bodiesIn(parameter: string): string {
  return `string_to_array(${parameter}, E'\\x1e')`;
}
