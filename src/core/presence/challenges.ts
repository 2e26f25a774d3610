import type { NodeMessage } from '../model/bus-message.ts';
import type { NodeId, PersonId } from '../model/ids.ts';
import type { Departure } from '../model/person.ts';
import type { Bus, Clock } from '../ports.ts';
import type { Presence } from './presence.ts';

const CHALLENGE_MS = 3_000;
const ANSWER_MS = 4_000;

/** The people on this node, who can be asked for a sign of life and removed. */
export interface Challenged {
  /** Asks the connections of a person for a sign of life; `alive` may be called once. */
  probe(person: PersonId, alive: () => void): void;
  /** Resolves when no name of a person is being freed. */
  released(person: PersonId): Promise<void>;
  /** Ends all sessions of a person; `ended` is called when that is published. */
  remove(person: PersonId, departure: Departure, ended: () => void): void;
}

export type ChallengeMessage = Extract<NodeMessage, { type: 'challenge' | 'answer' | 'kick' }>;

/** Asks people of any node for a sign of life, and removes them, wherever they are. */
export class Challenges {
  readonly #node: NodeId;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #presence: Presence;
  readonly #people: () => Challenged;
  /** Callers of `challenge` that wait for an answer from another node. */
  readonly #waiting = new Map<PersonId, ((alive: boolean) => void)[]>();

  constructor(
    node: NodeId,
    { bus, clock }: { readonly bus: Bus; readonly clock: Clock },
    presence: Presence,
    people: () => Challenged,
  ) {
    this.#node = node;
    this.#bus = bus;
    this.#clock = clock;
    this.#presence = presence;
    this.#people = people;
  }

  /**
   * Asks the holder of a name for a sign of life; without one the holder loses it. Resolves when that is decided, and a name that is
   * being freed is free. A lost question counts as a sign of life (WORLD-25).
   */
  async challenge(person: PersonId, node: NodeId): Promise<boolean> {
    const isKnown = this.#presence.get(person) !== undefined;
    if (node === this.#node) return isKnown ? this.#probe(person) : true; // WORLD-25
    if (!isKnown && this.#presence.versionOf(node) === 0) return true; // Nothing was ever heard of that node.
    this.#bus.publish(`node/${node}`, { type: 'challenge', node: this.#node, person });
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ANSWER_MS, () => resolve(true)); // WORLD-25
      const waiting = this.#waiting.get(person) ?? [];
      this.#waiting.set(person, waiting);
      waiting.push((alive) => {
        cancel();
        resolve(alive);
      });
    });
  }

  /** Ends the person's sessions on every node. */
  async kick(person: PersonId, reason: string): Promise<void> {
    for (const node of this.#presence.nodesOf(person)) {
      if (node === this.#node) await this.remove(person, { type: 'removed', reason });
      else this.#bus.publish(`node/${node}`, { type: 'kick', node: this.#node, person, reason });
    }
  }

  receive(message: ChallengeMessage): void {
    const { person } = message;
    switch (message.type) {
      case 'challenge':
        return void this.#answer(person, message.node);
      case 'answer':
        for (const answer of this.#waiting.get(person) ?? []) answer(message.alive);
        this.#waiting.delete(person);
        return;
      case 'kick':
        if (this.#isHere(person)) void this.remove(person, { type: 'removed', reason: message.reason });
    }
  }

  /** Ends all sessions of a person on this node; resolves when that is published. */
  remove(person: PersonId, departure: Departure): Promise<void> {
    return new Promise((ended) => this.#people().remove(person, departure, ended));
  }

  async #answer(person: PersonId, to: NodeId): Promise<void> {
    await this.#people().released(person); // SERVER-300
    const alive = this.#isHere(person) && (await this.#probe(person));
    this.#bus.publish(`node/${to}`, { type: 'answer', node: this.#node, person, alive });
  }

  /** Asks a person of this node; after 3 s of silence the person is removed (WORLD-24). */
  async #probe(person: PersonId): Promise<boolean> {
    const alive = await new Promise<boolean>((resolve) => {
      const cancel = this.#clock.after(CHALLENGE_MS, () => resolve(false)); // WORLD-24
      this.#people().probe(person, () => {
        cancel();
        resolve(true);
      });
    });
    if (!alive) await this.remove(person, { type: 'lost' });
    return alive;
  }

  #isHere(person: PersonId): boolean {
    return this.#presence.reportedBy(this.#node, person) !== null;
  }
}
