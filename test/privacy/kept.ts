import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What every file in a directory holds, one character a byte. */
export function keptIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
}

/** The ways in which a token may be written down, one character a byte. */
export function spellings(token: string): string[] {
  const hex = token.replaceAll('-', '');
  const bytes = Buffer.from(hex, 'hex');
  return [
    token,
    hex,
    bytes.toString('base64').replace(/=*$/, ''),
    bytes.toString('base64url'),
    bytes.toString('latin1'),
  ];
}
