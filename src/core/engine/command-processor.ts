import { err, ok, type Result } from '../../lib/result.ts';
import type { Entry } from '../model/entries.ts';
import type { StreamId } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { RowChange } from '../model/rows.ts';
import type { AppendResult, Clock, Log, Storage } from '../ports.ts';
import { unchanged } from './decide.ts';
import type { CommandListener, PendingCommand, QueuedCommand, QueueItem } from './queue.ts';
import { appendOf, overtaken, rebuild, writes } from './queue.ts';
import type { StreamCache } from './stream-cache.ts';

/** After a batch of this size more commands are probably on their way. */
const BUSY = 8;

/** Storage that has not answered for so long may not answer for hours. */
const LATE_MS = 5_000;

const noAnswer: AppendResult = { type: 'unavailable', reason: 'storage gave no answer' };

/**
 * Decide, commit, publish. A command is decided at once against optimistic state. All commands that are decided while one
 * batch commits make the next batch. What is committed is applied to committed state and published, in one order.
 */
export class CommandProcessor {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #cache: StreamCache;
  readonly #listener: () => CommandListener;
  readonly #ended: (own: readonly Entry[]) => void;
  /** The batch on its way to storage. */
  #batch: readonly QueueItem[] = [];
  /** The streams that commands of this batch rest on. */
  #inFlight: ReadonlySet<StreamId> = new Set();
  #next: QueueItem[] = [];
  /** Refusals that wait until everything is decided again: who is refused may ask for something at once. */
  #refusals: (() => void)[] | null = null;
  #lastBatch = 0;
  #busy = false;
  /** Whether storage has not answered the batch for so long that nothing more waits for it. */
  #isLate = false;
  #scheduled = false;
  #whenIdle: (() => void)[] = [];

  constructor(
    ports: { storage: Storage; clock: Clock; log: Log },
    cache: StreamCache,
    listener: () => CommandListener,
    ended: (own: readonly Entry[]) => void,
  ) {
    this.#storage = ports.storage;
    this.#clock = ports.clock;
    this.#log = ports.log;
    this.#cache = cache;
    this.#listener = listener;
    this.#ended = ended;
  }

  /** Decides as soon as the streams are in memory, which may be now. `done` is called before the events are published. */
  submit<T>(command: PendingCommand<T>): void {
    for (const stream of command.streams) this.#cache.pin(stream);
    this.#loadAndDecide(command);
  }

  /** Writes rows that follow from no entry, at their place among the commands; false when storage is unavailable. */
  writeRows(rows: readonly RowChange[]): Promise<boolean> {
    const decide = () => unchanged(null);
    return new Promise((resolve) => this.submit({ streams: [], rows, decide, done: ({ ok }) => resolve(ok) })); // WORLD-201
  }

  /** Calls `run` at its place among the commands of the next batch, when that is finished, and `done` when it is answered. */
  enqueueEphemeral(run: () => void, done: () => void = () => {}): void {
    this.#enqueue({ type: 'ephemeral', run, done });
  }

  /** Whether the batch on its way to storage rests on a stream: then nobody else may change what is in memory of it. */
  isInFlight(stream: StreamId): boolean {
    return this.#inFlight.has(stream);
  }

  /** Applies entries of another node, which are the next of a stream in memory that is not in flight, and publishes them. */
  receive(stream: StreamId, entries: readonly Entry[]): void {
    for (const entry of entries) this.#commit(entry);
    const isDecidedOn = this.#next.some((item) => item.type === 'command' && item.streams.includes(stream));
    if (isDecidedOn) this.#decideAgain([], [stream]);
    else for (const entry of entries) this.#cache.optimistic.apply(entry); // WORLD-271
    this.#listener().publish();
  }

  /** Resolves when everything decided so far is committed or refused. */
  settled(): Promise<void> {
    if (!this.#busy && this.#next.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #loadAndDecide<T>(command: PendingCommand<T>): void {
    if (this.#isLate) return this.#refuseNow(command, err({ type: 'unavailable' })); // WORLD-08
    if (this.#cache.has(command.streams)) return this.#decide(command);
    this.#cache.load(command.streams).then(
      () => this.#loadAndDecide(command),
      () => this.#refuseNow(command, err({ type: 'unavailable' })),
    );
  }

  #decide<T>(command: PendingCommand<T>): void {
    const { optimistic } = this.#cache;
    const decision = command.decide(optimistic);
    if (!decision.ok) return this.#refuseNow(command, decision);
    const { value } = decision.value;
    const { once } = command;
    const append = appendOf(command, decision.value, optimistic);
    for (const entry of append.entries) optimistic.apply(entry);
    this.#enqueue({
      type: 'command',
      streams: command.streams,
      ...append,
      answer: () => command.done(ok(value)),
      refuse: () => command.done(err({ type: 'unavailable' })),
      repeat: (digest, result) => once?.repeated(digest, result, () => command.done(err({ type: 'conflict' }))), // WORLD-210
      decideAgain: () => this.#loadAndDecide(command),
    });
  }

  #refuseNow<T>(command: PendingCommand<T>, refusal: Result<T, Refusal>): void {
    const refuse = () => {
      command.done(refusal);
      this.#unpin(command.streams);
    };
    if (this.#refusals === null) refuse();
    else this.#refusals.push(refuse);
  }

  #enqueue(item: QueueItem): void {
    this.#next.push(item);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#busy || this.#scheduled) return;
    this.#scheduled = true;
    const run = () => {
      this.#scheduled = false;
      void this.#runBatch();
    };
    this.#clock.endOfTurn(() => (this.#waitsForMore() ? this.#clock.soon(run) : run()));
  }

  /** Group commit: after a busy batch the next one waits about 1 ms for more, since each batch costs every member one write. */
  #waitsForMore(): boolean {
    return this.#lastBatch >= BUSY; // WORLD-19
  }

  /** Commits what is decided. Only one batch runs at a time. */
  async #runBatch(): Promise<void> {
    this.#busy = true;
    const batch = this.#next;
    this.#next = [];
    this.#batch = batch;
    this.#lastBatch = batch.length;
    const commands = batch.filter((item) => item.type === 'command');
    this.#inFlight = new Set(commands.flatMap(({ streams }) => streams)); // WORLD-272
    const items = commands.filter(writes).map(({ item }) => item);
    const cancel = this.#clock.after(LATE_MS, () => this.#refuseWaiting());
    const results = items.length === 0 ? [] : await this.#storage.append(items);
    cancel();
    this.#isLate = false;
    this.#batch = [];
    const own = this.#finishBatch(batch, results);
    this.#inFlight = new Set();
    this.#busy = false;
    this.#ended(own);
    if (this.#next.length > 0) return this.#schedule();
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** The commands of a late batch have to wait, for they may be on disk. Those that wait for it are on no disk (WORLD-08). */
  #refuseWaiting(): void {
    this.#isLate = true;
    this.#log.error('append-late', { ms: LATE_MS });
    const waiting = this.#next.filter((item) => item.type === 'command');
    this.#next = this.#next.filter((item) => item.type === 'ephemeral');
    rebuild(new Set(waiting.flatMap(({ item }) => item.writes.map(({ stream }) => stream))), this.#batch, this.#cache);
    for (const command of waiting) {
      command.refuse(); // WORLD-08
      this.#unpin(command.streams);
    }
  }

  /** Applies, answers and publishes what came of a batch; returns the entries that it committed. */
  #finishBatch(batch: readonly QueueItem[], results: readonly AppendResult[]): readonly Entry[] {
    const own: Entry[] = [];
    const answers: (() => void)[] = [];
    const answered: QueuedCommand[] = [];
    const again: QueuedCommand[] = [];
    const refused: QueuedCommand[] = [];
    /** Streams that another node wrote to. */
    const stale = new Set<StreamId>();
    /** Streams whose append failed, or of which storage knows less than this node. */
    const failed = new Set<StreamId>();
    const answer = (command: QueuedCommand, run: () => void) => {
      answered.push(command);
      answers.push(run);
    };
    let index = 0;
    for (const item of batch) {
      if (item.type === 'ephemeral') {
        item.run();
        answers.push(() => item.done());
        continue;
      }
      if (!writes(item)) {
        if (item.streams.some((stream) => failed.has(stream)))
          refused.push(item); // WORLD-08
        else if (item.streams.some((stream) => stale.has(stream)))
          again.push(item); // WORLD-07
        else answer(item, () => item.answer());
        continue;
      }
      const streams = item.item.writes.map(({ stream }) => stream);
      const result = results[index++] ?? noAnswer;
      switch (result.type) {
        case 'committed':
          for (const entry of item.entries) this.#commit(entry);
          own.push(...item.entries);
          answer(item, () => item.answer());
          break;
        case 'conflict': {
          const isOvertaken = result.newer.length > 0 || streams.some((stream) => stale.has(stream));
          for (const entry of result.newer) this.#commit(entry);
          (isOvertaken ? again : refused).push(item); // WORLD-08
          for (const stream of streams) (isOvertaken ? stale : failed).add(stream);
          break;
        }
        case 'unavailable':
          this.#log.error('append-failed', { reason: result.reason });
          refused.push(item);
          for (const stream of streams) failed.add(stream);
          break;
        case 'repeated':
          for (const stream of streams) stale.add(stream);
          answer(item, () => item.repeat(result.digest, result.result)); // WORLD-85
      }
    }
    if (refused.length > 0)
      for (const command of this.#refuse([...refused, ...again, ...this.#next.splice(0)], stale))
        answer(command, () => command.refuse());
    else if (stale.size > 0) this.#decideAgain(again, stale);
    for (const run of answers) run();
    this.#listener().publish();
    for (const { streams } of answered) this.#unpin(streams); // WORLD-64
    return own;
  }

  #commit(entry: Entry): void {
    if (this.#cache.committed.apply(entry)) this.#listener().committed(entry);
  }

  /**
   * After a failed batch, or when storage knows less than this node, every command decided meanwhile is refused, and the streams
   * are loaded again before the next decision (WORLD-08). Until then people see the last committed state (WORLD-87).
   */
  #refuse(items: readonly QueueItem[], stale: Iterable<StreamId>): QueuedCommand[] {
    const { committed, optimistic } = this.#cache;
    const commands = items.filter((item) => item.type === 'command');
    this.#next.push(...items.filter((item) => item.type === 'ephemeral'));
    for (const { item } of commands) for (const { stream } of item.writes) optimistic.drop(stream); // WORLD-87
    for (const stream of stale) if (optimistic.has(stream)) optimistic.copy(committed, [stream]);
    return commands;
  }

  /**
   * When streams changed under a decision, the commands that rest on them are decided again, in their order (WORLD-07): these
   * of the last batch, and those that wait.
   */
  #decideAgain(again: readonly QueuedCommand[], streams: Iterable<StreamId>): void {
    const items = [...again, ...this.#next.splice(0)];
    const touched = new Set(streams);
    const anew = overtaken(items, touched);
    const kept = items.filter((item) => !anew.has(item));
    rebuild(touched, [...this.#batch, ...kept], this.#cache);
    const refusals: (() => void)[] = [];
    this.#refusals = refusals;
    for (const item of items) {
      if (item.type === 'command' && anew.has(item)) item.decideAgain();
      else this.#next.push(item);
    }
    this.#refusals = null;
    for (const refuse of refusals) refuse();
  }

  #unpin(streams: readonly StreamId[]): void {
    for (const stream of streams) this.#cache.unpin(stream);
  }
}
