import { err, ok } from '../../lib/result.ts';
import type { Role } from '../model/account.ts';
import type { EntryBody } from '../model/entries.ts';
import type { Person } from '../model/events.ts';
import type { RoomId, StreamId } from '../model/ids.ts';
import type { Decision } from './pending-command.ts';
import type { Ids } from '../ports.ts';
import type { Refusal } from '../model/refusals.ts';

/** Somebody who is present; `role` is null for a guest. */
export type PersonActor = {
  readonly type: 'person';
  readonly person: Person;
  readonly skeleton: string;
  readonly role: Role | null;
};

/** Who asks: somebody who is present, or the one who runs the server. */
export type Actor = PersonActor | { readonly type: 'operator' };

/**
 * What a decision may use besides state: the time, fresh ids, and which room is the lobby. No secrets: a command may be
 * decided twice, and what it is about is drawn before.
 */
export type DecisionInput = { readonly now: number; readonly ids: Omit<Ids, 'secret'>; readonly lobby: RoomId };

/** Accepts with one entry for one stream. */
export function write<T>(stream: StreamId, entry: EntryBody, value: T): Decision<T> {
  return ok({ writes: [{ stream, entries: [entry] }], value });
}

/** Accepts what already is as asked: nothing is written. */
export function unchanged<T>(value: T): Decision<T> {
  return ok({ writes: [], value });
}

export function refuse(refusal: Refusal): Decision<never> {
  return err(refusal);
}
