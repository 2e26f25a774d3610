import type { Platform } from '../../../lib/platform.ts';
import type { ErrorAnswer } from '../schema.ts';
import { retryAfterOf } from './error.ts';
import type { Requests } from './requests.ts';

const PAUSE_MS = 1_000;

/** Tells the server that blocks of changes were read: only then it sends the next one. */
export class Confirmations {
  readonly #requests: Pick<Requests, 'tell'>;
  readonly #after: Platform['after'];
  #cancel: () => void = () => {};

  constructor(requests: Pick<Requests, 'tell'>, after: Platform['after']) {
    this.#requests = requests;
    this.#after = after;
  }

  confirm(id: string): void {
    this.#requests.tell({ type: 'result', id, cls: 'changed', status: 200 }); // DOC-184
  }

  /** The server was too busy to take it: it comes again later. */
  refused(answer: ErrorAnswer): void {
    const { id, cls } = answer;
    if (id === undefined || cls !== 'changed') return;
    this.#cancel();
    this.#cancel = this.#after(retryAfterOf(answer) ?? PAUSE_MS, () => this.confirm(id)); // DOC-189
  }

  /** The connection is lost: the server sends the block again on the next one. */
  lost(): void {
    this.#cancel();
  }
}
