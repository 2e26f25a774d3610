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
  #current: T;
  #number = 1;

  /** `dropped` is called when the budget takes the view. */
  constructor(identity: string, content: T, budget: Budget, dropped: () => void) {
    this.#identity = identity;
    this.#budget = budget;
    this.#dropped = dropped;
    this.#current = Object.freeze(content);
    this.#versions.set(1, this.#current);
    budget.set(this, bytesOf(content));
  }

  /** Answers with the content as it is now. */
  answer(content: T, since: Version | null): ViewAnswer<T> {
    const before = since?.identity === this.#identity ? this.#versions.get(since.number) : undefined;
    this.#refresh(content);
    const version = { identity: this.#identity, number: this.#number };
    const after = this.#current;
    if (before === undefined) return { type: 'whole', version, value: after }; // VIEW-08
    return before === after ? { type: 'same', version } : { type: 'changed', version, before, after }; // VIEW-07
  }

  forget(number: number): void {
    this.#versions.delete(number);
  }

  drop(): void {
    this.#dropped();
  }

  #refresh(content: T): void {
    if (sameJson(content, this.#current)) return this.#budget.used(this); // VIEW-06
    const before = this.#current;
    this.#current = Object.freeze(content);
    this.#number++;
    this.#versions.set(this.#number, this.#current);
    this.#budget.superseded(this, this.#number - 1, bytesOf(before));
    this.#budget.set(this, bytesOf(content));
  }
}
