import type { PersonId } from '../../core/model/ids.ts';
import type { Clock, Ids, Log, Storage } from '../../core/ports.ts';
import type { World } from '../../core/world.ts';
import type { Blobs } from '../../storage/blobs.ts';
import type { HttpHandler } from '../../transports/accept/http-upgrader.ts';
import type { Config } from '../config/schema.ts';
import type { SessionOwner } from '../http/bearer.ts';
import { answerFiles } from './files.ts';
import { Quotas } from './quotas.ts';
import { sweepFiles } from './sweep.ts';
import { UploadLimits } from './upload-limits.ts';

const MEBIBYTE = 2 ** 20;

export type FilesOptions = {
  readonly config: Pick<Config, 'files' | 'public_address'>;
  readonly blobs: Blobs;
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

/** Serves the files whose bytes are stored there, and sweeps them. */
export function openFiles({
  config,
  blobs,
  world,
  storage,
  sessionOwner,
  problem,
  clock,
  ids,
  log,
}: FilesOptions): OpenFiles {
  const { files, public_address: publicAddress } = config;
  const { people } = world;
  const uploads = {
    blobs,
    files: world.files,
    quotas: new Quotas(storage, files.person_mebibytes * MEBIBYTE),
    limits: new UploadLimits(),
    maxBytes: files.max_mebibytes * MEBIBYTE,
    publicAddress,
    sessionOwner,
    isAccount: (person: PersonId) => people.account(person) !== undefined,
    problem,
    freeBytes: () => blobs.freeBytes(),
    ids,
    log,
  };
  const handler = answerFiles({ storage, blobs, log }, uploads);
  return { handler, close: sweepFiles({ files: world.files, storage, blobs, clock, log }) };
}
