import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import type { BlobKind, Blobs } from '../../storage/blobs.ts';
import type { Adapters } from '../adapters/adapters.ts';
import type { Config } from '../config/schema.ts';
import { DirectoryBlobs } from './directory.ts';

/**
 * Finds where files and pictures are: in the directory that is configured, else beside what several nodes store, else in the data
 * directory. Throws a sentence for the operator if that cannot be used.
 */
export function openBlobs(
  { data, files }: Pick<Config, 'data' | 'files'>,
  beside: Adapters['blobs'],
  clock: Clock,
): (kind: BlobKind) => Blobs {
  const { directory } = files;
  if (directory !== undefined) {
    insist(directory); // SERVER-322
    return (kind) => new DirectoryBlobs(join(directory, kind), clock); // SERVER-322
  }
  if (beside !== null) return beside; // SERVER-323
  return (kind) => {
    const own = new DirectoryBlobs(join(data, kind), clock); // SERVER-183 SERVER-267
    own.removeUnfinished(); // SERVER-184 SERVER-266
    return own;
  };
}

function insist(directory: string): void {
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(`the directory for files cannot be used (${reasonOf(error)})`, { cause: error });
  }
}
