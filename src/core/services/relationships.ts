import { err } from '../../lib/result.ts';
import { decideSetRelationship, type RelationshipKind } from '../commands/set-relationship.ts';
import type { Done, ServiceContext } from './context.ts';
import type { Person } from '../model/person.ts';
import { type PersonId, personStream } from '../model/ids.ts';
import type { People } from './people.ts';

/** Contacts and blocks: what a person keeps about others, and nobody else is told. */
export class Relationships {
  readonly #context: ServiceContext;
  readonly #people: People;

  constructor(context: ServiceContext, people: People) {
    this.#context = context;
    this.#people = people;
  }

  /** Adds or removes one by name; answers with whom it is about. */
  set(kind: RelationshipKind, person: PersonId, name: string, on: boolean, done: Done<Person>): void {
    const actor = this.#context.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const other = this.#people.find(name);
    if (other === undefined) return done(err({ type: 'not-found' })); // WORLD-66
    const account = this.#people.account(other.id) !== undefined;
    const command = { type: 'set-tie', kind, actor, other: other.id, account, on } as const;
    this.#context.submit(
      [personStream(person)],
      this.#context.requirePresent(person, (states, input) => decideSetRelationship(states, command, input)),
      (result) => done(result.ok ? { ok: true, value: other } : result),
    );
  }
}
