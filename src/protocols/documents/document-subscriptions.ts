import type { SessionApi } from '../../connections/session/session-api.ts';
import type { Part, ViewKey } from '../../views/view-key.ts';
import { partsOf } from './handlers.ts';
import type { Changed, Key } from './schema.ts';
import { viewKeyOf } from './view-keys.ts';

/** The most documents that one session subscribes to. */
const MOST = 2_000;
/** Changes are gathered for this time. */
const GATHER_MS = 100;

type Api = Pick<SessionApi, 'watch' | 'after' | 'mayRead' | 'content' | 'eventId' | 'keepDocument' | 'dropDocuments'>;

/** `asked` by requests, or `wanted` by a notify, until the person turned out to be allowed to read it; then `made`. */
type Subscription = {
  readonly key: Key;
  readonly viewKey: ViewKey;
  state: 'asked' | 'wanted' | 'made';
  /** The requests that ask for it and have no answer yet. */
  requests: number;
  readonly end: () => void;
};

type Changes = Map<Subscription, Set<Part>>;

/** A subscription that a request asked for: it is made if the request succeeds. */
export type AskedSubscription = {
  /** Makes it; `then` is called when it is stored. */
  make(then: () => void): void;
  cancel(): void;
};

/** For a request that asks for none, or for one that there is already. */
export const NO_SUBSCRIPTION: AskedSubscription = { make: (then) => then(), cancel: () => {} };

/** The documents that one session wants to be told of, and the blocks that tell it. */
export class DocumentSubscriptions {
  readonly #api: Api;
  readonly #send: (block: Changed) => void;
  readonly #all = new Map<string, Subscription>();
  /** What changed since the last block. */
  #changed: Changes = new Map();
  /** The block that the client has not confirmed yet. */
  #unconfirmed: { readonly id: string; readonly changes: Changes } | null = null;
  #isWaiting = false;
  #isLost = false;

  constructor(api: Api, send: (block: Changed) => void) {
    this.#api = api;
    this.#send = send;
  }

  /**
   * Subscribes to a document, before the client is answered about it, so that no change after the answer is missed. Null if there
   * are too many, or no such document.
   */
  add(key: Key): AskedSubscription | null {
    const subscription = this.#all.get(nameOf(key)) ?? this.#begin(key, 'asked');
    if (subscription === null) return null; // DOC-101
    if (subscription.state !== 'asked') return NO_SUBSCRIPTION;
    subscription.requests += 1;
    return {
      make: (then) => this.#make(subscription, then),
      cancel: () => {
        subscription.requests -= 1;
        if (subscription.state === 'asked' && subscription.requests === 0) this.#remove(subscription); // DOC-100
      },
    };
  }

  /** Subscribes to a document if the person may read it. */
  follow(key: Key): void {
    if (this.#all.has(nameOf(key))) return;
    const subscription = this.#begin(key, 'wanted');
    if (subscription !== null) this.#check(subscription); // DOC-101
  }

  remove(key: Key): void {
    const subscription = this.#all.get(nameOf(key));
    if (subscription !== undefined) this.#remove(subscription); // DOC-102
  }

  /** The client has answered the block of this id. */
  confirmed(id: string): void {
    if (id !== this.#unconfirmed?.id) return; // DOC-104
    const ended = Array.from(this.#unconfirmed.changes.keys(), ({ key }) => nameOf(key));
    this.#unconfirmed = null;
    this.#forget(ended.filter((name) => !this.#all.has(name))); // DOC-106
    this.#gather();
  }

  /** The connection is lost: what the client has not confirmed is told again, and requests without an answer mean nothing. */
  lost(): void {
    this.#isLost = true;
    for (const subscription of this.#all.values()) if (subscription.state === 'asked') this.#remove(subscription);
    for (const [subscription, parts] of this.#unconfirmed?.changes ?? [])
      for (const part of parts) this.#note(subscription, part); // DOC-220
    this.#unconfirmed = null;
  }

  /** A connection carries the session again. Of documents that only storage remembered, everything may have changed. */
  resumed(stored: readonly string[] | null): void {
    this.#isLost = false;
    for (const subscription of this.#all.values()) if (subscription.state === 'wanted') this.#check(subscription);
    for (const name of stored ?? []) {
      const key = JSON.parse(name) as Key;
      const subscription = this.#begin(key, 'wanted');
      if (subscription === null) continue;
      for (const part of partsOf(key)) this.#note(subscription, part); // DOC-221
      this.#check(subscription, () => this.#make(subscription, () => {})); // DOC-106
    }
    this.#gather();
  }

  /** The session is one of an account now, so storage keeps its subscriptions. */
  keepAll(): void {
    for (const [name, { state }] of this.#all) if (state === 'made') this.#api.keepDocument(name, () => {});
  }

  /** The person is gone, and with the person all subscriptions. */
  clear(): void {
    for (const { end } of this.#all.values()) end();
    this.#all.clear();
    this.#changed.clear();
    this.#unconfirmed = null;
    this.#isWaiting = false;
  }

  #begin(key: Key, state: 'asked' | 'wanted'): Subscription | null {
    const viewKey = viewKeyOf(key);
    if (viewKey === null || this.#all.size >= MOST) return null; // DOC-101
    const end = this.#api.watch(viewKey, (part) => {
      this.#note(subscription, part);
      this.#gather();
    });
    const subscription: Subscription = { key, viewKey, state, requests: 0, end };
    this.#all.set(nameOf(key), subscription);
    return subscription;
  }

  /** Makes a subscription if the person may read the document. */
  #check(subscription: Subscription, refused = () => this.#remove(subscription)): void {
    this.#api.content(subscription.viewKey, null, (result) => {
      if (result.ok) this.#make(subscription, () => {});
      else refused(); // DOC-101
    });
  }

  #make(subscription: Subscription, then: () => void): void {
    const { key } = subscription;
    if (this.#all.get(nameOf(key)) !== subscription) return then();
    subscription.state = 'made';
    this.#gather();
    this.#api.keepDocument(nameOf(key), then); // DOC-221
  }

  #remove(subscription: Subscription): void {
    if (!this.#end(subscription)) return;
    this.#changed.delete(subscription);
    this.#unconfirmed?.changes.delete(subscription);
    if (subscription.state !== 'asked') this.#forget([nameOf(subscription.key)]);
  }

  /** Watches the document no more; false if that had ended before. */
  #end(subscription: Subscription): boolean {
    if (!this.#isCurrent(subscription)) return false;
    this.#all.delete(nameOf(subscription.key));
    subscription.end();
    return true;
  }

  /** False if it has ended, even if the client has subscribed again. */
  #isCurrent(subscription: Subscription): boolean {
    return this.#all.get(nameOf(subscription.key)) === subscription;
  }

  #forget(names: readonly string[]): void {
    if (names.length > 0) this.#api.dropDocuments(names);
  }

  #note(subscription: Subscription, part: Part): void {
    const parts = this.#changed.get(subscription) ?? new Set();
    this.#changed.set(subscription, parts.add(part)); // DOC-103
  }

  #gather(): void {
    if (this.#isWaiting || this.#isLost || this.#unconfirmed !== null || this.#changed.size === 0) return; // DOC-104
    this.#isWaiting = true;
    this.#api.after(GATHER_MS, () => {
      this.#isWaiting = false;
      if (!this.#isLost) this.#tell();
    }); // DOC-105
  }

  #tell(): void {
    for (const old of this.#changed.keys())
      if (!this.#isCurrent(old) && this.#all.has(nameOf(old.key))) this.#changed.delete(old); // DOC-103
    const changes: Changes = new Map([...this.#changed].filter(([{ state }]) => state === 'made')); // DOC-100
    if (changes.size === 0) return;
    for (const subscription of changes.keys()) this.#changed.delete(subscription);
    const data = Array.from(changes, ([{ key }, parts]) => {
      return { key, content: parts.has('content'), children: parts.has('children') };
    });
    const id = this.#api.eventId();
    this.#unconfirmed = { id, changes };
    for (const subscription of changes.keys()) if (!this.#api.mayRead(subscription.viewKey)) this.#end(subscription); // DOC-106
    this.#send({ type: 'request', id, cls: 'changed', data }); // DOC-35
  }
}

function nameOf(key: Key): string {
  return JSON.stringify(key);
}
