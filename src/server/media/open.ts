import { directoryStream, type PersonId } from '../../core/model/ids.ts';
import type { Clock, Log, Storage } from '../../core/ports.ts';
import type { World } from '../../core/world.ts';
import type { SessionOwner } from '../http/bearer.ts';
import type { Blobs } from '../../storage/blobs.ts';
import type { HttpHandler } from '../../transports/accept/http-upgrader.ts';
import { PictureEncoder } from './encoder.ts';
import { answerMedia } from './media.ts';
import { Pictures } from './pictures.ts';
import { sweepHourly } from './sweep.ts';
import { UploadLimits } from './upload-limits.ts';

export type MediaOptions = {
  readonly blobs: Blobs;
  readonly world: Pick<World, 'people'>;
  readonly storage: Pick<Storage, 'load'>;
  readonly sessionOwner: SessionOwner;
  /** Why nothing can be stored now; null if it can. */
  readonly problem: () => Promise<string | null>;
  readonly clock: Clock;
  /** A secret that all nodes have. */
  readonly secret: string;
  readonly log: Log;
};

/** The pictures of a server and what answers for them. */
export type Media = { readonly pictures: Pictures; readonly handler: HttpHandler; readonly close: () => void };

/** Serves the pictures that are stored there, and sweeps them. */
export function openMedia({ blobs, world, storage, sessionOwner, problem, clock, secret, log }: MediaOptions): Media {
  const { people } = world;
  const pictures = new Pictures(blobs);
  const shown = {
    pictures,
    pictureOf: (person: PersonId) => people.account(person)?.picture ?? null,
    displayName: (person: PersonId) => people.view(person)?.displayName ?? null,
    key: secret, // SERVER-324
    log,
  };
  const uploads = {
    pictures,
    encoder: new PictureEncoder({ log }),
    limits: new UploadLimits(clock),
    sessionOwner,
    isAccount: (person: PersonId) => people.account(person) !== undefined,
    problem,
    log,
  };
  const named = async () => {
    const { accounts } = await storage.load(directoryStream);
    return new Set(accounts.flatMap(({ picture }) => picture ?? []));
  };
  return { pictures, handler: answerMedia(shown, uploads), close: sweepHourly(blobs, named, clock, log) };
}
