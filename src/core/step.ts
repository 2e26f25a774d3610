import type { Entry } from './entries.ts';
import type { StreamId } from './ids.ts';
import type { AppendItem } from './ports.ts';
import type { Passing } from './work.ts';

/** A command that is decided and not yet answered. */
export type WorkStep = {
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
export type Step = WorkStep | { readonly type: 'passing'; readonly passing: Passing };
