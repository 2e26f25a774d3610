import type { Platform } from '../../../lib/platform.ts';
import type { Changed, Key } from '../schema.ts';
import { codec } from './codec.ts';
import { Copy, type Next } from './copy.ts';
import type { DocumentsError } from './error.ts';
import { LiveValue } from './live-value.ts';
import type { Requests } from './requests.ts';
import { type Content, nameOf, type Page, type Target, targetName } from './target.ts';

/** So many questions are open at once. */
const MOST_OPEN = 16;
/** So many documents are named in one message. */
const MOST_KEYS = 500;

/** The copies of all that is watched. It asks for what changed, and for nothing else. */
export class Copies {
  readonly #requests: Pick<Requests, 'ask' | 'tell' | 'isOnline'>;
  readonly #after: Platform['after'];
  readonly #copies = new Map<string, Copy>();
  /** By the name of the document. */
  readonly #byKey = new Map<string, Set<Copy>>();
  /** Those to ask for, in this order. */
  readonly #queue = new Set<Copy>();
  /** The timers of refused copies. */
  readonly #retries = new Map<Copy, () => void>();
  #open = 0;
  /** Why the client has ended; undefined before. */
  #ended: DocumentsError | null | undefined;
  /** Ends the pause, while there is one. */
  #cancelPause: (() => void) | null = null;

  constructor(requests: Pick<Requests, 'ask' | 'tell' | 'isOnline'>, after: Platform['after']) {
    this.#requests = requests;
    this.#after = after;
  }

  /** Throws a TypeError for what no server could read. */
  watch(target: Target): LiveValue<Content | Page> {
    codec.encode({ type: 'request', ...target }, null);
    const name = targetName(target);
    const copy = this.#copies.get(name) ?? this.#begin(name, target);
    copy.watchers += 1; // DOC-183
    if (this.#ended !== undefined) copy.live.finish(this.#ended); // DOC-190
    return new LiveValue(copy.live, () => this.#release(copy));
  }

  /** The server tells what changed. */
  changed({ data }: Changed): void {
    const unknown: Key[] = [];
    for (const { key, content, children } of data) {
      const copies = this.#byKey.get(nameOf(key));
      if (copies === undefined) unknown.push(key);
      for (const copy of copies ?? []) if (copy.target.cls === 'get_content' ? content : children) this.#due(copy); // DOC-184
    }
    if (unknown.length > 0) this.#revoke(unknown);
  }

  /** Asks for what is due; for everything if the session is a new one. */
  connected(isResumed: boolean): void {
    for (const copy of this.#copies.values()) if (!isResumed || copy.isDue || copy.isRefused) this.#due(copy); // DOC-187
  }

  /** The person did something after which the server may refuse less. */
  askRefused(): void {
    for (const copy of this.#copies.values()) if (copy.isRefused) this.#due(copy); // DOC-188
  }

  /** Nothing is asked for any more. */
  end(error: DocumentsError | null): void {
    this.#ended = error;
    for (const { live } of this.#copies.values()) live.finish(error);
    this.#cancelPause?.();
    for (const cancel of this.#retries.values()) cancel();
    this.#retries.clear();
    this.#queue.clear();
  }

  #begin(name: string, target: Target): Copy {
    const copy = new Copy(target);
    this.#copies.set(name, copy);
    const document = nameOf(target.data.key);
    this.#byKey.set(document, (this.#byKey.get(document) ?? new Set()).add(copy));
    this.#due(copy);
    return copy;
  }

  /** When nobody watches it any more, it is forgotten; with the last copy of a document, its subscription ends. */
  #release(copy: Copy): void {
    copy.watchers -= 1;
    if (copy.watchers > 0) return;
    const { key } = copy.target.data;
    const others = this.#byKey.get(nameOf(key));
    this.#copies.delete(targetName(copy.target));
    this.#queue.delete(copy);
    this.#cancelRetry(copy);
    others?.delete(copy);
    if (others !== undefined && others.size > 0) return;
    this.#byKey.delete(nameOf(key));
    this.#revoke([key]); // DOC-183
  }

  #revoke(keys: Key[]): void {
    if (!this.#requests.isOnline) return;
    for (let from = 0; from < keys.length; from += MOST_KEYS)
      this.#requests.tell({ type: 'notify', cls: 'revoke', data: keys.slice(from, from + MOST_KEYS) }); // DOC-183
  }

  #due(copy: Copy): void {
    copy.isDue = true;
    this.#cancelRetry(copy);
    if (copy.isAsked) return; // DOC-184
    this.#queue.add(copy);
    this.#askNext();
  }

  #askNext(): void {
    for (const copy of this.#queue) {
      if (!this.#requests.isOnline || this.#cancelPause !== null || this.#open >= MOST_OPEN) return; // DOC-189
      this.#queue.delete(copy);
      const [question, take] = copy.ask();
      this.#open += 1;
      this.#requests.ask(question, (answer) => {
        this.#open -= 1;
        const next = take(answer);
        if (copy.watchers > 0) this.#goOn(copy, next);
        this.#askNext();
      });
    }
  }

  #goOn(copy: Copy, next: Next): void {
    if (next.type === 'wait') return;
    if (next.type === 'retry') {
      this.#retries.set(
        copy,
        this.#after(next.ms, () => this.#due(copy)),
      ); // DOC-188
      return;
    }
    if (next.type === 'pause') this.#pause(next.ms);
    this.#due(copy);
  }

  #pause(ms: number): void {
    this.#cancelPause?.();
    this.#cancelPause = this.#after(ms, () => {
      this.#cancelPause = null;
      this.#askNext();
    }); // DOC-189
  }

  #cancelRetry(copy: Copy): void {
    this.#retries.get(copy)?.();
    this.#retries.delete(copy);
  }
}
