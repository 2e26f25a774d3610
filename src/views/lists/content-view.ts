import { sameJson } from '../../lib/same-json.ts';
import type { Version, ViewAnswer } from '../answer.ts';
import type { Budget, Budgeted } from './budget.ts';
import { bytesOf } from './bytes-of.ts';

/** One content with its versions. A version is made when somebody asks and the content has changed. */
export class ContentView<T extends object> implements Budgeted {
  readonly #identity: string;
  readonly #budget: Budget;
  readonly #dropped: () => void;
  readonly #versions = new Map<number, T>();
  #number = 0;
  #isDropped = false;

  /** `dropped` is called when the budget takes the view. */
  constructor(identity: string, budget: Budget, dropped: () => void) {
    this.#identity = identity;
    this.#budget = budget;
    this.#dropped = dropped;
  }

  /** Answers with the content as it is now. */
  answer(content: T, since: Version | null): ViewAnswer<T> {
    const before = since?.identity === this.#identity ? this.#versions.get(since.number) : undefined;
    const after = this.#refresh(content);
    const version = { identity: this.#identity, number: this.#number };
    if (before === undefined) return { type: 'whole', version, value: after }; // VIEW-08
    return before === after ? { type: 'same', version } : { type: 'changed', version, before, after }; // VIEW-07
  }

  forget(number: number): void {
    this.#versions.delete(number);
  }

  drop(): void {
    this.#isDropped = true;
    this.#dropped();
  }

  /** The view is used no more. */
  close(): void {
    this.#isDropped = true;
    this.#budget.remove(this);
  }

  /** Makes a version of the content if it changed; returns the current one. */
  #refresh(content: T): T {
    const before = this.#versions.get(this.#number);
    if (before !== undefined && sameJson(content, before)) {
      this.#budget.used(this); // VIEW-06
      return before;
    }
    this.#number++;
    this.#versions.set(this.#number, Object.freeze(content));
    if (this.#isDropped) return content;
    if (before !== undefined) this.#budget.superseded(this, this.#number - 1, bytesOf(before));
    this.#budget.set(this, bytesOf(content));
    return content;
  }
}
