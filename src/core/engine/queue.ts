import type { Result } from '../../lib/result.ts';
import type { Entry } from '../model/entries.ts';
import type { StreamId } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { RowChange } from '../model/rows.ts';
import type { AppendItem, Once } from '../ports.ts';
import { project } from '../state/projection.ts';
import type { States } from '../state/states.ts';
import type { Accepted, Decision } from './decide.ts';
import type { StreamCache } from './stream-cache.ts';

/** A command before it is decided. It is decided against `states`, again after a conflict, and answered once. */
export type PendingCommand<T> = {
  readonly streams: readonly StreamId[];
  readonly once?: OnceOnly<T>;
  /** Rows to write beside those that follow from its entries, which may be none. */
  readonly rows?: readonly RowChange[];
  decide(states: States): Decision<T>;
  done(result: Result<T, Refusal>): void;
};

/**
 * Makes a command that may be sent again happen once (WORLD-85). Its result is kept as text until `expires` (ms since 1970).
 */
export type OnceOnly<T = unknown> = {
  readonly scope: string;
  readonly key: string;
  /** A digest of what the command asks for, for whoever is told of a repetition. */
  readonly digest: string;
  readonly expires: number;
  write(value: T): string;
  /**
   * The command was done before, with this digest and result, and is not done again. It is answered by whoever set this;
   * `refuse` answers it as a conflict.
   */
  repeated(digest: string, result: string, refuse: () => void): void;
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

/** The processor tells its listener what is committed, on this node or another. */
export interface CommandListener {
  /** Called for each committed entry of a stream in memory, once, in order. */
  committed(entry: Entry): void;
  /** What was committed since the last call may be published: the batch of it is answered. */
  publish(): void;
}

/** Whether the command writes anything: entries, rows or a result that is kept. */
export function writes({ item }: QueuedCommand): boolean {
  return item.writes.length > 0 || item.rows.length > 0 || item.once !== undefined;
}

/**
 * The entries of a decided command and what it appends. One that writes rows or keeps a result, but has no entries, rests on
 * what it saw: its streams have to be where they were when it was decided.
 */
export function appendOf<T>(
  { streams, rows = [], once }: PendingCommand<T>,
  { writes, value }: Accepted<T>,
  states: States,
): Pick<QueuedCommand, 'entries' | 'item'> {
  const checksOnly = writes.length === 0 && (rows.length > 0 || once !== undefined);
  const written = checksOnly ? streams.map((stream) => ({ stream, entries: [] })) : writes; // WORLD-202
  const expected = written.map((write) => ({ ...write, expected: states.position(write.stream) }));
  const entries = expected.flatMap(({ stream, expected, entries }) =>
    entries.map((body, index): Entry => ({ stream, position: expected + 1 + index, body })),
  );
  const item = {
    writes: expected,
    rows: [...entries.flatMap(project), ...rows], // WORLD-201
    ...(once && { once: { ...keyOf(once), result: once.write(value) } }), // WORLD-202
  };
  return { entries, item };
}

function keyOf<T>({ scope, key, digest, expires }: OnceOnly<T>): Omit<Once, 'result'> {
  return { scope, key, digest, expires };
}

/** Makes the optimistic state of these streams anew: committed state, and what these items decided on top of it. */
export function rebuild(
  streams: ReadonlySet<StreamId>,
  decided: Iterable<QueueItem>,
  { committed, optimistic }: Pick<StreamCache, 'committed' | 'optimistic'>,
): void {
  optimistic.copy(
    committed,
    [...streams].filter((stream) => optimistic.has(stream)),
  );
  for (const item of decided) {
    const entries = item.type === 'command' ? item.entries : [];
    for (const entry of entries) if (streams.has(entry.stream)) optimistic.apply(entry);
  }
}

/**
 * The commands of a queue that rest on these streams, or on other commands that do; adds the streams that these write to.
 * Commands rest on what is decided before them, so one pass in their order finds all.
 */
export function overtaken(items: Iterable<QueueItem>, streams: Set<StreamId>): Set<QueueItem> {
  const found = new Set<QueueItem>();
  for (const item of items) {
    if (item.type !== 'command' || !item.streams.some((stream) => streams.has(stream))) continue;
    found.add(item);
    for (const { stream } of item.item.writes) streams.add(stream);
  }
  return found;
}
