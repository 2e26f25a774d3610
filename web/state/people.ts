import type { Client, User } from '../../src/protocols/documents/client.ts';
import { Live } from './live.ts';

/** So many people are kept fresh at once: more than the window of a conversation has messages. */
const MOST = 500;

/** The people whose names and pictures are shown, each watched once. */
export class People {
  readonly #client: Client;
  readonly #people = new Map<number, Live<User>>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** A person; `value` is undefined until it is loaded, and if nobody has this id any more. */
  get(id: number): Live<User> {
    const known = this.#people.get(id);
    const person = known ?? new Live(this.#client.watch({ type: 'user', id }));
    this.#people.delete(id);
    this.#people.set(id, person);
    if (this.#people.size > MOST) this.#dropOldest();
    return person;
  }

  #dropOldest(): void {
    for (const [id, person] of this.#people) {
      person.close();
      this.#people.delete(id);
      return;
    }
  }
}
