import type { PersonId } from './ids.ts';

/** So many digits of its digest tell a picture from the others of a person. */
const DIGITS = 16;

/** Where the picture with this digest is for a person, below the media server; null stands for whichever the person has. */
export function picturePath(person: PersonId, digest: string | null): string {
  return digest === null ? `users/${person}` : `users/${person}/${digest.slice(0, DIGITS)}`; // SERVER-170 DOC-117
}
