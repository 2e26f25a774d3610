import type { StreamId } from '../../../core/model/ids.ts';
import type { StreamPosition } from '../../../core/ports.ts';
import { numberArray, textArray } from './arrays.ts';
import { headsIn } from './batch-parts.ts';
import type { History } from './history.ts';
import type { Bound } from './connection.ts';

/** Asks PostgreSQL; rejects when it cannot answer. */
export type Ask = (statement: Bound) => Promise<readonly Record<string, unknown>[]>;

export type BatchLogOptions = {
  readonly node: string;
  readonly ask: Ask;
  readonly history: Pick<History, 'identity' | 'newest'>;
  /** Called when the database seems to have lost batches of this node, or more than that: it has to have this one. */
  readonly suspect: (node: string, number: number) => void;
};

/** A row of the log, and how far the log goes; of another node, or `number` null for one without new batches. */
type LogRow = {
  readonly node: string;
  readonly newest: number;
  readonly number: number | null;
  readonly heads: string;
};

/** The most batches of one call; the rest comes with the next ones. */
const ROWS = 10_000;

/** Reads what other nodes wrote: one cursor for each of them, the number of its last batch that was read. */
export class BatchLog {
  readonly #options: BatchLogOptions;
  #cursors: ReadonlyMap<string, number>;
  /** The call before this one. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: BatchLogOptions, cursors: ReadonlyMap<string, number>) {
    this.#options = options;
    this.#cursors = cursors;
  }

  /** Begins after everything that the log has now: to be called before anything is loaded. */
  static async open(options: BatchLogOptions): Promise<BatchLog> {
    const rows = (await options.ask({ name: 'batch ends', text: ENDS, values: [] })) as {
      node: string;
      newest: number;
    }[];
    return new BatchLog(options, new Map(rows.map(({ node, newest }) => [node, newest])));
  }

  /** What other nodes moved since the last call that succeeded; null if rows in between are gone. */
  changes(): Promise<readonly StreamPosition[] | null> {
    const changes = this.#last.then(() => this.#read());
    this.#last = changes.catch(() => {}); // The caller is told.
    return changes;
  }

  async #read(): Promise<readonly StreamPosition[] | null> {
    const { node, ask, history, suspect } = this.#options;
    const acknowledged = history.newest;
    const values = [textArray([...this.#cursors.keys()]), numberArray([...this.#cursors.values()]), node];
    const rows = (await ask({ name: 'batch log', text: LOG, values })) as (LogRow & { identity: string })[];
    for (const { node: other, newest, identity } of rows) {
      const known = other === node ? acknowledged : (this.#cursors.get(other) ?? 0);
      if (newest < known || identity !== history.identity) suspect(other, known); // STORE-220
    }
    return this.#take(rows.filter((row) => row.number !== null) as (LogRow & { number: number })[]);
  }

  /** Moves the cursors past these rows; they are in order. */
  #take(rows: readonly (LogRow & { number: number })[]): readonly StreamPosition[] | null {
    const cursors = new Map(this.#cursors);
    const positions = new Map<StreamId, number>();
    let hasHole = false;
    for (const { node, number, heads } of rows) {
      hasHole ||= number !== (cursors.get(node) ?? 0) + 1; // STORE-223
      cursors.set(node, number);
      for (const [stream, position] of headsIn(heads))
        positions.set(stream, Math.max(position, positions.get(stream) ?? 0));
    }
    this.#cursors = cursors; // STORE-222
    return hasHole ? null : [...positions];
  }
}

/** Begins a statement about the nodes of the log, found by one step in the index for each. */
export const NODES = `WITH RECURSIVE nodes (node) AS (
  SELECT min(node) FROM batch
  UNION ALL
  SELECT (SELECT min(b.node) FROM batch b WHERE b.node > n.node) FROM nodes n WHERE n.node IS NOT NULL
)`;
const END = '(SELECT max(number) FROM batch b WHERE b.node = n.node)';
const ENDS = `${NODES} SELECT n.node, ${END} AS newest FROM nodes n WHERE n.node IS NOT NULL`;
const LOG = `${NODES}
SELECT n.node, ${END} AS newest, (SELECT identity FROM meta) AS identity, b.number, b.heads
FROM nodes n
LEFT JOIN unnest($1::text[], $2::bigint[]) c (node, number) ON c.node = n.node
LEFT JOIN LATERAL (
  SELECT b.number, b.heads FROM batch b
  WHERE b.node = n.node AND b.node <> $3 AND b.number > coalesce(c.number, 0) ORDER BY b.number LIMIT ${ROWS}
) b ON true
WHERE n.node IS NOT NULL ORDER BY n.node, b.number`;
