import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { PersonId } from '../../core/model/ids.ts';
import type { Log } from '../../core/ports.ts';
import { hasTag } from '../http/etag.ts';
import { type Answer, sentence } from './answer.ts';
import { formatOf } from './format.ts';
import { generatedPicture } from './generated.ts';
import { parsePicturePath } from './paths.ts';
import { picturePath } from '../../core/model/picture.ts';
import type { Pictures } from './pictures.ts';

/** What pictures of people are made from. */
export type ShownPeople = {
  readonly pictures: Pick<Pictures, 'read'>;
  /** The digest of the picture that a person has now. */
  readonly pictureOf: (person: PersonId) => string | null;
  /** As everybody sees it; null for an id that nobody has. */
  readonly displayName: (person: PersonId) => string | null;
  /** A secret that all nodes have. */
  readonly key: string;
  readonly log: Log;
};

/** A path with digits means one picture for ever; one without means whichever the person has. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const A_MINUTE = 'public, max-age=60';

/** Answers GET and HEAD for a picture of a person. */
export async function showPicture(people: ShownPeople, request: IncomingMessage, path: string): Promise<Answer> {
  const asked = parsePicturePath(path);
  if (asked === null) return noSuchPicture(); // SERVER-191
  const { person, digits } = asked;
  const digest = people.pictureOf(person);
  const isCurrent = digest !== null && (digits === null || path === picturePath(person, digest));
  const bytes = isCurrent ? await people.pictures.read(digest) : null;
  if (isCurrent && bytes === null) people.log.warn('picture-missing', { person }); // SERVER-193
  const format = bytes && formatOf(bytes);
  if (digest !== null && bytes !== null && format !== null) {
    return fresh(request, `image/${format}`, bytes, digest, digits === null ? A_MINUTE : FOR_EVER);
  }
  if (digits !== null) return noSuchPicture(); // SERVER-191
  const drawn = generatedPicture(person, people.displayName(person), people.key);
  return fresh(request, 'image/svg+xml', drawn, hash('sha256', drawn), A_MINUTE);
}

function noSuchPicture(): Answer {
  return sentence(404, 'There is no such picture here.');
}

function fresh(
  request: IncomingMessage,
  type: string,
  body: string | Uint8Array,
  digest: string,
  caching: string,
): Answer {
  const tag = `"${digest}"`;
  const kept = { ETag: tag, 'Cache-Control': caching }; // SERVER-195
  if (hasTag(request, tag)) return { status: 304, headers: kept }; // SERVER-195
  return { status: 200, type, body, headers: kept };
}
