import { isDeepStrictEqual } from 'node:util';

/** Only a test that fails waits so long, however busy the machine is. */
const PATIENCE_MS = 60_000;

/** When something was said: the client's own time, or the server's, which no test knows to the millisecond. */
export type Moment = number | 'now';

/** How a text is to look, to protocols that show it. */
export type Font = { readonly family: string; readonly color: string; readonly style: string };

/** What a client was shown, in words that belong to no protocol. */
export type Sighting =
  | {
      readonly kind: 'message';
      readonly place: Spot;
      readonly author: string;
      readonly text: string;
      /** Null where the protocol shows none, like the next two. */
      readonly id: string | null;
      readonly time: Moment | null;
      readonly font: Font | null;
    }
  | { readonly kind: 'entered'; readonly name: string }
  /** What the server says to this client alone, unasked. */
  | { readonly kind: 'told'; readonly text: string }
  | { readonly kind: 'renamed'; readonly before: string; readonly name: string }
  | { readonly kind: 'gone'; readonly name: string; readonly how: string }
  | {
      readonly kind: 'person';
      readonly name: string;
      readonly displayName: string;
      readonly status: string;
      readonly friend: boolean | null;
      readonly guest: boolean;
    }
  | {
      readonly kind: 'group';
      readonly name: string;
      readonly displayName: string;
      readonly members: readonly string[];
      readonly member: boolean | null;
    };

/** Where something was said; `to` stands where a client is shown what its own person said to somebody. */
export type Spot =
  | { readonly type: 'group'; readonly name: string }
  | { readonly type: 'direct'; readonly to?: string };

/** What a sighting must be: every field that is given, and nothing about the others. */
export type Pattern = {
  readonly [K in Sighting['kind']]: { kind: K } & Partial<Extract<Sighting, { kind: K }>>;
}[Sighting['kind']];

export type MessagePattern = Extract<Pattern, { kind: 'message' }>;

/** Milliseconds since 1970; what is within a minute of now counts as the server's time. */
export function momentOf(ms: number): Moment {
  return Math.abs(Date.now() - ms) < 60_000 ? 'now' : ms;
}

/** All that one client was shown, in order. */
export class Sightings {
  readonly #whose: string;
  readonly #all: Sighting[] = [];
  #looks: (() => void)[] = [];
  #fault: Error | null = null;

  constructor(whose: string) {
    this.#whose = whose;
  }

  add(sighting: Sighting): void {
    this.#all.push(sighting);
    for (const look of this.#looks) look();
  }

  /** Something came that this protocol does not know: whoever waits for anything gets this error. */
  fail(fault: Error): void {
    this.#fault ??= fault;
    for (const look of this.#looks) look();
  }

  get all(): readonly Sighting[] {
    return this.#all;
  }

  /** Resolves with the first that fits, now or when it comes; rejects after a minute with all that was seen instead. */
  async see<P extends Pattern>(pattern: P): Promise<Extract<Sighting, { kind: P['kind'] }>> {
    await this.#until(() => this.find(pattern).length > 0, pattern);
    return this.find(pattern)[0] as Extract<Sighting, { kind: P['kind'] }>;
  }

  /** Those that fit, so far. */
  find(pattern: Pattern): readonly Sighting[] {
    return this.#all.filter((sighting) => fits(sighting, pattern));
  }

  /** Every sighting of a message whose text has this in it, so far. */
  messagesWith(text: string): readonly Extract<Sighting, { kind: 'message' }>[] {
    return this.#all.filter((sighting) => sighting.kind === 'message').filter((message) => message.text.includes(text));
  }

  #until(isSo: () => boolean, pattern: Pattern): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#looks = this.#looks.filter((other) => other !== look);
      };
      const look = () => {
        if (this.#fault === null && !isSo()) return;
        end();
        if (this.#fault === null) resolve();
        else reject(this.#fault);
      };
      const timer = setTimeout(() => {
        end();
        const seen = this.#all.map((sighting) => `\n  ${JSON.stringify(sighting)}`).join('');
        reject(new Error(`${this.#whose} waited in vain for ${JSON.stringify(pattern)} and saw:${seen || ' nothing'}`));
      }, PATIENCE_MS).unref();
      this.#looks.push(look);
      look();
    });
  }
}

/** Whether all that the pattern names is so. */
export function fits(sighting: Sighting | undefined, pattern: Pattern): boolean {
  const seen: { readonly [field: string]: unknown } = { ...sighting };
  return Object.entries(pattern).every(([field, value]) => isDeepStrictEqual(seen[field], value));
}
