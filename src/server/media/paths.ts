import type { PersonId } from '../../core/model/ids.ts';

/** What the URLs of pictures and uploads begin with. */
export const MEDIA = '/media/';
const PERSON = /^users\/([1-9]\d{0,15})(?:\/([0-9a-f]{16}))?$/;

/** The person of such a path and the digits in it, null without any; null if the text is no such path. */
export function parsePicturePath(path: string): { readonly person: PersonId; readonly digits: string | null } | null {
  const [, person, digits = null] = PERSON.exec(path) ?? [];
  const id = Number(person);
  return Number.isSafeInteger(id) ? { person: id, digits } : null; // SERVER-191
}
