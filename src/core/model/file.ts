import type { PersonId, RoomId } from './ids.ts';

/** What is known of a file. Its bytes, and what its address means, are not the world's business. */
export type FileInfo = {
  /** Finds the file: 128 random bits as text. */
  readonly id: string;
  /** Where people get it: a path, and what stands before the path on this server. */
  readonly address: string;
  readonly origin: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly type: string;
  /** In pixels, of a picture. */
  readonly width?: number;
  readonly height?: number;
  /** The SHA-256 of the bytes, in 64 lower-case hex digits. */
  readonly digest: string;
};

/** A file that no message names yet; `position` is that of its entry in the person's stream, `at` ms since 1970. */
export type Upload = FileInfo & { readonly person: PersonId; readonly position: number; readonly at: number };

/** A file that a message names. */
export type FileRow = FileInfo & { readonly person: PersonId; readonly room: RoomId; readonly number: number };

/** What a message carries of an uploaded file. */
export function infoOf({ person: _person, position: _position, at: _at, ...info }: Upload): FileInfo {
  return info;
}

/** The text of a message with a file, for clients that know no files: the last line says where it is. */
export function textWithFile(text: string, { name, origin, address }: FileInfo): string {
  if (text.endsWith(`${origin}${address}`)) return text; // WORLD-244
  return `${text === '' ? '' : `${text}\n`}${name}: ${origin}${address}`; // WORLD-242
}
