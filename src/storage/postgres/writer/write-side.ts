import type { AppendItem, AppendResult, Clock, Log, StreamPosition } from '../../../core/ports.ts';
import { type Ask, BatchLog } from './batch-log.ts';
import type { Target } from '../connection.ts';
import { History } from './history.ts';
import { startPurging } from './purge.ts';
import { Writer } from './writer.ts';

export type WriteSideOptions = {
  readonly target: Target;
  /** This process; no other one ever has the same. */
  readonly node: string;
  /** The identity that the history has now. */
  readonly identity: string;
  readonly newIdentity: () => string;
  /** Asks on a connection that is not the writer's. */
  readonly ask: Ask;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Log;
};

/** All that writes, and what tells of others who write. */
export type WriteSide = {
  append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]>;
  changes(): Promise<readonly StreamPosition[] | null>;
  /** Why nothing can be appended now; null if nothing is known to prevent it. Writes nothing. */
  obstacle(): Promise<string | null>;
  /** Resolves when acknowledged batches turn out to be lost: nothing may be answered from then on. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
};

/** Begins to follow what others write, and connects; rejects when that fails. To be called before anything is loaded. */
export async function openWriteSide(options: WriteSideOptions): Promise<WriteSide> {
  const { node, ask, clock, log } = options;
  const history = new History(options);
  const writer = new Writer({ ...options, history });
  const suspect = (of: string, number: number): void => {
    history.expect(of, number);
    void writer.checkAgain();
  };
  const batches = await BatchLog.open({ node, ask, history, suspect });
  const obstacle = await writer.obstacle();
  if (obstacle !== null) throw new Error(obstacle);
  const stopPurging = startPurging(ask, clock, log);
  return {
    append: (batch) => writer.append(batch),
    changes: () => batches.changes(),
    obstacle: () => writer.obstacle(),
    failed: history.lost,
    close() {
      stopPurging();
      return writer.close();
    },
  };
}
