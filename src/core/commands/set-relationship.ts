import { type Decision, type DecisionInput, type PersonActor, refuse, unchanged, write } from '../engine/decide.ts';
import type { PersonEntry } from '../model/entries.ts';
import { type PersonId, personStream } from '../model/ids.ts';
import type { States } from '../state/states.ts';

/** What one person keeps about another. */
export type RelationshipKind = 'contact' | 'block';

/** Adds or removes a contact or a block. */
export type SetRelationship = {
  readonly type: 'set-relationship';
  readonly kind: RelationshipKind;
  readonly actor: PersonActor;
  readonly other: PersonId;
  /** False if the other person is a guest. */
  readonly account: boolean;
  readonly on: boolean;
};

const MAX_PER_KIND = 1_000;

/** One-way: the other person is not told. Setting it again changes nothing (WORLD-65). */
export function decideSetRelationship(
  states: States,
  command: SetRelationship,
  input: DecisionInput,
): Decision<PersonId> {
  const { kind, other, on, actor } = command;
  if (actor.role === null) return refuse({ type: 'guest' }); // WORLD-66
  if (other === actor.person.id) return refuse({ type: 'yourself' }); // WORLD-66
  if (kind === 'contact' && on && !command.account) return refuse({ type: 'guest' }); // WORLD-66
  const { contacts, blocks } = states.person(actor.person.id);
  const others = kind === 'contact' ? contacts : blocks;
  if (others.has(other) === on) return unchanged(other); // WORLD-65
  if (on && others.size >= MAX_PER_KIND) return refuse({ type: 'too-many', what: `${kind}s` }); // WORLD-67
  const type = `${kind}-${on ? 'added' : 'removed'}` as const;
  const entry: PersonEntry = { type, person: actor.person.id, other, at: input.now };
  return write(personStream(actor.person.id), entry, other);
}
