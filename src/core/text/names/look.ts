import { skeletonOf } from './skeleton.ts';

/** Characters that cannot be seen and are no white space. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800\uFFFC\u{1D159}]/gu;

/** The skeleton of the name that a line, such as a display name, can be taken for. */
export function lookOf(line: string): string {
  return skeletonOf(line.replace(INVISIBLE, '').normalize('NFKC').trim()); // NAME-19
}
