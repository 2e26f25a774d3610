import { standIns } from './classes.ts';
import { confusables } from './confusables.ts';
import { fold } from './fold.ts';

const STAND_INS = standIns(confusables);

const JOINERS = /[\u200C\u200D]/gu;

/** A dot that replaces the one which i and j have already; l stands for i. */
const SECOND_DOT = /(?<=[lj]\p{Mn}*)\u0307/gu;

/**
 * What names that look alike, or differ in case only, have in common: two names are the same if it is the same.
 * It is its own skeleton.
 */
export function skeletonOf(name: string): string {
  const next = withoutLooks(name); // NAME-18
  return next === name ? name : skeletonOf(next);
}

/** One round: case, looks, dots and joiners are taken off, which can bring forth what has a case or a look again. */
function withoutLooks(text: string): string {
  const folded = Array.from(text.normalize('NFD').replace(JOINERS, ''), fold).join(''); // NAME-14
  const plain = Array.from(folded, (character) => STAND_INS.get(character) ?? character).join(''); // NAME-15
  return plain.normalize('NFD').replace(SECOND_DOT, ''); // NAME-17
}
