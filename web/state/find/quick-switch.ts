import { computed, signal } from '@preact/signals';
import type { PersonEntry, RoomEntry } from '../../../src/protocols/documents/client.ts';
import { quickMatches } from '../../model/quick-match.ts';
import { directWith } from '../direct.ts';
import type { ChatSession } from '../session.ts';

/** Where one can go to. */
export type Destination =
  | { readonly type: 'room'; readonly entry: RoomEntry }
  | { readonly type: 'person'; readonly person: PersonEntry };

/** People are looked for when nothing was typed for so long. */
const PAUSE_MS = 150;
const MOST = 12;

/** The rooms and people that fit what is typed, those that one was in last first. */
export class QuickSwitch {
  readonly #session: ChatSession;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #text = signal('');
  readonly #found = signal<readonly PersonEntry[]>([]);
  /** The destination that Enter goes to. */
  readonly chosen = signal(0);
  /** Why one could not go there. */
  readonly problem = signal<Error | null>(null);

  readonly destinations = computed((): readonly Destination[] => {
    const rooms = this.#session.rooms.value.value?.entries ?? [];
    const known = new Set(rooms.flatMap((room) => (room.direct ? room.members.map(({ key }) => key.id) : [])));
    const favourites = this.#session.favourites.value.value?.entries ?? [];
    const others = new Map([...favourites, ...this.#found.value].map((person) => [person.key.id, person]));
    const all: Destination[] = [
      ...rooms.map((entry) => ({ type: 'room', entry }) as const),
      ...Array.from(others.values(), (person) => ({ type: 'person', person }) as const),
    ];
    const isOther = (one: Destination) =>
      one.type === 'room' || (!known.has(one.person.key.id) && one.person.key.id !== this.#session.selfKey.id);
    return quickMatches(this.#text.value, all.filter(isOther), namesOf).slice(0, MOST);
  });

  constructor(session: ChatSession) {
    this.#session = session;
  }

  typed(text: string): void {
    this.#text.value = text;
    this.chosen.value = 0;
    this.problem.value = null;
    clearTimeout(this.#timer);
    if (text.trim() === '') this.#found.value = [];
    else this.#timer = setTimeout(() => void this.#findPeople(text), PAUSE_MS);
  }

  /** Moves the choice, round the ends. */
  move(step: 1 | -1): void {
    const { length } = this.destinations.value;
    if (length > 0) this.chosen.value = (this.chosen.value + step + length) % length;
  }

  /** The room of a destination, which begins with a person if there is none; null if that failed. */
  async roomOf(destination: Destination | undefined): Promise<number | null> {
    if (destination === undefined) return null;
    if (destination.type === 'room') return destination.entry.key.id;
    try {
      return await directWith(this.#session, destination.person.key.id); // WEB-136
    } catch (error) {
      this.problem.value = error as Error;
      return null;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #findPeople(text: string): Promise<void> {
    try {
      const { users } = await this.#session.client.search(text, { types: ['user'], size: MOST });
      if (this.#text.peek() === text) this.#found.value = users;
    } catch {
      // What cannot be searched for, or not now, only finds nobody more.
    }
  }
}

function namesOf(destination: Destination): readonly string[] {
  if (destination.type === 'person') return [destination.person.display_name];
  const { name, groupname } = destination.entry;
  return groupname === undefined ? [name] : [name, groupname];
}
