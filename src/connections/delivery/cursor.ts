import type { Event, RoomEvent } from '../../core/model/events.ts';
import { type Outbox, PACE_BYTES, STALLED_MS } from '../output/outbox.ts';
import type { ReplayBuffer, EncodedEvent } from './replay-buffer.ts';
import type { Variant } from '../variant.ts';

const PULL_EVENTS = 200;
const RETRY_MS = 1_000;
const MAX_HELD = 1_000;

/** Where a cursor reads what is not in the ring. */
export type Source = {
  events(after: number, limit: number): Promise<readonly RoomEvent[]>;
  /** Calls again later, when storage was unavailable. */
  later(ms: number, run: () => void): void;
};

/** The connection's side of a cursor. */
export type Receiver = {
  readonly variant: Variant;
  readonly outbox: Outbox;
  /** An answer waits for an earlier one. */
  readonly blocked: boolean;
  /** Whether an event of this room is not for this connection, though others of its kind are shown it. */
  hides(event: Event): boolean;
  /** The peer does not take what it is sent. */
  tooSlow(): void;
  /** Of the room nothing is missing in the outbox any more. */
  caughtUp(): void;
};

type Deferred = { readonly after: number; readonly encoded: EncodedEvent };

/**
 * One connection's place in one room: the last position put into its outbox. It is `level` with the room, or it pulls
 * from the ring, else from storage, until it is. Joining, waiting and repairing gaps are all this.
 */
export class Cursor {
  readonly receiver: Receiver;
  readonly #replay: ReplayBuffer;
  readonly #source: Source;
  #position = -1;
  #number = 0;
  #state: 'loading' | 'reading' | 'behind' | 'level' | 'gone' = 'loading';
  #deferred: Deferred[] = [];
  #waiting = false;

  constructor(receiver: Receiver, replay: ReplayBuffer, source: Source) {
    this.receiver = receiver;
    this.#replay = replay;
    this.#source = source;
  }

  /** The number of the last message that was put into the outbox, or passed over because it is not for this connection. */
  get number(): number {
    return this.#number;
  }

  /** Whether all that happened so far was put into the outbox. */
  get isLive(): boolean {
    return this.#state === 'level';
  }

  /** From here on everything that happens after a position is shown, each once; `number` is that of the room's last message there. */
  start(position: number, number: number): void {
    if (this.#state === 'gone') return;
    this.#position = position;
    this.#number = number;
    this.#state = 'behind';
    this.catchUp();
  }

  /** Takes a chunk of events `first` to `last`, with messages up to `number`, if it continues what was sent; else false, and they will be pulled. */
  offer(chunk: Uint8Array | null, first: number, last: number, number: number): boolean {
    if (this.#state !== 'level' || this.receiver.blocked) return false; // CONN-02
    if (first > 0) {
      if (this.#position !== first - 1) return false; // CONN-05
      this.#position = last;
      this.#number = Math.max(this.#number, number);
    }
    if (chunk !== null) this.receiver.outbox.push(chunk);
    return true;
  }

  /** Keeps what has no position until its place in the order has come, and pulls the rest. */
  defer(after: number, encoded: EncodedEvent | null): void {
    const isShown =
      encoded !== null && !this.receiver.hides(encoded.event) && encoded.bytes(this.receiver.variant) !== null;
    if (isShown && this.#deferred.push({ after, encoded }) > MAX_HELD) this.receiver.tooSlow(); // CONN-08
    if (this.#state === 'level') this.#state = 'behind';
  }

  /** Goes on until level with the room; to be called whenever something that stood in the way is gone. */
  catchUp(): void {
    if (this.#state !== 'behind') return;
    const { outbox } = this.receiver;
    while (!this.receiver.blocked && outbox.size <= PACE_BYTES) {
      this.#sendDeferred();
      if (this.#position >= this.#replay.head) {
        this.#state = 'level';
        return this.receiver.caughtUp();
      }
      const encoded = this.#replay.at(this.#position + 1);
      if (encoded === undefined) return this.#read();
      this.#put(encoded.event, encoded);
      this.#position += 1;
    }
    if (outbox.size > PACE_BYTES) this.#wait();
  }

  /** The connection is over; nothing is sent or read for it any more. */
  stop(): void {
    this.#state = 'gone';
    this.#deferred = [];
  }

  /** Puts what happened into the outbox, unless it is not for this connection. */
  #put(event: Event, encoded: EncodedEvent | null): void {
    if (event.type === 'message-posted') this.#number = Math.max(this.#number, event.message.number);
    const { outbox, variant } = this.receiver;
    const bytes = this.receiver.hides(event) ? null : encoded === null ? variant.event(event) : encoded.bytes(variant); // CONN-40
    if (bytes !== null) outbox.pushSolicited(bytes);
  }

  #read(): void {
    this.#state = 'reading';
    this.#source.events(this.#position, PULL_EVENTS).then(
      (events) => {
        if (this.#state !== 'reading') return;
        this.#state = 'behind';
        const { outbox } = this.receiver;
        for (const event of events) {
          if (this.receiver.blocked || outbox.size > PACE_BYTES) break; // CONN-11
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

  /** Goes on when the link has taken what it has. Whoever took nothing for a minute while there was more is a slow reader. */
  #wait(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.receiver.outbox.whenTaken(() => {
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
