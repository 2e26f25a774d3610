import type { EntryBody } from '../model/entries.ts';
import type { StreamId } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { States } from '../state/states.ts';
import type { Result } from '../../lib/result.ts';

/** What a decision comes to: entries for streams, each stream named once, and what to answer; or a refusal. */
export type Decision<T> = Result<{ readonly writes: readonly Write[]; readonly value: T }, Refusal>;
export type Write = { readonly stream: StreamId; readonly entries: readonly EntryBody[] };

/** A command on its way: decided against `states`, again after a conflict, answered once. */
export type PendingCommand<T> = {
  readonly streams: readonly StreamId[];
  readonly once?: OnceOnly<T>;
  decide(states: States): Decision<T>;
  done(result: Result<T, Refusal>): void;
};

/** Makes a command that may be sent again happen once (WORLD-85): the result is kept as text until `expires` (ms since 1970). */
export type OnceOnly<T> = {
  readonly scope: string;
  readonly key: string;
  /** What the command asks for: the same key with another digest is refused. */
  readonly digest: string;
  readonly expires: number;
  write(value: T): string;
  read(result: string): T;
};

/** Something that is not kept, but has its place in the order of what is: run when all before it is committed. */
export type EphemeralUpdate = { run(): void; done(): void };
