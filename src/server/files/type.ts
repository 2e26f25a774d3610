import { formatOf } from '../media/format.ts';

/** So many bytes tell the type of a file. */
export const HEAD_BYTES = 64;

/** What is neither a picture nor sound or video that browsers show: it is only ever saved. */
export const UNKNOWN_TYPE = 'application/octet-stream';

/** What files of other types begin with; `.` is any byte. */
const STARTS: readonly (readonly [type: string, start: RegExp])[] = [
  ['audio/mpeg', /^(?:ID3[\x02-\x04]|\xff[\xfa\xfb\xf2\xf3])/],
  ['audio/ogg', /^OggS.{24}(?:OpusHead|\x01vorbis|\x7fFLAC)/s],
  ['audio/wav', /^RIFF.{4}WAVE/s],
  ['audio/flac', /^fLaC/],
  ['audio/mp4', /^.{4}ftypM4[AB] /s],
  ['video/mp4', /^.{4}ftyp(?:isom|iso[2-6]|mp4[12]|avc1|M4V |dash|MSNV)/s],
  ['video/webm', /^\x1a\x45\xdf\xa3.{0,40}\x42\x82.webm/s],
];

/** The type of a file by its first bytes. Its name does not matter. */
export function typeOf(head: Uint8Array): string {
  const picture = formatOf(head);
  if (picture !== null) return `image/${picture}`; // SERVER-270
  const start = Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1');
  return STARTS.find(([, pattern]) => pattern.test(start))?.[0] ?? UNKNOWN_TYPE; // SERVER-270
}
