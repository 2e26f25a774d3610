import type { Event, RoomEvent } from '../../core/model/events.ts';
import { type Outbox, PACE_BYTES, STALLED_MS } from '../output/outbox.ts';
import type { Variant } from '../variant.ts';
import type { EncodedEvent, ReplayBuffer } from './replay-buffer.ts';

const READ_EVENTS = 200;
const RETRY_MS = 1_000;
const MAX_DEFERRED = 1_000;

/** Where a cursor reads events that are no longer in the replay buffer. */
export type Source = {
  events(after: number, limit: number): Promise<readonly RoomEvent[]>;
  later(ms: number, run: () => void): void;
};

/** The connection that a cursor delivers to. */
export type Receiver = {
  readonly variant: Variant;
  readonly outbox: Outbox;
  /** An answer waits for an earlier one: until it is sent, nothing is delivered. */
  readonly hasWaitingReply: boolean;
  /** Whether this connection does not deliver an event that its variant shows. */
  hides(event: Event): boolean;
  /** The client is a slow reader. */
  tooSlow(): void;
  /** The cursor is live. */
  caughtUp(): void;
};

/** An ephemeral event, to be sent once the cursor has reached position `after`. */
export type Deferred = { readonly after: number; readonly encoded: EncodedEvent };

/**
 * One connection's position in one room: that of the last event that was put into its outbox or hidden. The cursor is
 * `live`, or catches up from the replay buffer, else from storage. Joining, waiting for the client and repairing gaps all
 * work this way.
 */
export class Cursor {
  readonly receiver: Receiver;
  readonly #replay: ReplayBuffer;
  readonly #source: Source;
  #position = -1;
  #number = 0;
  #state: 'unstarted' | 'reading' | 'behind' | 'live' | 'stopped' = 'unstarted';
  #deferred: Deferred[] = [];
  #waiting = false;

  constructor(receiver: Receiver, replay: ReplayBuffer, source: Source) {
    this.receiver = receiver;
    this.#replay = replay;
    this.#source = source;
  }

  /** The number of the last message that was put into the outbox or hidden. */
  get number(): number {
    return this.#number;
  }

  /** Whether all events so far were put into the outbox or hidden. */
  get isLive(): boolean {
    return this.#state === 'live';
  }

  /** Delivers every event after `position`, once each; `number` is the number of the room's last message at that position. */
  start(position: number, number: number): void {
    if (this.#state === 'stopped') return;
    this.#position = position;
    this.#number = number;
    this.#state = 'behind';
    this.catchUp();
  }

  /**
   * Sends a chunk with the events `first` to `last` and messages up to `number`. False if the cursor is not live, waits for
   * an answer, or lacks the event before `first`.
   */
  offer(chunk: Uint8Array | null, first: number, last: number, number: number): boolean {
    if (this.#state !== 'live' || this.receiver.hasWaitingReply) return false; // CONN-02
    if (first > 0) {
      if (this.#position !== first - 1) return false; // CONN-05
      this.#position = last;
      this.#number = Math.max(this.#number, number);
    }
    if (chunk !== null) this.receiver.outbox.push(chunk);
    return true;
  }

  /** Keeps an ephemeral event (null: none) until the cursor reaches position `after`. The cursor is behind from now on. */
  defer(after: number, encoded: EncodedEvent | null): void {
    const isShown =
      encoded !== null && !this.receiver.hides(encoded.event) && encoded.bytes(this.receiver.variant) !== null;
    if (isShown && this.#deferred.push({ after, encoded }) > MAX_DEFERRED) this.receiver.tooSlow(); // CONN-08
    if (this.#state === 'live') this.#state = 'behind';
  }

  /** Sends missed events until the cursor is live or must wait. To be called whenever a reason to wait has ended. */
  catchUp(): void {
    if (this.#state !== 'behind') return;
    const { outbox } = this.receiver;
    while (!this.receiver.hasWaitingReply && outbox.size <= PACE_BYTES) {
      this.#sendDeferred();
      if (this.#position >= this.#replay.head) {
        this.#state = 'live';
        return this.receiver.caughtUp();
      }
      const encoded = this.#replay.at(this.#position + 1);
      if (encoded === undefined) return this.#read();
      this.#put(encoded.event, encoded);
      this.#position += 1;
    }
    if (outbox.size > PACE_BYTES) this.#wait();
  }

  /** Sends and reads nothing any more. */
  stop(): void {
    this.#state = 'stopped';
    this.#deferred = [];
  }

  #put(event: Event, encoded: EncodedEvent | null): void {
    if (event.type === 'message-posted') this.#number = Math.max(this.#number, event.message.number);
    const { outbox, variant } = this.receiver;
    const bytes = this.receiver.hides(event) ? null : encoded === null ? variant.event(event) : encoded.bytes(variant); // CONN-40
    if (bytes !== null) outbox.pushSolicited(bytes);
  }

  #read(): void {
    this.#state = 'reading';
    this.#source.events(this.#position, READ_EVENTS).then(
      (events) => {
        if (this.#state !== 'reading') return;
        this.#state = 'behind';
        const { outbox } = this.receiver;
        for (const event of events) {
          if (this.receiver.hasWaitingReply || outbox.size > PACE_BYTES) break; // CONN-11
          this.#sendDeferred();
          this.#put(event, null);
          this.#position = event.position;
        }
        if (events.length > 0) this.catchUp();
        else this.#retry();
      },
      () => this.#retry(),
    );
  }

  #retry(): void {
    this.#source.later(RETRY_MS, () => {
      if (this.#state === 'reading') this.#state = 'behind';
      this.catchUp();
    });
  }

  /** Continues when all bytes have left. If that takes more than a minute, the client is a slow reader. */
  #wait(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.receiver.outbox.whenDrained(() => {
      this.#waiting = false;
      this.catchUp();
    });
    const position = this.#position;
    this.#source.later(STALLED_MS, () => {
      if (this.#state === 'behind' && this.#position === position) this.receiver.tooSlow(); // CONN-08
    });
  }

  #sendDeferred(): void {
    while (this.#deferred[0] !== undefined && this.#deferred[0].after <= this.#position) {
      const bytes = this.#deferred.shift()?.encoded.bytes(this.receiver.variant) ?? null; // CONN-68
      if (bytes !== null) this.receiver.outbox.push(bytes);
    }
  }
}
