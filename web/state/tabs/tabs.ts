import { signal } from '@preact/signals';
import { randomId } from '../random-id.ts';

/** What the other tabs know of a tab. */
type Tab = {
  /** The id of the record that it uses. */
  readonly record: string | null;
  /** The id of the person who is logged in there. */
  readonly person: number | null;
  /** The room that somebody looks at there. */
  readonly room: number | null;
};

/** What the tabs of this page tell each other. */
type TabMessage =
  | { readonly type: 'who' }
  | ({ readonly type: 'here'; readonly tab: string } & Tab)
  | { readonly type: 'gone'; readonly tab: string };

/** What of a BroadcastChannel is needed. */
export type TabChannel = {
  postMessage(message: TabMessage): void;
  addEventListener(type: 'message', listener: (event: { readonly data: TabMessage }) => void): void;
};

/** How long a tab waits for the others to answer. */
const ANSWER_MS = 100;
/** A tab that has crashed says nothing any more. The browser lets the timers of hidden tabs run once a minute. */
const SILENCE_MS = 150_000;
const NOTHING: Tab = { record: null, person: null, room: null };

/** The other tabs of this page in this browser. */
export class Tabs {
  readonly id: string;
  readonly #channel: TabChannel | null;
  readonly #others = new Map<string, Tab & { readonly heardAt: number }>();
  readonly #now: () => number;
  #self = NOTHING;
  #hasLeft = false;
  /** Whether this tab is the one of its person that does what only one should do, such as showing notifications. */
  readonly isLeader = signal(false);
  /** The rooms that the person of this tab looks at, in any tab. */
  readonly watchedRooms = signal<ReadonlySet<number>>(new Set());

  constructor(channel: TabChannel | null, now: () => number = () => performance.now(), id = randomId()) {
    this.id = id;
    this.#channel = channel;
    this.#now = now;
    channel?.addEventListener('message', ({ data }) => this.#receive(data));
  }

  /** The ids of the records that other tabs use. */
  async recordsInUse(): Promise<ReadonlySet<string>> {
    this.#send({ type: 'who' });
    if (this.#channel !== null) await new Promise((resolve) => setTimeout(resolve, ANSWER_MS)); // WEB-02
    return new Set([...this.#others.values()].flatMap(({ record }) => record ?? []));
  }

  /** Tells the other tabs what has changed about this one. */
  tell(changes: Partial<Tab>): void {
    this.#self = { ...this.#self, ...changes };
    this.#sayHere();
    this.#update();
  }

  /** Says again that this tab is here, and forgets tabs that have not done so for long. To be called once a minute. */
  beat(): void {
    const oldest = this.#now() - SILENCE_MS;
    for (const [id, { heardAt }] of this.#others) if (heardAt < oldest) this.#others.delete(id); // WEB-13
    this.#sayHere();
    this.#update();
  }

  /** This tab is closed, or shows another page. */
  leave(): void {
    this.#send({ type: 'gone', tab: this.id });
    this.#hasLeft = true;
  }

  #receive(message: TabMessage): void {
    if (message.type === 'who') return this.#sayHere();
    const isNew = !this.#others.has(message.tab);
    if (message.type === 'gone') this.#others.delete(message.tab);
    else this.#others.set(message.tab, { ...message, heardAt: this.#now() });
    this.#update();
    if (isNew && message.type === 'here') this.#sayHere();
  }

  #update(): void {
    const { person, room } = this.#self;
    const same = person === null ? [] : [...this.#others].filter(([, other]) => other.person === person);
    this.isLeader.value = person !== null && same.every(([id]) => id > this.id); // WEB-13
    const rooms = [room, ...same.map(([, other]) => other.room)].filter((one) => one !== null);
    this.watchedRooms.value = new Set(rooms);
  }

  #sayHere(): void {
    this.#send({ type: 'here', tab: this.id, ...this.#self });
  }

  #send(message: TabMessage): void {
    if (!this.#hasLeft) this.#channel?.postMessage(message);
  }
}
