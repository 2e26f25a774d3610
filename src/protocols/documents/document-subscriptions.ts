import type { SessionApi } from '../../connections/session/session-api.ts';
import type { Part } from '../../views/view-key.ts';
import type { Changed, Key } from './schema.ts';
import { viewKeyOf } from './view-keys.ts';

/** The most documents that one session subscribes to. */
const MOST = 2_000;
/** Changes are gathered for this time. */
const GATHER_MS = 100;

type Api = Pick<SessionApi, 'watch' | 'after' | 'mayRead' | 'content' | 'eventId'>;
type Subscription = { readonly key: Key; readonly changed: Set<Part>; readonly end: () => void };

/** The documents that one session wants to be told of, and the blocks that tell it. */
export class DocumentSubscriptions {
  readonly #api: Api;
  readonly #send: (block: Changed) => void;
  readonly #all = new Map<string, Subscription>();
  /** Those that changed since the last block. */
  #changed = new Set<Subscription>();
  /** The id of the block that the client has not confirmed yet. */
  #unconfirmed: string | null = null;
  #isWaiting = false;

  constructor(api: Api, send: (block: Changed) => void) {
    this.#api = api;
    this.#send = send;
  }

  /**
   * Subscribes to a document, before the client is answered about it, so that no change after the answer is missed. Returns
   * what ends that again if the answer is a refusal; null if there are too many, or no such document.
   */
  add(key: Key): (() => void) | null {
    const name = JSON.stringify(key);
    if (this.#all.has(name)) return () => {};
    const viewKey = viewKeyOf(key);
    if (viewKey === null || this.#all.size >= MOST) return null; // DOC-101
    const end = this.#api.watch(viewKey, (part) => this.#noteChange(subscription, part));
    const subscription: Subscription = { key, changed: new Set(), end };
    this.#all.set(name, subscription);
    return () => this.remove(key);
  }

  /** Subscribes to a document if the person may read it. */
  follow(key: Key): void {
    const viewKey = viewKeyOf(key);
    const cancel = this.add(key);
    if (cancel === null || viewKey === null) return; // DOC-101
    this.#api.content(viewKey, null, (result) => {
      if (!result.ok) cancel(); // DOC-101
    });
  }

  remove(key: Key): void {
    const name = JSON.stringify(key);
    const subscription = this.#all.get(name);
    if (subscription === undefined) return;
    this.#all.delete(name);
    this.#changed.delete(subscription); // DOC-102
    subscription.end();
  }

  /** The client has answered the block of this id. */
  confirmed(id: string): void {
    if (id !== this.#unconfirmed) return; // DOC-104
    this.#unconfirmed = null;
    if (this.#changed.size > 0) this.#gather();
  }

  /** The person is gone, and with the person all subscriptions. */
  clear(): void {
    for (const { key } of this.#all.values()) this.remove(key);
    this.#unconfirmed = null;
  }

  #noteChange(subscription: Subscription, part: Part): void {
    subscription.changed.add(part); // DOC-103
    this.#changed.add(subscription);
    this.#gather();
  }

  #gather(): void {
    if (this.#isWaiting || this.#unconfirmed !== null) return; // DOC-104
    this.#isWaiting = true;
    this.#api.after(GATHER_MS, () => {
      this.#isWaiting = false;
      this.#tell();
    }); // DOC-105
  }

  #tell(): void {
    const changed = [...this.#changed];
    this.#changed = new Set();
    if (changed.length === 0) return;
    const data = changed.map(({ key, changed: parts }) => {
      return { key, content: parts.has('content'), children: parts.has('children') };
    });
    for (const { key, changed: parts } of changed) {
      parts.clear();
      const viewKey = viewKeyOf(key);
      if (viewKey === null || !this.#api.mayRead(viewKey)) this.remove(key); // DOC-106
    }
    const id = this.#api.eventId();
    this.#unconfirmed = id;
    this.#send({ type: 'request', id, cls: 'changed', data }); // DOC-35
  }
}
