import { err, ok } from '../lib/result.ts';
import type { EntryBody } from './entries.ts';
import type { Person } from './events.ts';
import type { StreamId } from './ids.ts';
import type { Decision } from './ledger.ts';
import type { Ids } from './ports.ts';
import type { Refusal } from './refusals.ts';

/** Who asks: somebody who is present, or the one who runs the server. */
export type Actor =
  | { readonly type: 'person'; readonly person: Person; readonly skeleton: string }
  | { readonly type: 'operator' };

/** What a decision may use besides state: the time, and fresh ids. */
export type Context = { readonly now: number; readonly ids: Ids };

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
