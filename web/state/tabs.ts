import { signal } from '@preact/signals';
import { randomId } from './random-id.ts';

/** What the tabs of this page tell each other. `record` is the id of the record that a tab uses. */
type TabMessage =
  | { readonly type: 'who' }
  | { readonly type: 'here'; readonly tab: string; readonly record: string | null; readonly isWatching: boolean }
  | { readonly type: 'gone'; readonly tab: string }
  | { readonly type: 'logged-out'; readonly name: string };

type Tab = { readonly record: string | null; readonly isWatching: boolean };

/** How long a tab waits for the others to answer. */
const ANSWER_MS = 100;

/** The other tabs of this page in this browser. */
export class Tabs {
  readonly #id = randomId();
  readonly #channel: BroadcastChannel | null;
  readonly #others = new Map<string, Tab>();
  readonly #loggedOut: (name: string) => void;
  #self: Tab = { record: null, isWatching: false };
  /** Whether this tab is the one that does what only one should do, such as showing notifications. */
  readonly isLeader = signal(true);
  /** Whether somebody looks at one of the other tabs. */
  readonly isWatchedElsewhere = signal(false);

  /** `loggedOut` is called with a name when that person has logged out in another tab. */
  constructor(loggedOut: (name: string) => void) {
    this.#loggedOut = loggedOut;
    this.#channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('parlance.tabs');
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => this.#receive(data));
    addEventListener('pagehide', () => this.#send({ type: 'gone', tab: this.#id }));
    addEventListener('pageshow', ({ persisted }) => persisted && this.#sayHere());
  }

  /** The ids of the records that other tabs use. */
  async recordsInUse(): Promise<ReadonlySet<string>> {
    this.#send({ type: 'who' });
    if (this.#channel !== null) await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    return new Set([...this.#others.values()].flatMap(({ record }) => record ?? []));
  }

  /** Tells the other tabs what has changed about this one. */
  tell(changes: Partial<Tab>): void {
    this.#self = { ...this.#self, ...changes };
    this.#sayHere();
  }

  /** Tells the other tabs that this person has logged out. */
  tellLoggedOut(name: string): void {
    this.#send({ type: 'logged-out', name });
  }

  #receive(message: TabMessage): void {
    if (message.type === 'logged-out') return this.#loggedOut(message.name);
    if (message.type === 'who') return this.#sayHere();
    const isNew = !this.#others.has(message.tab);
    if (message.type === 'gone') this.#others.delete(message.tab);
    else this.#others.set(message.tab, message);
    this.isLeader.value = [...this.#others.keys()].every((other) => other > this.#id);
    this.isWatchedElsewhere.value = [...this.#others.values()].some(({ isWatching }) => isWatching);
    if (isNew && message.type === 'here') this.#sayHere();
  }

  #sayHere(): void {
    this.#send({ type: 'here', tab: this.#id, ...this.#self });
  }

  #send(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }
}
