import { err } from '../lib/result.ts';
import { decideSetTie, type TieKind } from './commands/tie.ts';
import { type Doors, type Done, whileHere } from './doors.ts';
import type { Person } from './events.ts';
import { type PersonId, personStream } from './ids.ts';
import type { People } from './people.ts';

/** Contacts and blocks: what a person keeps about others, and nobody else is told. */
export class Ties {
  readonly #doors: Doors;
  readonly #people: People;

  constructor(doors: Doors, people: People) {
    this.#doors = doors;
    this.#people = people;
  }

  /** Adds or removes one by name; answers with whom it is about. */
  set(kind: TieKind, person: PersonId, name: string, on: boolean, done: Done<Person>): void {
    const actor = this.#doors.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const other = this.#people.find(name);
    if (other === undefined) return done(err({ type: 'not-found' })); // WORLD-66
    const account = this.#people.account(other.id) !== undefined;
    const command = { type: 'set-tie', kind, actor, other: other.id, account, on } as const;
    this.#doors.submit(
      [personStream(person)],
      whileHere(this.#doors, person, (states, context) => decideSetTie(states, command, context)),
      (result) => done(result.ok ? { ok: true, value: other } : result),
    );
  }
}
