import type { PersonId } from '../../core/model/ids.ts';

/** What the URLs of pictures and uploads begin with. */
export const MEDIA = '/media/';
/** So many digits of its digest tell a picture from the others of a person. */
const DIGITS = 16;
const PERSON = /^users\/([1-9]\d{0,15})(?:\/([0-9a-f]{16}))?$/;

/** Where the picture with this digest is for a person, below the media server; null stands for whichever the person has. */
export function picturePath(person: PersonId, digest: string | null): string {
  return digest === null ? `users/${person}` : `users/${person}/${digest.slice(0, DIGITS)}`; // SERVER-170
}

/** The person of such a path and the digits in it, null without any; null if the text is no such path. */
export function parsePicturePath(path: string): { readonly person: PersonId; readonly digits: string | null } | null {
  const [, person, digits = null] = PERSON.exec(path) ?? [];
  const id = Number(person);
  return Number.isSafeInteger(id) ? { person: id, digits } : null; // SERVER-191
}
