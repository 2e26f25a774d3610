import type { NodeId, PersonId } from '../model/ids.ts';
import type { Claim, Names } from '../ports.ts';

/** How many names are claimed again at once. */
const AT_ONCE = 64;

type Holder = { readonly person: PersonId; readonly skeleton: string };

/** The names that this node claimed for its people. */
export class HeldNames {
  readonly #names: Names;
  readonly #node: NodeId;
  readonly #isNeeded: (skeleton: string, person: PersonId) => boolean;
  /** Releases that are under way. A later claim of the same name waits for them, lest they free what it won. */
  readonly #releasing = new Map<string, { readonly person: PersonId; readonly done: Promise<void> }>();
  /** Releases that failed. */
  readonly #unreleased = new Map<string, PersonId>();

  /** `isNeeded` says whether a person of this node still has a name, or it is kept for one. */
  constructor(names: Names, node: NodeId, isNeeded: (skeleton: string, person: PersonId) => boolean) {
    this.#names = names;
    this.#node = node;
    this.#isNeeded = isNeeded;
  }

  /** Rejects when the service is unavailable, or this node has no lease. */
  async claim(skeleton: string, person: PersonId): Promise<Claim> {
    await this.#releasing.get(skeleton)?.done; // WORLD-287
    return this.#names.claim(skeleton, person, this.#node);
  }

  /** Frees a name; if the service is unavailable, by `releaseAgain`. */
  release(skeleton: string, person: PersonId): void {
    this.#unreleased.delete(skeleton);
    const done = this.#names
      .release(skeleton, person)
      .catch(() => void this.#unreleased.set(skeleton, person)) // WORLD-287
      .finally(() => {
        if (this.#releasing.get(skeleton)?.done === done) this.#releasing.delete(skeleton);
      });
    this.#releasing.set(skeleton, { person, done });
  }

  /** Resolves when no name of the person is being freed. */
  async released(person: PersonId): Promise<void> {
    const own = [...this.#releasing.values()].filter((releasing) => releasing.person === person);
    await Promise.all(own.map(({ done }) => done));
  }

  /** Frees the names that could not be freed before and that nobody has taken up again. */
  releaseAgain(): void {
    for (const [skeleton, person] of this.#unreleased) {
      this.#unreleased.delete(skeleton);
      if (!this.#isNeeded(skeleton, person)) this.release(skeleton, person); // WORLD-287
    }
  }

  /** Claims the names of these people again and calls `lost` for those whose name another person has by now. */
  async claimAgain(holders: readonly Holder[], lost: (person: PersonId) => Promise<void>): Promise<void> {
    for (let index = 0; index < holders.length; index += AT_ONCE)
      await Promise.all(holders.slice(index, index + AT_ONCE).map((holder) => this.#claimAgain(holder, lost)));
  }

  async #claimAgain({ person, skeleton }: Holder, lost: (person: PersonId) => Promise<void>): Promise<void> {
    if (!this.#isNeeded(skeleton, person)) return;
    const { won } = await this.claim(skeleton, person);
    const isNeeded = this.#isNeeded(skeleton, person);
    if (won && !isNeeded) this.release(skeleton, person);
    if (!won && isNeeded) await lost(person); // WORLD-43
  }
}
