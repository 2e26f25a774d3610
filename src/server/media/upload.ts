import type { IncomingMessage } from 'node:http';
import type { PersonId } from '../../core/model/ids.ts';
import type { Log } from '../../core/ports.ts';
import { type Answer, busy, sentence } from './answer.ts';
import { senderOf, type SessionOwner } from '../http/bearer.ts';
import { readBody } from './body.ts';
import type { Encoding, PictureEncoder } from './encoder.ts';
import { formatOf } from './format.ts';
import { picturePath } from '../../core/model/picture.ts';
import type { Pictures } from './pictures.ts';
import type { UploadLimits } from './upload-limits.ts';

/** What uploads need. */
export type UploadSources = {
  readonly pictures: Pick<Pictures, 'add'>;
  readonly encoder: Pick<PictureEncoder, 'encode'>;
  readonly limits: UploadLimits;
  readonly sessionOwner: SessionOwner;
  readonly isAccount: (person: PersonId) => boolean;
  /** Why nothing can be stored now; null if it can. */
  readonly problem: () => Promise<string | null>;
  readonly log: Log;
};

const MAX_BYTES = 2 * 2 ** 20;
const CANNOT_STORE = 'Nothing can be stored now. Try again later.';

const REFUSED: { readonly [T in Exclude<Encoding['type'], 'encoded'>]: Answer } = {
  damaged: sentence(400, 'This picture is damaged.'), // SERVER-175
  'too-many-pixels': sentence(413, 'This picture has more than 16 megapixels. Make it smaller.'), // SERVER-177
  busy: busy('Too many pictures are being uploaded. Try again in a moment.', 503, 1), // SERVER-178
  unavailable: sentence(503, 'This server cannot take pictures now.'), // SERVER-180
};

/** Answers a POST with a picture; null if the client has gone. Never reads more than a picture may have. */
export async function uploadPicture(sources: UploadSources, request: IncomingMessage): Promise<Answer | null> {
  const person = await senderOf(request, sources.sessionOwner);
  if (typeof person !== 'number') return person; // SERVER-171
  if (!sources.isAccount(person)) return sentence(403, 'Only accounts have pictures: register first.'); // SERVER-172
  const admitted = sources.limits.begin(person);
  if ('tooMany' in admitted) {
    const { tooMany, retrySeconds } = admitted;
    if (tooMany === 'all') return busy('Too many pictures are being uploaded.', 503, retrySeconds); // SERVER-178
    return busy('You have uploaded too many pictures.', 429, retrySeconds); // SERVER-178
  }
  try {
    return await storePicture(sources, request, person);
  } finally {
    admitted.end();
  }
}

async function storePicture(
  sources: UploadSources,
  request: IncomingMessage,
  person: PersonId,
): Promise<Answer | null> {
  const body = await readBody(request, MAX_BYTES);
  if (body === 'gone') return null;
  if (body === 'too-large') return sentence(413, 'A picture has at most 2 MiB.'); // SERVER-173
  if (formatOf(body) === null) return sentence(415, 'A picture is a PNG, JPEG, WebP or GIF file.'); // SERVER-174
  if ((await sources.problem()) !== null) return sentence(503, CANNOT_STORE); // SERVER-181
  const encoding = await sources.encoder.encode(body);
  if (encoding.type !== 'encoded') return REFUSED[encoding.type];
  try {
    const digest = await sources.pictures.add(encoding.bytes);
    const text = JSON.stringify({ picture: picturePath(person, digest) });
    return { status: 201, type: 'application/json', body: `${text}\n` }; // SERVER-170
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    sources.log.error('picture-not-stored', { reason: code ?? String(error) });
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    return isFull ? sentence(507, 'The disk of this server is full.') : sentence(503, CANNOT_STORE); // SERVER-182
  }
}
