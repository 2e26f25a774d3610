import type { Success } from '../schema.ts';
import { DocumentsError, isPassing } from './error.ts';
import { LiveSource } from './live-value.ts';
import type { Question } from './requests.ts';
import { afterAnswer, type Content, type Copied, type Page, type Target } from './target.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/** What to do after an answer: nothing, to ask again at once, or after some time that passes for this copy or for all of them. */
export type Next = { readonly type: 'wait' | 'ask' } | { readonly type: 'retry' | 'pause'; readonly ms: number };

/** The copy of one content or page, for all who watch it. */
export class Copy {
  readonly target: Target;
  readonly live = new LiveSource<Content | Page>();
  watchers = 0;
  /** Whether it must be asked for. */
  isDue = true;
  isAsked = false;
  #copied: Copied | null = null;
  /** Whether the last patch did not fit. */
  #needsWhole = false;
  #failures = 0;

  constructor(target: Target) {
    this.target = target;
  }

  /** Whether the server refuses it. */
  get isRefused(): boolean {
    return this.live.snapshot.error !== null;
  }

  /** What changed since the version of this copy? Returns the question, and what takes its answer. */
  ask(): readonly [question: Question, take: (answer: Success | DocumentsError) => Next] {
    this.isDue = false;
    this.isAsked = true;
    const since = this.#needsWhole ? null : this.#copied;
    const { cls, data } = this.target;
    const question = { cls, data: { ...data, ver: since?.version ?? null, subscribe: true } };
    return [question, (answer) => this.#take(since, answer)];
  }

  #take(since: Copied | null, answer: Success | DocumentsError): Next {
    this.isAsked = false;
    if (answer instanceof DocumentsError) return this.#failed(answer);
    const copied = afterAnswer(since, this.#copied?.value, answer);
    if (copied === null && since === null)
      return this.#failed(new DocumentsError('unreadable', 'an answer does not fit'));
    this.#needsWhole = copied === null; // DOC-185
    if (copied === null) return { type: 'ask' }; // DOC-185
    this.#failures = 0;
    this.#copied = copied;
    this.live.set({ ...copied, error: null });
    return { type: this.isDue ? 'ask' : 'wait' }; // DOC-184
  }

  #failed(error: DocumentsError): Next {
    const { code, status, retryAfterMs } = error;
    if (code === 'closed') return { type: 'wait' };
    if (code === 'unknown-outcome' || code === 'offline') return { type: 'ask' };
    if (status === 503) return { type: 'pause', ms: retryAfterMs ?? FIRST_RETRY_MS }; // DOC-189
    if (!isPassing(error)) {
      this.#copied = null;
      this.live.set({ value: undefined, version: null, error }); // DOC-188
    }
    if (status === 400) return { type: 'wait' }; // DOC-188
    if (this.isDue) return { type: 'ask' }; // DOC-184
    return { type: 'retry', ms: Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++) }; // DOC-188
  }
}
