import type { TypingEvent } from '../../core/model/events.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';

/** How long receivers are told nothing more of a room. */
const GAP_MS = 1_000;
/** Receivers forget typing that is not renewed for so long. */
const FORGOTTEN_MS = 6_000;
/** Receivers are told of at most so many people in one room. */
const MOST = 20;

/** What receivers were told of a person who types, and when they forget it. */
type Told = { readonly event: TypingEvent; readonly until: number };

/** Who types in one room, as its receivers know it. What comes too early is told later, of each person the last. */
export class RoomTyping {
  readonly #clock: Pick<Clock, 'monotonic' | 'after'>;
  readonly #tell: (events: readonly TypingEvent[]) => void;
  readonly #ended: () => void;
  readonly #told = new Map<PersonId, Told>();
  readonly #next = new Map<PersonId, TypingEvent>();
  #mayTellAt = Number.NEGATIVE_INFINITY;
  #cancel: () => void = () => {};

  /** Calls `tell` for what receivers are to be told, and `ended` when nobody has typed for some seconds. */
  constructor(
    clock: Pick<Clock, 'monotonic' | 'after'>,
    tell: (events: readonly TypingEvent[]) => void,
    ended: () => void,
  ) {
    this.#clock = clock;
    this.#tell = tell;
    this.#ended = ended;
  }

  /** The people of whom receivers were told, or will be. */
  get people(): ReadonlySet<PersonId> {
    return new Set([...this.#told.keys(), ...this.#next.keys()]);
  }

  note(event: TypingEvent): void {
    const { people } = this;
    const isNew = !people.has(event.person.id);
    if (isNew && (!event.isTyping || people.size >= MOST)) return; // CONN-144
    this.#next.set(event.person.id, event); // CONN-142
    const wait = this.#mayTellAt - this.#clock.monotonic();
    if (wait > 0) this.#wakeAfter(wait);
    else this.#tellNext(); // CONN-142
  }

  /** The person has posted, or is gone. */
  stopped(person: PersonId): void {
    const event = this.#next.get(person) ?? this.#told.get(person)?.event;
    if (event !== undefined) this.note({ ...event, isTyping: false }); // CONN-143
  }

  close(): void {
    this.#cancel();
  }

  #tellNext(): void {
    const now = this.#clock.monotonic();
    for (const [person, { until }] of this.#told) if (until <= now) this.#told.delete(person);
    const events = [...this.#next.values()].filter(({ isTyping, person }) => isTyping || this.#told.has(person.id));
    this.#next.clear();
    for (const event of events) {
      if (event.isTyping) this.#told.set(event.person.id, { event, until: now + FORGOTTEN_MS });
      else this.#told.delete(event.person.id);
    }
    this.#mayTellAt = now + GAP_MS; // CONN-142
    this.#wakeAfter(this.#told.size > 0 ? FORGOTTEN_MS : GAP_MS);
    if (events.length > 0) this.#tell(events);
  }

  #wakeAfter(ms: number): void {
    this.#cancel();
    this.#cancel = this.#clock.after(ms, () => {
      if (this.#next.size > 0) this.#tellNext();
      else this.#ended();
    });
  }
}
