import { type Blobs, readWhole } from '../../storage/blobs.ts';
import type { PersonId } from '../../core/model/ids.ts';
import { parsePicturePath } from './paths.ts';

/** The pictures that people uploaded, the same on all nodes. */
export class Pictures {
  readonly #blobs: Blobs;

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /** Stores a picture; resolves with its digest once it is on the disk, and rejects with the error of the system. */
  async add(bytes: Buffer): Promise<string> {
    const blob = await this.#blobs.begin();
    try {
      await blob.write(bytes);
      return await blob.keep();
    } finally {
      await blob.discard();
    }
  }

  /** The bytes of a picture; null if it is not stored. */
  read(digest: string): Promise<Buffer | null> {
    return readWhole(this.#blobs, digest);
  }

  /** The digest of the stored picture that has this path as a picture of this person; null if there is none. */
  async named(person: PersonId, path: string): Promise<string | null> {
    const asked = parsePicturePath(path);
    if (asked === null || asked.person !== person || asked.digits === null) return null;
    return this.#blobs.hold(asked.digits); // SERVER-186
  }
}
