import type { Observations } from '../observations.ts';
import type { Copies } from './documents-copies.ts';

export type UserKey = { readonly type: 'user'; readonly id: number };
/** Who wrote a message: the name at that time. */
export type Sender = { readonly key: UserKey; readonly name: string };
type Person = {
  readonly username: string;
  readonly display_name: string;
  readonly presence: string;
  readonly connected: boolean;
  readonly status: string | null;
  readonly guest: boolean;
};
type Member = { readonly key: UserKey; readonly display_name: string; readonly connected: boolean };

/** The people of the lobby, as a client shows them. */
export class DocumentsPeople {
  readonly #self: UserKey;
  readonly #copies: Copies;
  readonly #observed: Observations;
  /** By id, as they were. Who is no longer there stays, for the name. */
  readonly #shown = new Map<number, Person>();
  #members: readonly Member[] = [];
  #isFirst = true;

  constructor(self: UserKey, copies: Copies, observed: Observations) {
    this.#self = self;
    this.#copies = copies;
    this.#observed = observed;
  }

  /** Asks for the people of a room, and observes who came, left or changed since the last look. */
  async look(room: number): Promise<void> {
    this.#members = await this.#copies.children<Member>({ type: 'members', id: room }, 'asc_pres_first');
    const present = this.#members.filter(({ connected }) => connected);
    const contents = await Promise.all(present.map(({ key }) => this.#copies.content<Person>(key)));
    const now = new Map(present.map(({ key }, index) => [key.id, contents[index] ?? null]));
    for (const id of new Set([...this.#shown.keys(), ...now.keys()])) this.#meet(id, now.get(id) ?? null);
    this.#isFirst = false;
  }

  /** Which of these people are present. */
  present(names: readonly string[]): readonly string[] {
    const present = [...this.#shown.values()].filter(({ connected }) => connected).map(({ username }) => username);
    return names.filter((name) => present.includes(name));
  }

  /** The member of the lobby with this name, who may be away; null if there is none. */
  async find(name: string): Promise<{ readonly key: UserKey; readonly person: Person } | null> {
    for (const { key } of this.#members) {
      const person = await this.#copies.content<Person>(key);
      if (person?.username === name) return { key, person };
    }
    return null;
  }

  /** The present name of a person; `name~` for somebody who is gone and whose name another person has by now. */
  async nameOf({ key, name }: Sender): Promise<string> {
    const person = await this.#copies.content<Person>(key);
    if (person !== null) return person.username;
    return this.present([name]).length > 0 ? `${name}~` : name;
  }

  #meet(id: number, now: Person | null): void {
    const before = this.#shown.get(id);
    const [was, is] = [before?.connected === true, now?.connected === true];
    if (now !== null) this.#shown.set(id, { ...now });
    else if (before !== undefined) this.#shown.set(id, { ...before, connected: false });
    if (this.#isFirst || id === this.#self.id) return;
    if (before !== undefined && was && !is)
      return this.#observed.add({ kind: 'left', name: before.username, reason: '' });
    if (now === null || !is) return;
    const { username: name, display_name: displayName, guest } = now;
    if (before === undefined || !was) return this.#observed.add({ kind: 'entered', name });
    if (before.username !== name) this.#observed.add({ kind: 'renamed', before: before.username, name });
    const status = statusOf(now);
    if (before.display_name !== displayName || statusOf(before) !== status)
      this.#observed.add({ kind: 'person', name, displayName, status, isContact: null, guest });
  }
}

const WORDS: { readonly [presence: string]: string } = {
  online: 'Available',
  away: 'Away',
  busy: 'Busy',
  offline: 'Offline',
};

/** The text that people set, else the word for their presence that the other protocols have. */
export function statusOf({ status, presence }: Pick<Person, 'status' | 'presence'>): string {
  return status ?? WORDS[presence] ?? presence;
}
