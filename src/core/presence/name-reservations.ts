import { err, ok, type Result } from '../../lib/result.ts';
import type { StreamCache } from '../engine/stream-cache.ts';
import { directoryStream, type PersonId, type RoomId } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { Clock, Names } from '../ports.ts';
import { banOn, isTaken } from '../state/directory.ts';
import { type Name, parseName } from '../text/names/parse.ts';
import type { Cluster } from './cluster.ts';
import { HeldNames } from './held-names.ts';

/** A claimed name for an account that is being made. `complete` ends the reservation, and the claim if no account was made. */
export type Reservation = { readonly name: Name; complete(made: boolean): void };

/** Decides who may have a name. Of all who ask at once, on whatever node, one gets it. */
export class NameReservations {
  readonly #held: HeldNames;
  readonly #clock: Clock;
  readonly #cache: StreamCache;
  readonly #cluster: Cluster;
  /** Skeletons of names for which an account is being made: their claims are not released meanwhile. */
  readonly #reserved = new Set<string>();

  constructor(ports: { readonly names: Names; readonly clock: Clock }, cache: StreamCache, cluster: Cluster) {
    this.#held = new HeldNames(ports.names, cluster.node, (skeleton, person) => this.#isNeeded(skeleton, person));
    this.#clock = ports.clock;
    this.#cache = cache;
    this.#cluster = cluster;
  }

  /** Claims a name for a person; a silent holder loses it to the first who asks (WORLD-24). */
  async claim(text: string, person: PersonId): Promise<Result<Name, Refusal>> {
    const name = parseName(text);
    if (!name.ok) return err({ type: 'bad-name', problem: name.error });
    const early = this.refusal(name.value);
    if (early !== null) return err(early);
    try {
      return await this.#win(name.value, person);
    } catch {
      return err({ type: 'unavailable' });
    }
  }

  /** Claims a name for a new group, as for a person; the group takes it for good when it is made. */
  async claimForRoom(name: Name, room: RoomId): Promise<Result<Name, Refusal>> {
    const { committed } = this.#cache;
    if (committed.has(directoryStream) && isTaken(committed.directory, name.skeleton))
      return err({ type: 'name-taken' }); // WORLD-10
    try {
      return await this.#win(name, room); // WORLD-101
    } catch {
      return err({ type: 'unavailable' });
    }
  }

  /** Claims a name for a new account. It stays claimed until `complete`, even if the guest leaves or is renamed (WORLD-52). */
  async reserve(text: string, person: PersonId): Promise<Result<Reservation, Refusal>> {
    const name = await this.claim(text, person);
    if (!name.ok) return name;
    const { skeleton } = name.value;
    if (this.#reserved.has(skeleton)) return err({ type: 'name-taken' }); // WORLD-51
    this.#reserved.add(skeleton);
    const complete = (made: boolean) => {
      this.#reserved.delete(skeleton);
      if (!made && this.#cluster.reported(person)?.skeleton !== skeleton) this.release(skeleton, person); // WORLD-59
    };
    return ok({ name: name.value, complete });
  }

  /** Releases a claim, unless an account is being made for the name. */
  release(skeleton: string, holder: PersonId): void {
    if (!this.#reserved.has(skeleton)) this.#held.release(skeleton, holder); // WORLD-52
  }

  /** Resolves when no name of the person is being freed. */
  released(person: PersonId): Promise<void> {
    return this.#held.released(person);
  }

  /** Frees the names that could not be freed when they should. */
  releaseAgain(): void {
    this.#held.releaseAgain();
  }

  /** Claims the names of all guests of this node again, and calls `lost` for those whose name another person has by now. */
  claimAgain(lost: (person: PersonId) => Promise<void>): Promise<void> {
    const { presence, node } = this.#cluster;
    return this.#held.claimAgain(
      presence.recordsOf(node).filter(({ account }) => !account),
      lost,
    );
  }

  /** Why a person may not have this name now. The account `owner` may have its own name. */
  refusal(name: Name, owner?: PersonId): Refusal | null {
    if (this.#cluster.isStopping) return { type: 'stopping' }; // WORLD-50
    const { committed } = this.#cache;
    if (!committed.has(directoryStream)) return { type: 'unavailable' };
    const { directory } = committed;
    const isOwner = owner !== undefined && directory.accounts.get(name.skeleton)?.person === owner;
    if (directory.accounts.has(name.skeleton) && !isOwner) return { type: 'name-registered' }; // WORLD-51 WORLD-102
    if (isTaken(directory, name.skeleton) && !isOwner) return { type: 'name-taken' }; // WORLD-22 WORLD-120
    const ban = banOn(directory, name.skeleton, this.#clock.now());
    return ban === undefined ? null : { type: 'banned', reason: ban.reason }; // WORLD-31
  }

  /** A silent holder loses the name to the first who asks. */
  async #win(name: Name, holder: PersonId): Promise<Result<Name, Refusal>> {
    const first = await this.#held.claim(name.skeleton, holder);
    if (first.won) return ok(name);
    await this.#cluster.challenges.challenge(first.person, first.node); // WORLD-24
    const second = await this.#held.claim(name.skeleton, holder);
    return second.won ? ok(name) : err({ type: 'name-taken' }); // WORLD-24
  }

  /** Whether a guest of this node has the name, or an account is being made for it. */
  #isNeeded(skeleton: string, person: PersonId): boolean {
    const record = this.#cluster.reported(person);
    return this.#reserved.has(skeleton) || (record?.skeleton === skeleton && !record.account);
  }
}
