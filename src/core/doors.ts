import { err, type Result } from '../lib/result.ts';
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

/**
 * The same decision, but refused where the person has gone before it could be made: a command may wait for its streams to
 * be read. Decided again after a conflict it stands as it was first decided (WORLD-20).
 */
export function whileHere<T>(
  { presence }: Pick<Doors, 'presence'>,
  person: PersonId,
  decide: (states: States, context: Context) => Decision<T>,
): typeof decide {
  let begun = false;
  return (states, context) => {
    if (!begun && presence.get(person) === undefined) return err({ type: 'not-allowed' }); // WORLD-20
    begun = true;
    return decide(states, context);
  };
}
