import { fold, representatives } from './classes.ts';
import { confusables } from './confusables.ts';

const REPRESENTATIVES = representatives(confusables);

const JOINERS = /[\u200C\u200D]/gu;

/** A dot above i or j, which have one already; the skeleton of i is l. */
const SECOND_DOT = /(?<=[lj]\p{Mn}*)\u0307/gu;

/**
 * Names that look alike, or differ in case only, have the same skeleton: they are the same name. A skeleton is its own
 * skeleton.
 */
export function skeletonOf(name: string): string {
  const next = withoutLooks(name); // NAME-18
  return next === name ? name : skeletonOf(next);
}

/** One round: removes case, looks, dots and joiners. The result can have a case or a look again. */
function withoutLooks(text: string): string {
  const folded = Array.from(text.normalize('NFD').replace(JOINERS, ''), fold).join(''); // NAME-14
  const plain = Array.from(folded, (character) => REPRESENTATIVES.get(character) ?? character).join(''); // NAME-15
  return plain.normalize('NFD').replace(SECOND_DOT, ''); // NAME-17
}
