import type { SessionApi } from '../../connections/session/session-api.ts';
import type { Part, ViewKey } from '../../views/view-key.ts';
import type { ChangeBlocks } from './change-blocks.ts';
import { partsOf } from './handlers.ts';
import type { Changed, Key } from './schema.ts';
import { viewKeyOf } from './view-keys.ts';

/** The most documents that one session subscribes to. */
const MOST = 2_000;
/** Changes are gathered for this time. */
const GATHER_MS = 100;

type Api = Pick<SessionApi, 'watch' | 'gather' | 'mayRead' | 'content' | 'keepDocuments' | 'dropDocuments'>;

/** `asked` by requests, or `wanted` by a notify, until the person may read it and storage knows it; then `made`. */
type Subscription = {
  readonly key: Key;
  /** The key as JSON. */
  readonly name: string;
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
  readonly #blocks: ChangeBlocks;
  readonly #send: (block: Changed) => void;
  readonly #all = new Map<string, Subscription>();
  /** What changed since the last block. */
  #changed: Changes = new Map();
  /** The block that the client has not confirmed yet. */
  #unconfirmed: { readonly id: string; readonly changes: Changes } | null = null;
  #isWaiting = false;
  #isLost = false;

  constructor(api: Api, blocks: ChangeBlocks, send: (block: Changed) => void) {
    this.#api = api;
    this.#blocks = blocks;
    this.#send = send;
  }

  /**
   * Subscribes to a document, before the client is answered about it, so that no change after the answer is missed. Null if there
   * are too many, or no such document.
   */
  add(key: Key): AskedSubscription | null {
    const subscription = this.#all.get(nameOf(key)) ?? this.#begin(key, 'asked');
    if (subscription === null) return null; // DOC-101
    if (subscription.state === 'made') return NO_SUBSCRIPTION;
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
    const ended = Array.from(this.#unconfirmed.changes.keys(), ({ name }) => name);
    this.#unconfirmed = null;
    this.#forget(ended); // DOC-106
    this.#gather();
  }

  /** The connection is lost: what the client has not confirmed is told again, and requests without an answer mean nothing. */
  lost(): void {
    this.#isLost = true;
    for (const subscription of this.#all.values()) if (subscription.state === 'asked') this.#remove(subscription);
    for (const [subscription, parts] of this.#unconfirmed?.changes ?? []) {
      const current = this.#all.get(subscription.name) ?? subscription; // Subscribed again by a request whose answer may be lost.
      for (const part of parts) this.#note(current, part); // DOC-220
    }
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

  /** The session is one of an account now, so storage keeps its subscriptions; `then` is called when they are stored. */
  keepAll(then: () => void): void {
    const made = [...this.#all.values()].filter(({ state }) => state === 'made');
    this.#api.keepDocuments(
      made.map(({ name }) => name),
      then,
    ); // DOC-221
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
    const subscription: Subscription = { key, name: nameOf(key), viewKey, state, requests: 0, end };
    this.#all.set(subscription.name, subscription);
    return subscription;
  }

  /** Makes a subscription if the person may read the document. */
  #check(subscription: Subscription, refused = () => this.#remove(subscription)): void {
    this.#api.content(subscription.viewKey, null, (result) => {
      if (result.ok) this.#make(subscription, () => {});
      else refused(); // DOC-101
    });
  }

  /** Makes a subscription, unless it has ended; `then` is called when it is stored. */
  #make(subscription: Subscription, then: () => void): void {
    if (!this.#isCurrent(subscription)) return then();
    this.#api.keepDocuments([subscription.name], () => {
      if (this.#isCurrent(subscription)) {
        subscription.state = 'made'; // DOC-100
        this.#gather();
      } else if (subscription.state !== 'made') this.#forget([subscription.name]); // It ended meanwhile.
      then();
    }); // DOC-221
  }

  #remove(subscription: Subscription): void {
    if (!this.#end(subscription)) return;
    this.#changed.delete(subscription);
    this.#unconfirmed?.changes.delete(subscription);
    if (subscription.state !== 'asked') this.#forget([subscription.name]);
  }

  /** Watches the document no more; false if that had ended before. */
  #end(subscription: Subscription): boolean {
    if (!this.#isCurrent(subscription)) return false;
    this.#all.delete(subscription.name);
    subscription.end();
    return true;
  }

  /** False if it has ended, even if the client has subscribed again. */
  #isCurrent(subscription: Subscription): boolean {
    return this.#all.get(subscription.name) === subscription;
  }

  /** Storage keeps these names no more, except those that are subscribed again. */
  #forget(names: readonly string[]): void {
    const gone = names.filter((name) => !this.#all.has(name));
    if (gone.length > 0) this.#api.dropDocuments(gone);
  }

  #note(subscription: Subscription, part: Part): void {
    const parts = this.#changed.get(subscription) ?? new Set();
    this.#changed.set(subscription, parts.add(part)); // DOC-103
  }

  #gather(): void {
    if (this.#isWaiting || this.#isLost || this.#unconfirmed !== null || this.#changed.size === 0) return; // DOC-104
    this.#isWaiting = true;
    this.#api.gather(GATHER_MS, (id) => {
      this.#isWaiting = false;
      if (!this.#isLost) this.#tell(id);
    }); // DOC-105
  }

  #tell(id: string): void {
    const changes: Changes = new Map();
    for (const [subscription, parts] of this.#changed) {
      if (!this.#isCurrent(subscription) && this.#all.has(subscription.name))
        this.#changed.delete(subscription); // DOC-103
      else if (subscription.state === 'made') changes.set(subscription, parts); // DOC-100
    }
    if (changes.size === 0) return;
    const block = this.#blocks.block(id, changes);
    this.#unconfirmed = { id, changes };
    for (const subscription of changes.keys()) {
      this.#changed.delete(subscription);
      if (!this.#api.mayRead(subscription.viewKey)) this.#end(subscription); // DOC-106
    }
    this.#send(block); // DOC-35
  }
}

function nameOf(key: Key): string {
  return JSON.stringify(key);
}
