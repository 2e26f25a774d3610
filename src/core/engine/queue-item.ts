import type { Entry } from '../model/entries.ts';
import type { StreamId } from '../model/ids.ts';
import type { AppendItem } from '../ports.ts';
import type { EphemeralUpdate } from './pending-command.ts';

/** A command that is decided and not yet answered. */
export type QueuedCommand = {
  readonly type: 'work';
  /** All that it was decided on, also where it writes to none of it. */
  readonly streams: readonly StreamId[];
  readonly entries: readonly Entry[];
  readonly item: AppendItem;
  readonly answer: () => void;
  readonly refuse: () => void;
  /** The answer when it was done before. */
  readonly repeat: (digest: string, result: string) => void;
  readonly decideAgain: () => void;
};

/** What waits for its turn in the ledger, in the one order of everything. */
export type QueueItem = QueuedCommand | { readonly type: 'passing'; readonly passing: EphemeralUpdate };
