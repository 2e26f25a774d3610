import { statfs } from 'node:fs/promises';
import type { PersonId } from '../../core/model/ids.ts';
import type { Clock, Ids, Log, Storage } from '../../core/ports.ts';
import type { World } from '../../core/world.ts';
import type { HttpHandler } from '../../transports/accept/http-upgrader.ts';
import type { Config } from '../config/schema.ts';
import type { SessionOwner } from '../http/bearer.ts';
import { FileStore } from './file-store.ts';
import { answerFiles } from './files.ts';
import { Quotas } from './quotas.ts';
import { sweepFiles } from './sweep.ts';
import { UploadLimits } from './upload-limits.ts';

const MEBIBYTE = 2 ** 20;

export type FilesOptions = {
  readonly config: Pick<Config, 'data' | 'files' | 'public_address'>;
  readonly world: Pick<World, 'people' | 'files'>;
  readonly storage: Pick<Storage, 'file' | 'fileBytes' | 'uploadsBefore' | 'namedDigests'>;
  readonly sessionOwner: SessionOwner;
  /** Why nothing can be stored now; null if it can. */
  readonly problem: () => Promise<string | null>;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'identity'>;
  readonly log: Log;
};

/** What answers for the files of a server, and ends their sweeping. */
export type OpenFiles = { readonly handler: HttpHandler; readonly close: () => void };

/** Opens the files in a data directory; throws if they cannot be read. */
export function openFiles({ config, world, storage, sessionOwner, problem, clock, ids, log }: FilesOptions): OpenFiles {
  const { data, files, public_address: publicAddress } = config;
  const { people } = world;
  const store = new FileStore(data, clock);
  const uploads = {
    store,
    files: world.files,
    quotas: new Quotas(storage, files.person_mebibytes * MEBIBYTE),
    limits: new UploadLimits(),
    maxBytes: files.max_mebibytes * MEBIBYTE,
    publicAddress,
    sessionOwner,
    isAccount: (person: PersonId) => people.account(person) !== undefined,
    problem,
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(data);
      return bavail * bsize;
    },
    ids,
    log,
  };
  const handler = answerFiles({ storage, store, log }, uploads);
  return { handler, close: sweepFiles({ files: world.files, storage, store, clock, log }) };
}
