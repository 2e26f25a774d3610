import { err, type Result } from '../../lib/result.ts';
import type { DecisionInput, PersonActor } from '../engine/decide.ts';
import type { NodeId, PersonId, RoomId, StreamId } from '../model/ids.ts';
import type { Known } from '../engine/stream-cache.ts';
import type { CommandProcessor } from '../engine/command-processor.ts';
import type { Presence } from '../presence/presence.ts';
import type { Clock, Ids, Names, Passwords, Storage } from '../ports.ts';
import type { Refusal } from '../model/refusals.ts';
import type { States } from '../state/states.ts';
import type { Decision, OnceOnly } from '../engine/pending-command.ts';

export type Done<T> = (result: Result<T, Refusal>) => void;

/** What the parts of the world need of the whole. */
export type ServiceContext = {
  readonly node: NodeId;
  readonly storage: Storage;
  readonly names: Names;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly processor: CommandProcessor;
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
    decide: (states: States, input: DecisionInput) => Decision<T>,
    done: Done<T>,
    once?: OnceOnly<T>,
  ): void;
};

/**
 * The same decision, but refused where the person has gone before it could be made: a command may wait for its streams to
 * be read. Decided again after a conflict it stands as it was first decided (WORLD-20).
 */
export function requirePresent<T>(
  { presence }: Pick<ServiceContext, 'presence'>,
  person: PersonId,
  decide: (states: States, input: DecisionInput) => Decision<T>,
): typeof decide {
  let begun = false;
  return (states, input) => {
    if (!begun && presence.get(person) === undefined) return err({ type: 'not-allowed' }); // WORLD-20
    begun = true;
    return decide(states, input);
  };
}
