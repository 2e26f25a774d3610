import { err, ok } from '../../lib/result.ts';
import type { Entry } from '../model/entries.ts';
import { type RoomId, roomStream, type StreamId } from '../model/ids.ts';
import type { AppendItem, AppendResult, Clock, Log, Once, Storage } from '../ports.ts';
import { type RowChange, project } from '../state/projection.ts';
import { loadState, States } from '../state/states.ts';
import type { QueueItem, QueuedCommand } from './queue-item.ts';
import type { OnceOnly, EphemeralUpdate, PendingCommand } from './pending-command.ts';

/** Who hears what became of it all. */
export interface CommandListener {
  /** A committed entry of a loaded stream, each once, in order. */
  committed(entry: Entry): void;
  /** A batch is over and answered: what was heard since the last time may be shown. */
  publish(): void;
  /** A stream was read and stands at this position. */
  loaded(stream: StreamId, position: number): void;
}

const READ_LIMIT = 1000;
/** So many commands in one batch mean that more are on their way. */
const BUSY = 8;

/**
 * Decide, commit, show. Commands are decided at once against states that include what is decided but not committed;
 * all decided while one batch commits makes the next; what is committed is applied to `committed` and shown, in one order.
 */
export class CommandProcessor {
  /** What is on disk: all that anybody sees is made from it. */
  readonly committed = new States();
  readonly #optimistic = new States();
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listener: CommandListener;
  readonly #loading = new Map<StreamId, Promise<void>>();
  readonly #behind = new Map<StreamId, number>();
  readonly #known = new Set<StreamId>();
  /** To be let go of when what is on its way has arrived, unless somebody asks for them before. */
  readonly #unwanted = new Set<StreamId>();
  #next: QueueItem[] = [];
  #inFlight: readonly QueueItem[] = [];
  #lastBatch = 0;
  #busy = false;
  #scheduled = false;
  #idle: (() => void)[] = [];

  constructor(ports: { storage: Storage; clock: Clock; log: Log }, listener: CommandListener) {
    this.#storage = ports.storage;
    this.#clock = ports.clock;
    this.#log = ports.log;
    this.#listener = listener;
  }

  /** Makes a stream's state known; rejects when storage is unavailable. */
  load(stream: StreamId): Promise<void> {
    this.#unwanted.delete(stream);
    if (this.#optimistic.has(stream)) return Promise.resolve();
    const running = this.#loading.get(stream);
    if (running !== undefined) return running;
    this.#known.add(stream);
    const loading = loadState(this.#storage, stream)
      .then((state) => {
        this.committed.put(stream, state);
        this.#optimistic.copy(this.committed, [stream]);
        this.#listener.loaded(stream, state.value.position);
      })
      .finally(() => {
        this.#loading.delete(stream);
        if (this.#unwanted.delete(stream)) this.forget(stream); // WORLD-64
      });
    this.#loading.set(stream, loading);
    return loading;
  }

  /** Decides now if the streams are loaded, else as soon as they are; `done` comes before anything is shown of it. */
  submit<T>(work: PendingCommand<T>): void {
    for (const stream of work.streams) this.#unwanted.delete(stream);
    if (work.streams.every((stream) => this.#optimistic.has(stream))) return this.#decide(work);
    Promise.all(work.streams.map((stream) => this.load(stream))).then(
      () => this.submit(work),
      () => work.done(err({ type: 'unavailable' })),
    );
  }

  /** The position up to which a room's changes may have been forgotten, with what is decided but not committed. */
  evictedThrough(room: RoomId): number {
    return this.#optimistic.has(roomStream(room)) ? this.#optimistic.room(room).evictedThrough : 0;
  }

  /** The states with what is decided but not committed, if all of these streams are loaded; else null. */
  optimisticState(streams: readonly StreamId[]): States | null {
    return streams.every((stream) => this.#optimistic.has(stream)) ? this.#optimistic : null;
  }

  /** Lets go of a stream that nobody needs now, as soon as nothing is on its way to it; it is read again when needed. */
  forget(stream: StreamId): void {
    const touches = (step: QueueItem) =>
      step.type === 'work' && step.item.writes.some((write) => write.stream === stream);
    if (this.#loading.has(stream) || this.#inFlight.some(touches) || this.#next.some(touches)) {
      this.#unwanted.add(stream); // WORLD-64
      return;
    }
    this.committed.drop(stream);
    this.#optimistic.drop(stream);
    this.#known.delete(stream);
    this.#behind.delete(stream);
  }

  /** Writes rows that follow from no entry; false when storage is unavailable. */
  async writeRows(rows: readonly RowChange[]): Promise<boolean> {
    const [result] = await this.#storage.append([{ writes: [], rows }]);
    return result?.type === 'committed';
  }

  /** Takes its place after everything decided before it. */
  enqueueEphemeral(passing: EphemeralUpdate): void {
    this.#next.push({ type: 'passing', passing });
    this.#schedule();
  }

  /** Some node says that a stream has got so far: what is missing here is read (WORLD-21). */
  observePosition(stream: StreamId, head: number): void {
    if (!this.#optimistic.has(stream) || head <= this.committed.position(stream)) return; // WORLD-21
    this.#behind.set(stream, Math.max(head, this.#behind.get(stream) ?? 0));
    this.#schedule();
  }

  /** Asks storage how far the known streams have got, and reads again those that a failure made unknown. */
  async pollPositions(): Promise<void> {
    const streams = [...this.#known];
    const lost = streams.filter((stream) => !this.#optimistic.has(stream));
    await Promise.all(lost.map((stream) => this.load(stream)));
    const positions = await this.#storage.positions(streams);
    streams.forEach((stream, index) => this.observePosition(stream, positions[index] ?? 0));
  }

  /** Resolves when everything decided so far is committed or refused. */
  settled(): Promise<void> {
    if (!this.#busy && this.#next.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #decide<T>(work: PendingCommand<T>): void {
    const decision = work.decide(this.#optimistic);
    if (!decision.ok) return work.done(decision);
    const writes = decision.value.writes.map((write) => ({
      ...write,
      expected: this.#optimistic.position(write.stream),
    }));
    const entries = writes.flatMap(({ stream, expected, entries }) =>
      entries.map((body, index): Entry => ({ stream, position: expected + 1 + index, body })),
    );
    for (const entry of entries) this.#optimistic.apply(entry);
    const { value } = decision.value;
    const { once } = work;
    const item: AppendItem = {
      writes,
      rows: entries.flatMap(project),
      ...(once && { once: { ...keyOf(once), result: once.write(value) } }),
    };
    this.#next.push({
      type: 'work',
      streams: work.streams,
      entries,
      item,
      answer: () => work.done(ok(value)),
      refuse: () => work.done(err({ type: 'unavailable' })),
      repeat: (digest, result) =>
        work.done(once?.digest === digest ? ok(once.read(result)) : err({ type: 'nonce-used' })), // WORLD-85
      decideAgain: () => this.submit(work),
    });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#busy || this.#scheduled) return;
    this.#scheduled = true;
    const run = () => {
      this.#scheduled = false;
      void this.#runBatch();
    };
    this.#clock.endOfTurn(() => (this.#isEarly() ? this.#clock.soon(run) : run()));
  }

  /** After a busy batch the next one waits a moment for company: each batch costs every member of a room one write (WORLD-19). */
  #isEarly(): boolean {
    return this.#lastBatch >= BUSY; // WORLD-19
  }

  /** One round: reads what is behind, or commits what is decided. Only one runs at a time. */
  async #runBatch(): Promise<void> {
    this.#busy = true;
    if (this.#behind.size > 0) await this.#catchUp();
    const batch = this.#next;
    this.#next = [];
    this.#inFlight = batch;
    this.#lastBatch = batch.length;
    const items = batch.flatMap((step) => (step.type === 'work' && step.item.writes.length > 0 ? [step.item] : []));
    const results = items.length === 0 ? [] : await this.#storage.append(items);
    this.#inFlight = [];
    this.#finishBatch(batch, results);
    this.#busy = false;
    if (this.#next.length > 0 || this.#behind.size > 0) return this.#schedule();
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #finishBatch(batch: readonly QueueItem[], results: readonly AppendResult[]): void {
    const answers: (() => void)[] = [];
    const again: QueueItem[] = [];
    const refused: QueuedCommand[] = [];
    const stale = new Set<StreamId>();
    const lost = new Set<StreamId>();
    let index = 0;
    for (const step of batch) {
      if (step.type === 'passing') {
        step.passing.run();
        answers.push(() => step.passing.done());
        continue;
      }
      if (step.item.writes.length === 0) {
        if (step.streams.some((stream) => lost.has(stream)))
          refused.push(step); // WORLD-08
        else if (step.streams.some((stream) => stale.has(stream)))
          again.push(step); // WORLD-07
        else answers.push(step.answer);
        continue;
      }
      const result = results[index++] ?? missing;
      switch (result.type) {
        case 'committed':
          for (const entry of step.entries) this.#commit(entry);
          answers.push(step.answer);
          break;
        case 'conflict': {
          const streams = step.item.writes.map(({ stream }) => stream);
          const overtaken = result.newer.length > 0 || streams.some((stream) => stale.has(stream));
          for (const entry of result.newer) this.#commit(entry);
          (overtaken ? again : refused).push(step); // WORLD-08
          for (const stream of streams) (overtaken ? stale : lost).add(stream);
          break;
        }
        case 'unavailable':
          this.#log.error('append-failed', { reason: result.reason });
          refused.push(step);
          for (const { stream } of step.item.writes) lost.add(stream);
          break;
        case 'repeated': {
          const { digest, result: kept } = result;
          for (const { stream } of step.item.writes) stale.add(stream);
          answers.push(() => step.repeat(digest, kept)); // WORLD-85
        }
      }
    }
    if (refused.length > 0) this.#refuse([...refused, ...again, ...this.#next.splice(0)], stale, answers);
    else if (stale.size > 0) this.#decideAgain(again, stale);
    for (const answer of answers) answer();
    this.#listener.publish();
    if (this.#unwanted.size > 0) this.#forgetUnwanted();
  }

  #forgetUnwanted(): void {
    const streams = [...this.#unwanted];
    this.#unwanted.clear();
    for (const stream of streams) this.forget(stream); // WORLD-64
  }

  #commit(entry: Entry): void {
    if (this.committed.apply(entry)) this.#listener.committed(entry);
  }

  /**
   * After a failed batch, or where storage knows less than this world, nothing decided on top stands, and streams are read
   * anew before anything is decided about them (WORLD-08). Until then what was committed last is what is seen (WORLD-87).
   */
  #refuse(steps: readonly QueueItem[], stale: Iterable<StreamId>, answers: (() => void)[]): void {
    for (const step of steps) {
      if (step.type === 'passing') {
        this.#next.push(step);
        continue;
      }
      for (const { stream } of step.item.writes) this.#optimistic.drop(stream); // WORLD-87
      answers.push(step.refuse);
    }
    for (const stream of stale) if (this.#optimistic.has(stream)) this.#optimistic.copy(this.committed, [stream]);
  }

  /** Where streams turned out otherwise than decided, all that is not committed is decided once more, in its order (WORLD-07). */
  #decideAgain(again: readonly QueueItem[], streams: Iterable<StreamId>): void {
    const steps = [...again, ...this.#next.splice(0)];
    const touched = steps.flatMap((step) => (step.type === 'work' ? step.item.writes.map(({ stream }) => stream) : []));
    const known = [...streams, ...touched].filter((stream) => this.#optimistic.has(stream));
    this.#optimistic.copy(this.committed, new Set(known));
    for (const step of steps) {
      if (step.type === 'passing') this.#next.push(step);
      else step.decideAgain();
    }
  }

  async #catchUp(): Promise<void> {
    const behind = [...this.#behind];
    this.#behind.clear();
    const moved = new Set<StreamId>();
    for (const [stream, head] of behind) {
      while (this.#optimistic.has(stream) && this.committed.position(stream) < head) {
        const entries = await this.#storage
          .entries(stream, this.committed.position(stream), READ_LIMIT)
          .catch(() => []);
        if (entries.length === 0) break;
        for (const entry of entries) this.#commit(entry);
        moved.add(stream);
      }
    }
    if (moved.size === 0) return;
    this.#decideAgain([], moved);
    this.#listener.publish();
  }
}

const missing: AppendResult = { type: 'unavailable', reason: 'storage gave no answer' };

function keyOf<T>({ scope, key, digest, expires }: OnceOnly<T>): Omit<Once, 'result'> {
  return { scope, key, digest, expires };
}
