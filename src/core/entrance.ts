import { err, ok, type Result } from '../lib/result.ts';
import { banOn } from './directory.ts';
import type { Departure, Person } from './events.ts';
import { directoryStream, type NodeId, type PersonId } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { type Name, parseName } from './names/parse.ts';
import type { Clock, Ids, Names } from './ports.ts';
import type { Refusal } from './refusals.ts';

/** What the entrance needs of the world around it. */
export type EntranceHost = {
  readonly node: NodeId;
  readonly ledger: Ledger;
  readonly names: Names;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Asks the connections of whoever holds a name for a sign of life; true unless they are known to be silent. */
  challenge(person: PersonId, node: NodeId): Promise<boolean>;
  contribute(person: PersonId, name: Name | null, departure: Departure | null): void;
  nameOf(person: PersonId): Name | undefined;
  stopping(): boolean;
};

type Done = (result: Result<Person, Refusal>) => void;

/** How guests come, change their name and go. All of it takes its place in the one order of what is shown. */
export class Entrance {
  readonly #host: EntranceHost;

  constructor(host: EntranceHost) {
    this.#host = host;
  }

  /** A new guest under a name that nobody bears; refused if the name is unfit, taken or banned. */
  async enter(text: string, done: Done): Promise<void> {
    const { ledger, ids, names } = this.#host;
    const person = ids.integer();
    const name = await this.#claim(text, person);
    if (!name.ok) return done(name);
    let result: Result<Person, Refusal> = err({ type: 'stopping' });
    ledger.pass({
      run: () => {
        const refusal = this.#refusal(name.value);
        if (refusal === null) this.#host.contribute(person, name.value, null);
        else void names.release(name.value.skeleton, person);
        result = refusal === null ? ok({ id: person, name: name.value.shown }) : err(refusal);
      },
      done: () => done(result),
    });
  }

  /** Another name for a guest; the old one is free at once (WORLD-26). */
  async rename(person: PersonId, text: string, done: Done): Promise<void> {
    const { ledger, names } = this.#host;
    const name = await this.#claim(text, person);
    if (!name.ok) return done(name);
    let result: Result<Person, Refusal> = err({ type: 'not-found' });
    ledger.pass({
      run: () => {
        const before = this.#host.nameOf(person);
        const refusal: Refusal | null = before === undefined ? { type: 'not-found' } : this.#refusal(name.value);
        const unused = refusal === null ? before?.skeleton : name.value.skeleton;
        if (refusal === null) this.#host.contribute(person, name.value, null);
        const kept = refusal === null ? name.value.skeleton : before?.skeleton;
        if (unused !== undefined && unused !== kept) void names.release(unused, person); // WORLD-26
        result = refusal === null ? ok({ id: person, name: name.value.shown }) : err(refusal);
      },
      done: () => done(result),
    });
  }

  /** The person goes, and the name is free; `done` comes when that is shown. Going twice is going once. */
  leave(person: PersonId, departure: Departure, done: () => void = () => {}): void {
    this.#host.ledger.pass({
      run: () => {
        const name = this.#host.nameOf(person);
        if (name === undefined) return;
        this.#host.contribute(person, null, departure);
        void this.#host.names.release(name.skeleton, person);
      },
      done,
    });
  }

  /** A fit name, claimed for the person; a silent holder loses it, and then whoever asks first gets it (WORLD-24). */
  async #claim(text: string, person: PersonId): Promise<Result<Name, Refusal>> {
    const name = parseName(text);
    if (!name.ok) return err({ type: 'bad-name', problem: name.error });
    const early = this.#refusal(name.value);
    if (early !== null) return err(early);
    try {
      return await this.#win(name.value, person);
    } catch {
      return err({ type: 'unavailable' });
    }
  }

  async #win(name: Name, person: PersonId): Promise<Result<Name, Refusal>> {
    const { names, node } = this.#host;
    const first = await names.claim(name.skeleton, person, node);
    if (first.won) return ok(name);
    if (await this.#host.challenge(first.person, first.node)) return err({ type: 'name-taken' }); // WORLD-24
    const second = await names.claim(name.skeleton, person, node);
    return second.won ? ok(name) : err({ type: 'name-taken' }); // WORLD-24
  }

  #refusal(name: Name): Refusal | null {
    if (this.#host.stopping()) return { type: 'stopping' };
    const { committed } = this.#host.ledger;
    if (!committed.has(directoryStream)) return { type: 'unavailable' };
    const { directory } = committed;
    if (directory.names.has(name.skeleton)) return { type: 'name-taken' }; // WORLD-22
    const ban = banOn(directory, name.skeleton, this.#host.clock.now());
    return ban === undefined ? null : { type: 'banned', reason: ban.reason }; // WORLD-31
  }
}
