import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a frame in every way in which it can be read: as it is, JSON unescaped, bytes as UTF-8, base64 decoded. */
export function readable(frame: string): string {
  const bodies = [...frame.matchAll(/"body":"([A-Za-z0-9+/=]*)"/g)].map(([, body = '']) =>
    Buffer.from(body, 'base64').toString('utf8'),
  );
  const decoded = frame.startsWith('{') ? stringsIn(frame) : [Buffer.from(frame, 'latin1').toString('utf8')];
  return [frame, ...decoded, ...bodies].join('\n');
}

function stringsIn(json: string): string[] {
  const strings: string[] = [];
  JSON.parse(json, (_name, value: unknown) => {
    if (typeof value === 'string') strings.push(value);
    return value;
  });
  return strings;
}

/** The content of every file in a directory, one character (latin1) a byte. */
export function readFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
}

/** The forms in which a token may be written, one character (latin1) a byte. */
export function encodingsOf(token: string): string[] {
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
