import { isDeepStrictEqual } from 'node:util';

/** Only a failing test waits so long, however busy the machine is. */
const TIMEOUT_MS = 60_000;

export const LOBBY: Conversation = { type: 'group', name: 'lobby' };
export const DIRECT: Conversation = { type: 'direct' };

/** When a message was sent: the client's own time, or `now`, the server's, which no test knows to the millisecond. */
export type Timestamp = number | 'now';

export type Font = { readonly family: string; readonly color: string; readonly style: string };

/** One thing that the server showed a client, in words of no protocol. */
export type Observation =
  | {
      readonly kind: 'message';
      readonly conversation: Conversation;
      readonly author: string;
      readonly text: string;
      /** Null where the protocol shows none, like the next two. */
      readonly id: string | null;
      readonly time: Timestamp | null;
      readonly font: Font | null;
    }
  | { readonly kind: 'entered'; readonly name: string }
  /** A text from the server to this client alone that answers no request. */
  | { readonly kind: 'server-message'; readonly text: string }
  | { readonly kind: 'renamed'; readonly before: string; readonly name: string }
  | { readonly kind: 'left'; readonly name: string; readonly reason: string }
  | {
      readonly kind: 'person';
      readonly name: string;
      readonly displayName: string;
      readonly status: string;
      readonly isContact: boolean | null;
      readonly guest: boolean;
    }
  | {
      readonly kind: 'group';
      readonly name: string;
      readonly displayName: string;
      readonly members: readonly string[];
      readonly member: boolean | null;
    };

/** `to` is given where a client is shown what its own person sent to that person. */
export type Conversation =
  | { readonly type: 'group'; readonly name: string }
  | { readonly type: 'direct'; readonly to?: string };

/** The fields of an observation that a test checks. */
export type Pattern = {
  readonly [K in Observation['kind']]: { kind: K } & Partial<Extract<Observation, { kind: K }>>;
}[Observation['kind']];

export type MessagePattern = Extract<Pattern, { kind: 'message' }>;

/** Takes milliseconds since 1970. A time within a minute of now counts as the server's. */
export function timestampOf(ms: number): Timestamp {
  return Math.abs(Date.now() - ms) < 60_000 ? 'now' : ms;
}

/** What one client was shown, in order. */
export class Observations {
  readonly #owner: string;
  readonly #all: Observation[] = [];
  #checks: (() => void)[] = [];
  #error: Error | null = null;
  #ask: (() => Promise<void>) | null = null;

  constructor(owner: string) {
    this.#owner = owner;
  }

  get all(): readonly Observation[] {
    return this.#all;
  }

  add(observation: Observation): void {
    this.#all.push(observation);
    for (const check of this.#checks) check();
  }

  /** Asks by this, again and again, while a test waits: for a protocol that shows only what its clients ask for. */
  askWhileWaiting(ask: () => Promise<void>): void {
    this.#ask = ask;
  }

  /** A frame came that cannot be read: every `waitFor` rejects with this error. */
  fail(error: Error): void {
    this.#error ??= error;
    for (const check of this.#checks) check();
  }

  /** Resolves with the first match, now or when it comes; rejects after a minute and lists what was shown instead. */
  async waitFor<P extends Pattern>(pattern: P): Promise<Extract<Observation, { kind: P['kind'] }>> {
    await this.waitUntil(() => this.filter(pattern).length > 0, pattern);
    return this.filter(pattern)[0] as Extract<Observation, { kind: P['kind'] }>;
  }

  filter(pattern: Pattern): readonly Observation[] {
    return this.#all.filter((observation) => matches(observation, pattern));
  }

  messagesWith(text: string): readonly Extract<Observation, { kind: 'message' }>[] {
    return this.#all.filter((one) => one.kind === 'message').filter((message) => message.text.includes(text));
  }

  /** Resolves when `isSo` is true, now or after an observation; rejects after a minute, naming the pattern that is missing. */
  waitUntil(isSo: () => boolean, pattern: Pattern): Promise<void> {
    return this.#ask === null ? this.#waitUntil(isSo, pattern) : this.#askUntil(isSo, pattern, this.#ask);
  }

  async #askUntil(isSo: () => boolean, pattern: Pattern, ask: () => Promise<void>): Promise<void> {
    const end = performance.now() + TIMEOUT_MS;
    while (this.#error !== null || !isSo()) {
      if (this.#error !== null) throw this.#error;
      if (performance.now() > end) throw this.#missing(pattern);
      await ask();
    }
  }

  #missing(pattern: Pattern): Error {
    const shown = this.#all.map((observation) => `\n  ${JSON.stringify(observation)}`).join('');
    return new Error(`${this.#owner} was not shown ${JSON.stringify(pattern)}, but:${shown || ' nothing'}`);
  }

  #waitUntil(isSo: () => boolean, pattern: Pattern): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#checks = this.#checks.filter((other) => other !== check);
      };
      const check = () => {
        if (this.#error === null && !isSo()) return;
        end();
        if (this.#error === null) resolve();
        else reject(this.#error);
      };
      const timer = setTimeout(() => {
        end();
        reject(this.#missing(pattern));
      }, TIMEOUT_MS).unref();
      this.#checks.push(check);
      check();
    });
  }
}

export function matches(observation: Observation | undefined, pattern: Pattern): boolean {
  const shown: { readonly [field: string]: unknown } = { ...observation };
  return Object.entries(pattern).every(([field, value]) => isDeepStrictEqual(shown[field], value));
}

/** Whether these match these patterns one by one, with nothing missing and nothing more. */
export function matchesAll(observations: readonly Observation[], patterns: readonly Pattern[]): boolean {
  return (
    observations.length === patterns.length && patterns.every((pattern, index) => matches(observations[index], pattern))
  );
}
