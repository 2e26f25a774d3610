import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a missing file readable by this user only; SQLite gives the files beside it the same rights. */
export function privateFile(directory: string, name: string): string {
  const file = join(directory, name);
  closeSync(openSync(file, 'a', 0o600)); // STORE-38
  return file;
}
