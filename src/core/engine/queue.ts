import type { Result } from '../../lib/result.ts';
import type { Entry } from '../model/entries.ts';
import type { StreamId } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { AppendItem } from '../ports.ts';
import type { States } from '../state/states.ts';
import type { Decision } from './decide.ts';

/** A command before it is decided. It is decided against `states`, again after a conflict, and answered once. */
export type PendingCommand<T> = {
  readonly streams: readonly StreamId[];
  readonly once?: OnceOnly<T>;
  decide(states: States): Decision<T>;
  done(result: Result<T, Refusal>): void;
};

/**
 * Makes a command that may be sent again happen once (WORLD-85). Its result is kept as text until `expires` (ms since 1970).
 */
export type OnceOnly<T> = {
  readonly scope: string;
  readonly key: string;
  /** A digest of what the command asks for: the same key with another digest is refused. */
  readonly digest: string;
  readonly expires: number;
  write(value: T): string;
  read(result: string): T;
};

/**
 * A change that is not stored. `run` is called when the batch that it is in is finished, `done` when that batch is answered.
 */
export type EphemeralUpdate = { readonly type: 'ephemeral'; run(): void; done(): void };

/** A command that is decided and not yet answered. */
export type QueuedCommand = {
  readonly type: 'command';
  /** All streams that the command was decided on, also those it does not write to. */
  readonly streams: readonly StreamId[];
  readonly entries: readonly Entry[];
  readonly item: AppendItem;
  answer(): void;
  refuse(): void;
  /** Answers with the stored result of the first time. */
  repeat(digest: string, result: string): void;
  decideAgain(): void;
};

/** An item of the next batch. The queue is the one order of commands and ephemeral updates. */
export type QueueItem = QueuedCommand | EphemeralUpdate;
