import type { Result } from '../lib/result.ts';
import type { Context, PersonActor } from './decide.ts';
import type { NodeId, PersonId, RoomId, StreamId } from './ids.ts';
import type { Known } from './known.ts';
import type { Ledger } from './ledger.ts';
import type { Presence } from './presence.ts';
import type { Clock, Ids, Names, Passwords, Storage } from './ports.ts';
import type { Refusal } from './refusals.ts';
import type { States } from './states.ts';
import type { Decision, OnceFor } from './work.ts';

export type Done<T> = (result: Result<T, Refusal>) => void;

/** What the parts of the world need of the whole. */
export type Doors = {
  readonly node: NodeId;
  readonly storage: Storage;
  readonly names: Names;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  readonly presence: Presence;
  lobby(): RoomId;
  /** Somebody who is present, as one who asks. */
  actor(person: PersonId): PersonActor | undefined;
  /** Somebody who is not here, and not on the way in, need not be known any longer (WORLD-64). */
  letGo(person: PersonId): void;
  readonly known: Pick<Known, 'letGo'>;
  /** Sends a command on its way; refused when the world is stopping. */
  submit<T>(
    streams: readonly StreamId[],
    decide: (states: States, context: Context) => Decision<T>,
    done: Done<T>,
    once?: OnceFor<T>,
  ): void;
};
