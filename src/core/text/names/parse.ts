import { err, ok, type Result } from '../../../lib/result.ts';
import { hasOneDirection } from './bidi.ts';
import { isInContext } from './context.ts';
import { isIdentifier, mapWidth } from './precis.ts';
import { skeletonOf } from './skeleton.ts';

/** Why a name is refused (NAME rules). */
export type NameProblem = 'empty' | 'too-long' | 'reserved' | 'character' | 'direction' | 'context';

/** A name of a person or a room: as it is shown, and the skeleton by which it is compared. */
export type Name = { readonly spelling: string; readonly skeleton: string };

const MAX_CODE_POINTS = 32;

/** NFC makes one code point of at most four, each of at most two code units. */
const MAX_CODE_UNITS = MAX_CODE_POINTS * 4 * 2;

/** Characters that separate or mark names in some protocol. */
const SEPARATOR = /[;,[\]/~]/;

const RESERVED: ReadonlySet<string> = new Set(['lobby', 'server', 'system', 'admin'].map(skeletonOf));

/** Whether a name may have this character somewhere. */
export function isNameCharacter(character: string): boolean {
  return isIdentifier(character) && !SEPARATOR.test(character); // NAME-04 NAME-12
}

/** Reads a name, or returns the first rule that the text breaks: RFC 8265, UsernameCaseMapped, and what the NAME rules add. */
export function parseName(text: string): Result<Name, NameProblem> {
  if (text === '') return err('empty'); // NAME-01
  if (text.length > MAX_CODE_UNITS) return err('too-long'); // NAME-02
  const spelling = mapWidth(text).normalize('NFC'); // NAME-03
  if ([...spelling].length > MAX_CODE_POINTS) return err('too-long'); // NAME-01
  if (!isIdentifier(spelling)) return err('character'); // NAME-04
  if (SEPARATOR.test(spelling)) return err('character'); // NAME-12
  const caseMapped = spelling.toLowerCase();
  if (!isInContext(caseMapped)) return err('context'); // NAME-07
  if (!hasOneDirection(caseMapped)) return err('direction'); // NAME-10
  const skeleton = skeletonOf(spelling);
  if (RESERVED.has(skeleton)) return err('reserved'); // NAME-13
  return ok({ spelling, skeleton });
}
