import { type Signal, signal } from '@preact/signals';
import { type BrowserStorage, onChangeElsewhere } from './browser-storage.ts';

/** What a person has chosen in this browser. */
export type Choices = {
  readonly theme: 'system' | 'light' | 'dark';
  /** `system`: the first language of the browser that there is. */
  readonly language: 'system' | 'en' | 'de';
  /** Which key sends a message; the other one breaks the line. */
  readonly sendKey: 'enter' | 'control-enter';
  /** Whether messages are shown in the fonts of their authors. */
  readonly fonts: boolean;
  /** `mentions`: only of direct messages and of those that name the person. */
  readonly notifications: 'off' | 'mentions' | 'all';
  /** The rooms that never notify. */
  readonly mutedRooms: readonly number[];
  /** The parts of the list of rooms that are folded up. */
  readonly closedSections: readonly string[];
  /** Rooms that were marked unread, with the number of the first message that is to be unread. */
  readonly unreadFrom: { readonly [room: number]: number };
};

const DEFAULTS: Choices = {
  theme: 'system',
  language: 'system',
  sendKey: 'enter',
  fonts: true,
  notifications: 'off',
  mutedRooms: [],
  closedSections: [],
  unreadFrom: {},
};
const KEY = 'choices';

/** The choices, shared by all tabs of this browser. */
export class Preferences {
  readonly #storage: BrowserStorage;
  readonly #choices: Signal<Choices>;

  constructor(storage: BrowserStorage) {
    this.#storage = storage;
    this.#choices = signal(this.#read());
    onChangeElsewhere((key) => {
      if (key === KEY) this.#choices.value = this.#read();
    });
  }

  get value(): Choices {
    return this.#choices.value;
  }

  set(changes: Partial<Choices>): void {
    this.#choices.value = { ...this.#choices.value, ...changes };
    this.#storage.set(KEY, this.#choices.value);
  }

  #read(): Choices {
    const kept = this.#storage.get(KEY);
    if (typeof kept !== 'object' || kept === null) return DEFAULTS;
    const known = Object.entries(kept).filter(
      ([name, value]) => name in DEFAULTS && typeof value === typeof DEFAULTS[name as keyof Choices],
    );
    return { ...DEFAULTS, ...Object.fromEntries(known) };
  }
}
