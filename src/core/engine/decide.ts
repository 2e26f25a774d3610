import { err, ok, type Result } from '../../lib/result.ts';
import type { Role } from '../model/account.ts';
import type { EntryBody } from '../model/entries.ts';
import type { RoomId, StreamId } from '../model/ids.ts';
import type { Person } from '../model/person.ts';
import type { Refusal } from '../model/refusals.ts';
import type { Ids } from '../ports.ts';
import type { States } from '../state/states.ts';

/** A person who is present; `role` is null for a guest. */
export type PersonActor = {
  readonly type: 'person';
  readonly person: Person;
  readonly skeleton: string;
  readonly role: Role | null;
};

/** The person or the operator who asks for a command. */
export type Actor = PersonActor | { readonly type: 'operator' };

/** What a decision may use besides state. Secrets are drawn before, because a command may be decided twice. */
export type DecisionInput = {
  readonly now: number;
  readonly ids: Omit<Ids, 'secret' | 'code'>;
  readonly lobby: RoomId;
};

/** The entries a command writes, each stream named once, and its answer; or a refusal. */
export type Decision<T> = Result<Accepted<T>, Refusal>;
export type Accepted<T> = { readonly writes: readonly Write[]; readonly value: T };
export type Write = { readonly stream: StreamId; readonly entries: readonly EntryBody[] };

/** Decides a command in one step, without waiting. */
export type Decide<T> = (states: States, input: DecisionInput) => Decision<T>;

/** Accepts with one entry for one stream. */
export function write<T>(stream: StreamId, entry: EntryBody, value: T): Decision<T> {
  return ok({ writes: [{ stream, entries: [entry] }], value });
}

/** Accepts and writes nothing, because state already is as the command asks. */
export function unchanged<T>(value: T): Decision<T> {
  return ok({ writes: [], value });
}

export function refuse(refusal: Refusal): Decision<never> {
  return err(refusal);
}
