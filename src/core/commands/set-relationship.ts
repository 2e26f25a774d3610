import type { PersonEntry } from '../model/entries.ts';
import { type Decision, type DecisionInput, type PersonActor, refuse, unchanged, write } from '../engine/decide.ts';
import { type PersonId, personStream } from '../model/ids.ts';
import type { PersonState } from '../state/person.ts';
import type { States } from '../state/states.ts';

/** What one person can keep about another. */
export type RelationshipKind = 'contact' | 'block';

/** Adds a contact or a block, or takes it away again. */
export type SetRelationship = {
  readonly type: 'set-tie';
  readonly kind: RelationshipKind;
  readonly actor: PersonActor;
  readonly other: PersonId;
  /** False where the other is a guest. */
  readonly account: boolean;
  readonly on: boolean;
};

const MAX_TIES = 1_000;

/** One-way, and the other is not told; what is so already is no fault (WORLD-65). */
export function decideSetRelationship(
  states: States,
  command: SetRelationship,
  input: DecisionInput,
): Decision<PersonId> {
  const { kind, other, on, actor } = command;
  if (actor.role === null) return refuse({ type: 'guest' }); // WORLD-66
  if (other === actor.person.id) return refuse({ type: 'yourself' }); // WORLD-66
  if (kind === 'contact' && on && !command.account) return refuse({ type: 'guest' }); // WORLD-66
  const relationships = tiesOf(states.person(actor.person.id), kind);
  if (relationships.has(other) === on) return unchanged(other); // WORLD-65
  if (on && relationships.size >= MAX_TIES)
    return refuse({ type: 'too-many', what: kind === 'block' ? 'blocks' : 'contacts' }); // WORLD-67
  const type = `${kind}-${on ? 'added' : 'removed'}` as const;
  const entry: PersonEntry = { type, person: actor.person.id, other, at: input.now };
  return write(personStream(actor.person.id), entry, other);
}

function tiesOf(person: PersonState, kind: RelationshipKind): ReadonlySet<PersonId> {
  return kind === 'contact' ? person.contacts : person.blocks;
}
