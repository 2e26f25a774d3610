import type { IncomingMessage } from 'node:http';
import type { FileInfo } from '../../core/model/file.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Ids, Log } from '../../core/ports.ts';
import type { Files } from '../../core/services/files.ts';
import { reasonOf } from '../../lib/reason.ts';
import type { HttpVisitor } from '../../transports/accept/http-upgrader.ts';
import { type Answer, busy, sentence } from '../media/answer.ts';
import { senderOf, type SessionOwner } from '../http/bearer.ts';
import { cleanName } from './name.ts';
import type { Blobs, NewBlob } from '../../storage/blobs.ts';
import { fileAddress } from './paths.ts';
import { pictureSize } from './picture-size.ts';
import { publicOrigin } from './public-origin.ts';
import type { Claim, Quotas } from './quotas.ts';
import { receive } from './receive.ts';
import { HEAD_BYTES, typeOf } from './type.ts';
import type { UploadLimits } from './upload-limits.ts';

/** What uploads need. */
export type UploadSources = {
  readonly blobs: Pick<Blobs, 'begin'>;
  readonly files: Pick<Files, 'add'>;
  readonly quotas: Pick<Quotas, 'begin'>;
  readonly limits: UploadLimits;
  /** The most bytes of a file. */
  readonly maxBytes: number;
  readonly publicAddress: string | undefined;
  readonly sessionOwner: SessionOwner;
  readonly isAccount: (person: PersonId) => boolean;
  /** Why nothing can be stored now; null if it can. */
  readonly problem: () => Promise<string | null>;
  /** The free bytes on the disk. */
  readonly freeBytes: () => Promise<number>;
  readonly ids: Pick<Ids, 'identity'>;
  readonly log: Log;
};

/** So much of the disk is left for messages. */
const FLOOR_BYTES = 64 * 2 ** 20;
const CANNOT_STORE = 'Nothing can be stored now. Try again later.';
const FULL = sentence(507, 'The disk of this server is full.'); // SERVER-268

/** Answers a POST with a file; null if the client has gone. A file that is not answered with 201 leaves nothing. */
export async function uploadFile(
  sources: UploadSources,
  request: IncomingMessage,
  visitor: HttpVisitor,
): Promise<Answer | null> {
  const person = await senderOf(request, sources.sessionOwner);
  if (typeof person !== 'number') return person; // SERVER-261
  if (!sources.isAccount(person)) return sentence(403, 'Only accounts upload files: register first.'); // SERVER-261
  const origin = publicOrigin(sources.publicAddress, visitor.origin);
  if (origin === null) return sentence(400, 'The header Host must name this server.'); // SERVER-280
  const admitted = sources.limits.begin(person);
  if ('tooMany' in admitted) {
    if (admitted.tooMany === 'all') return busy('Too many files are being uploaded.', 503, 1); // SERVER-264
    return busy('You are uploading too many files at once.', 429, 1); // SERVER-264
  }
  const claim = sources.quotas.begin(person);
  let isStored = false;
  try {
    const refusal = await refusalToBegin(sources, request);
    const answer = refusal ?? (await store(sources, request, visitor, { person, origin, claim }));
    isStored = answer?.status === 201;
    return answer;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    sources.log.error('file-not-stored', { reason: code ?? reasonOf(error) });
    return code === 'ENOSPC' || code === 'EDQUOT' ? FULL : sentence(503, CANNOT_STORE); // SERVER-268
  } finally {
    claim.end(isStored);
    admitted.end();
  }
}

async function refusalToBegin(sources: UploadSources, request: IncomingMessage): Promise<Answer | null> {
  const { maxBytes, limits } = sources;
  if (Number(request.headers['content-length']) > maxBytes) return tooLarge(maxBytes); // SERVER-262
  if ((await sources.problem()) !== null) return sentence(503, CANNOT_STORE); // SERVER-268
  const isFull = (await sources.freeBytes()) < FLOOR_BYTES + limits.running * maxBytes;
  return isFull ? FULL : null; // SERVER-268
}

type Sender = { readonly person: PersonId; readonly origin: string; readonly claim: Claim };

async function store(
  sources: UploadSources,
  request: IncomingMessage,
  visitor: HttpVisitor,
  { person, origin, claim }: Sender,
): Promise<Answer | null> {
  const file = await sources.blobs.begin();
  try {
    const received = await receive(request, file, { maxBytes: sources.maxBytes, claim, extend: visitor.extendBody });
    if (received === 'gone') return null; // SERVER-266
    if (received === 'too-large') return tooLarge(sources.maxBytes); // SERVER-262
    if (received === 'over-quota') return sentence(403, 'Your files would take too much room: delete some first.'); // SERVER-263
    if (file.size === 0) return sentence(400, 'This file is empty.'); // SERVER-262
    const known = await describe(file, request, origin, sources.ids.identity());
    return await name(sources, person, { ...known, digest: await file.keep() });
  } finally {
    await file.discard();
  }
}

async function describe(
  file: NewBlob,
  request: IncomingMessage,
  origin: string,
  id: string,
): Promise<Omit<FileInfo, 'digest'>> {
  const readAt = (position: number, length: number) => file.readAt(position, length);
  const query = /\?(.*)$/s.exec(request.url ?? '')?.[1];
  const name = cleanName(new URLSearchParams(query).get('name') ?? ''); // SERVER-269
  const type = typeOf(await readAt(0, HEAD_BYTES));
  const size = await pictureSize(type, readAt); // SERVER-270
  return { id, address: fileAddress(id, name), origin, name, size: file.size, type, ...size };
}

/** Only now does the file exist: before, its bytes are nobody's. */
async function name(sources: UploadSources, person: PersonId, info: FileInfo): Promise<Answer> {
  const refusal = await new Promise<Refusal | null>((resolve) =>
    sources.files.add(person, info, (result) => resolve(result.ok ? null : result.error)),
  );
  if (refusal !== null) return refused(refusal);
  const { address, name, size, type, width, height } = info;
  const text = JSON.stringify({ address, name, size, type, width, height });
  return { status: 201, type: 'application/json', body: `${text}\n` }; // SERVER-260
}

function refused({ type }: Refusal): Answer {
  if (type === 'too-many') return busy('Too many of your files wait for their message. Send them first.', 429, 60); // SERVER-264
  if (type === 'guest') return sentence(403, 'Only accounts upload files: register first.'); // SERVER-261
  return sentence(503, CANNOT_STORE); // SERVER-268
}

function tooLarge(maxBytes: number): Answer {
  return sentence(413, `A file has at most ${maxBytes / 2 ** 20} MiB.`); // SERVER-262
}
