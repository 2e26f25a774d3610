import { err, ok, type Result } from '../../lib/result.ts';
import { banOn, isTaken } from '../state/directory.ts';
import type { PresenceRecord } from '../model/bus-message.ts';
import { directoryStream, type NodeId, type PersonId } from '../model/ids.ts';
import type { CommandProcessor } from '../engine/command-processor.ts';
import { type Name, parseName } from '../text/names/parse.ts';
import type { Clock, Names } from '../ports.ts';
import type { Refusal } from '../model/refusals.ts';

/** What claims need of the world around them. */
export type ReservationsHost = {
  readonly node: NodeId;
  readonly processor: CommandProcessor;
  readonly names: Names;
  readonly clock: Clock;
  /** Asks the connections of whoever holds a name for a sign of life; true unless they are known to be silent. */
  challenge(person: PersonId, node: NodeId): Promise<boolean>;
  /** What this node says of a person now. */
  reported(person: PersonId): PresenceRecord | null;
  stopping(): boolean;
};

/** A claimed name for an account that is being made; `settle` ends the claim's protection, and the claim if nothing was made. */
export type Reservation = { readonly name: Name; complete(made: boolean): void };

/** Who may come under which name. Of all who ask at once, on whatever node, one gets it. */
export class NameReservations {
  readonly #host: ReservationsHost;
  /** Names that are to be accounts' as soon as that is written: until then whoever has claimed them keeps them. */
  readonly #reserved = new Set<string>();

  constructor(host: ReservationsHost) {
    this.#host = host;
  }

  /** A fit name, claimed for the person; a silent holder loses it, and then whoever asks first gets it (WORLD-24). */
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

  /**
   * The same for a name that is to be an account's: it stays with the person, also when a guest leaves or takes another
   * meanwhile, until `complete` is told whether there is such an account now (WORLD-52).
   */
  async reserve(text: string, person: PersonId): Promise<Result<Reservation, Refusal>> {
    const name = await this.claim(text, person);
    if (!name.ok) return name;
    const { skeleton } = name.value;
    if (this.#reserved.has(skeleton)) return err({ type: 'name-taken' }); // WORLD-51
    this.#reserved.add(skeleton);
    const complete = (made: boolean) => {
      this.#reserved.delete(skeleton);
      if (!made && this.#host.reported(person)?.skeleton !== skeleton) this.release(skeleton, person); // WORLD-59
    };
    return ok({ name: name.value, complete });
  }

  /** Gives a name back, unless it is becoming an account's. */
  release(skeleton: string, person: PersonId): void {
    if (!this.#reserved.has(skeleton)) void this.#host.names.release(skeleton, person); // WORLD-52
  }

  /** Why nobody, or nobody but the one whose name it is, may come under this name now. */
  refusal(name: Name, owner?: PersonId): Refusal | null {
    if (this.#host.stopping()) return { type: 'stopping' };
    const { committed } = this.#host.processor;
    if (!committed.has(directoryStream)) return { type: 'unavailable' };
    const { directory } = committed;
    const isOwner = owner !== undefined && directory.accounts.get(name.skeleton)?.person === owner;
    if (isTaken(directory, name.skeleton) && !isOwner) return { type: 'name-taken' }; // WORLD-22 WORLD-51
    const ban = banOn(directory, name.skeleton, this.#host.clock.now());
    return ban === undefined ? null : { type: 'banned', reason: ban.reason }; // WORLD-31
  }

  async #win(name: Name, person: PersonId): Promise<Result<Name, Refusal>> {
    const { names, node } = this.#host;
    const first = await names.claim(name.skeleton, person, node);
    if (first.won) return ok(name);
    if (await this.#host.challenge(first.person, first.node)) return err({ type: 'name-taken' }); // WORLD-24
    const second = await names.claim(name.skeleton, person, node);
    return second.won ? ok(name) : err({ type: 'name-taken' }); // WORLD-24
  }
}
