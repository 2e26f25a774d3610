import type { IncomingMessage } from 'node:http';
import type { NewBlob } from '../../storage/blobs.ts';
import type { Claim } from './quotas.ts';

type ReceiveOptions = {
  readonly maxBytes: number;
  readonly claim: Claim;
  /** Gives the client more time. */
  readonly extend: () => void;
};

/** How much has to come in the time that a body has. */
const PIECE_BYTES = 128 * 1024;

/** Writes the body of a request to where it is stored. Of what is too large, or over the quota of the person, no more is read. */
export async function receive(
  request: IncomingMessage,
  file: Pick<NewBlob, 'write'>,
  { maxBytes, claim, extend }: ReceiveOptions,
): Promise<'received' | 'too-large' | 'over-quota' | 'gone'> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (!(await claim.more(announced))) return 'over-quota'; // SERVER-263
  let claimed = announced;
  let size = 0;
  let extended = 0;
  const pieces = request.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  for (;;) {
    const next = await pieces.next().catch(() => null);
    if (next === null) return 'gone'; // SERVER-266
    if (next.done === true) return 'received';
    const piece = next.value as Buffer;
    size += piece.length;
    if (size > maxBytes) return 'too-large'; // SERVER-262
    if (size > claimed && !(await claim.more(size - claimed))) return 'over-quota'; // SERVER-263
    claimed = Math.max(claimed, size);
    await file.write(piece);
    if (size - extended < PIECE_BYTES) continue;
    extended = size;
    extend(); // SERVER-265
  }
}
