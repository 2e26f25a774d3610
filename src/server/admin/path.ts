import { join } from 'node:path';
import { err, ok, type Result } from '../../lib/result.ts';

/** The shortest limit of all systems that Parlance runs on; some of them silently cut longer paths. */
const MAX_PATH_BYTES = 103;

/** The path of a data directory's admin socket; an error if it is too long. */
export function adminPath(dataDirectory: string): Result<string, string> {
  const path = join(dataDirectory, 'admin.sock');
  const bytes = Buffer.byteLength(path);
  if (bytes <= MAX_PATH_BYTES) return ok(path); // SERVER-64
  const room = MAX_PATH_BYTES - (bytes - Buffer.byteLength(dataDirectory));
  return err(
    `the path of the data directory is too long for the socket in it: ${dataDirectory} has ${Buffer.byteLength(dataDirectory)} bytes, at most ${room} are possible`,
  );
}
