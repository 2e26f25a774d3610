import { err } from '../../lib/result.ts';
import { decideSetRelationship, type RelationshipKind } from '../commands/set-relationship.ts';
import { type PersonId, personStream } from '../model/ids.ts';
import type { Person } from '../model/person.ts';
import type { Done, ServiceContext } from './context.ts';
import type { People } from './people.ts';

/** Contacts and blocks, which a person keeps about others and only that person sees. */
export class Relationships {
  readonly #context: ServiceContext;
  readonly #people: People;

  constructor(context: ServiceContext, people: People) {
    this.#context = context;
    this.#people = people;
  }

  /** Adds or removes a contact or a block by name; answers with the other person. */
  set(kind: RelationshipKind, person: PersonId, name: string, on: boolean, done: Done<Person>): void {
    const other = this.#people.find(name);
    if (other === undefined) return done(err({ type: this.#context.actor(person) ? 'not-found' : 'not-allowed' })); // WORLD-20 WORLD-66
    this.#set(kind, person, other, on, done);
  }

  /** The same by id. Also somebody who cannot be found any more can be removed. */
  setById(kind: RelationshipKind, person: PersonId, id: PersonId, on: boolean, done: Done<Person>): void {
    const view = this.#people.view(id);
    if (view === undefined && on) return done(err({ type: this.#context.actor(person) ? 'not-found' : 'not-allowed' })); // WORLD-66 WORLD-135
    this.#set(kind, person, { id, name: view?.name ?? '' }, on, done); // WORLD-135
  }

  #set(kind: RelationshipKind, person: PersonId, other: Person, on: boolean, done: Done<Person>): void {
    const actor = this.#context.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const account = this.#people.account(other.id) !== undefined;
    const command = { type: 'set-relationship', kind, actor, other: other.id, account, on } as const;
    this.#context.submit(
      [personStream(person)],
      this.#context.requirePresent(person, (states, input) => decideSetRelationship(states, command, input)),
      (result) => done(result.ok ? { ok: true, value: other } : result),
    );
  }
}
