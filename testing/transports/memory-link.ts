import type { Clock } from '../../src/core/ports.ts';
import { concat } from '../../src/lib/bytes.ts';
import type { CloseKind, Link, LinkReceiver } from '../../src/transports/link.ts';

const LENGTH_BYTES = 4;
const END_MS = 2_000;

export type MemoryOptions = {
  readonly framing?: Link['framing'];
  readonly address?: string;
  readonly secure?: boolean;
};

/** Hears what the link writes, within its call, and once that the connection is closed. */
export type PeerListener = { data(bytes: Uint8Array): void; closed(): void };

/** What the two ends of a pair share. */
type PairState = {
  receiver: LinkReceiver | null;
  /** Gets what the peer reads, instead of `read`. */
  listener: PeerListener | null;
  /** Bytes for the link that were not delivered yet. */
  incoming: Uint8Array[];
  /** Bytes from the link that the peer has read; and bytes and probes that it has not read, in order. */
  read: Uint8Array[];
  unread: (Uint8Array | number)[];
  /** The last probe that the peer has read and not answered; 0 if there is none. */
  asked: number;
  /** The last probe that the peer has read; 0 if there is none. */
  lastAsked: number;
  /** The peer has ended its side before the link was ended. */
  hasEnded: boolean;
  state: 'open' | 'ending' | 'closed';
  isPaused: boolean;
  isStalled: boolean;
  hasNetwork: boolean;
  isHalfClosed: boolean;
  /** When the peer answers a probe: at the end of the turn, when the test says so, or never. */
  answers: 'soon' | 'when told' | 'never';
  isSilent: boolean;
};

/**
 * A connection within the process: `link` is the server's end, the test drives `peer`. What a socket reports later (`closed`
 * after `end`, bytes after `resume`, an answer to a probe) comes at the end of the clock's event-loop turn.
 */
export function memoryPair(clock: Clock, options: MemoryOptions = {}): { link: MemoryLink; peer: MemoryPeer } {
  const pair: PairState = {
    receiver: null,
    listener: null,
    incoming: [],
    read: [],
    unread: [],
    state: 'open',
    isPaused: false,
    isStalled: false,
    hasNetwork: true,
    isHalfClosed: false,
    asked: 0,
    lastAsked: 0,
    hasEnded: false,
    answers: 'soon',
    isSilent: false,
  };
  return { link: new MemoryLink(clock, pair, options), peer: new MemoryPeer(clock, pair) };
}

function deliver(pair: PairState): void {
  while (pair.receiver && pair.state === 'open') {
    if (pair.isPaused) return; // PORT-40
    const bytes = pair.incoming.shift();
    if (!bytes) break;
    pair.receiver.alive();
    pair.receiver.data(bytes);
  }
  if (!pair.isHalfClosed || !pair.receiver || pair.state !== 'open') return;
  pair.isHalfClosed = false;
  pair.receiver.halfClosed(); // PORT-43
}

/** The peer reads what the link wrote. */
function read(pair: PairState, clock: Clock, item: Uint8Array | number): void {
  if (typeof item !== 'number') {
    if (pair.listener === null) pair.read.push(item);
    else pair.listener.data(item);
    return;
  }
  pair.asked = item;
  pair.lastAsked = item;
  if (pair.answers === 'soon') clock.endOfTurn(() => answer(pair));
}

function answer(pair: PairState): void {
  const { asked, state, hasNetwork } = pair;
  pair.asked = 0;
  if (asked === 0 || state === 'closed' || !hasNetwork) return;
  pair.receiver?.alive();
  pair.receiver?.proved(asked);
}

/** The peer has read everything, and then ended its side. */
function closeInOrder(pair: PairState): void {
  const { state, hasNetwork, hasEnded, lastAsked } = pair;
  if (state === 'ending' && hasNetwork && !hasEnded && lastAsked > 0) pair.receiver?.proved(lastAsked); // PORT-42
  close(pair);
}

function close(pair: PairState): void {
  if (pair.state === 'closed') return;
  pair.state = 'closed';
  pair.receiver?.closed();
  pair.listener?.closed();
}

/** The server's end of a pair. With `message` framing a frame is a length of 4 bytes and the payload. */
export class MemoryLink implements Link {
  readonly framing: Link['framing'];
  readonly kind = 'memory';
  readonly address: string;
  readonly secure: boolean;
  readonly openedAt: number;
  readonly #clock: Clock;
  readonly #pair: PairState;
  /** The chunks that were written to the peer, the same objects. */
  readonly writes: Uint8Array[] = [];
  /** How the server ended the link; null while it is open. */
  ended: { readonly kind: CloseKind; readonly reason: string } | null = null;
  /** How often the server probed. */
  probes = 0;
  isLoggedIn = false;

  constructor(clock: Clock, pair: PairState, options: MemoryOptions) {
    this.framing = options.framing ?? 'stream';
    this.address = options.address ?? '192.0.2.1';
    this.secure = options.secure ?? false;
    this.openedAt = clock.monotonic();
    this.#clock = clock;
    this.#pair = pair;
  }

  get unsentBytes(): number {
    return this.#pair.unread.reduce<number>((sum, item) => sum + (typeof item === 'number' ? 0 : item.length), 0);
  }

  get isPaused(): boolean {
    return this.#pair.isPaused;
  }

  frame(payload: Uint8Array): Uint8Array {
    if (this.framing === 'stream') return payload;
    const length = new Uint8Array(LENGTH_BYTES);
    new DataView(length.buffer).setUint32(0, payload.length);
    return concat([length, payload]);
  }

  write(framed: Uint8Array): boolean {
    if (this.#pair.state !== 'open') return false;
    this.writes.push(framed);
    this.#send(framed);
    return true;
  }

  get isSilent(): boolean {
    return this.#pair.isSilent;
  }

  ask(): boolean {
    this.probe();
    return true;
  }

  probe(): number {
    if (this.#pair.state === 'open') this.#send(++this.probes);
    return this.probes;
  }

  #send(item: Uint8Array | number): void {
    if (this.#pair.isStalled) this.#pair.unread.push(item);
    else read(this.#pair, this.#clock, item);
  }

  pause(): void {
    this.#pair.isPaused = true;
  }

  resume(): void {
    this.#pair.isPaused = false;
    this.#clock.endOfTurn(() => deliver(this.#pair));
  }

  loggedIn(): void {
    this.isLoggedIn = true;
  }

  end(kind: CloseKind, reason: string): void {
    const pair = this.#pair;
    if (pair.state !== 'open') return;
    pair.state = 'ending';
    this.ended = { kind, reason };
    if (pair.isStalled) this.#clock.after(END_MS, () => close(pair));
    else this.#clock.endOfTurn(() => closeInOrder(pair));
  }

  listen(receiver: LinkReceiver): void {
    this.#pair.receiver = receiver;
    this.#clock.endOfTurn(() => deliver(this.#pair));
  }
}

/** The test's end of a pair. Its calls take effect at once. */
export class MemoryPeer {
  readonly #clock: Clock;
  readonly #pair: PairState;

  constructor(clock: Clock, pair: PairState) {
    this.#clock = clock;
    this.#pair = pair;
  }

  get isClosed(): boolean {
    return this.#pair.state === 'closed';
  }

  /** Sends each piece by itself: a part of the stream, or one message. They wait while the link is paused. */
  send(...pieces: readonly Uint8Array[]): void {
    if (!this.#pair.hasNetwork) return;
    this.#pair.incoming.push(...pieces);
    deliver(this.#pair);
  }

  /** From now on `listener` gets what is read, instead of `take`. */
  listen(listener: PeerListener): void {
    this.#pair.listener = listener;
  }

  /** Returns the framed bytes that it has read since the last call. */
  take(): Uint8Array {
    const taken = concat(this.#pair.read);
    this.#pair.read = [];
    return taken;
  }

  /** The same as messages, for a link with `message` framing. */
  takeMessages(): Uint8Array[] {
    const bytes = this.take();
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const messages: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + LENGTH_BYTES + view.getUint32(at);
      messages.push(bytes.subarray(at + LENGTH_BYTES, end));
      at = end;
    }
    return messages;
  }

  /** From now on the bytes that the server writes stay unsent. */
  stopReading(): void {
    this.#pair.isStalled = true;
  }

  resumeReading(): void {
    const pair = this.#pair;
    const hadBacklog = pair.unread.length > 0;
    for (const item of pair.unread) read(pair, this.#clock, item);
    pair.unread = [];
    pair.isStalled = false;
    if (pair.state === 'ending') closeInOrder(pair);
    else if (hadBacklog && pair.state === 'open') pair.receiver?.drained();
  }

  /** Sends no more, but still reads. */
  halfClose(): void {
    this.#pair.isHalfClosed = true;
    this.#pair.hasEnded = true;
    deliver(this.#pair);
  }

  /** Closes the connection, as a socket does. */
  close(): void {
    close(this.#pair);
  }

  /** Still reads, but no longer answers probes. */
  ignoreProbes(): void {
    this.#pair.answers = 'never';
  }

  /** Still reads, and answers probes only when told. */
  holdProbes(): void {
    this.#pair.answers = 'when told';
  }

  /** Answers the probes that it has read. */
  answerProbes(): void {
    answer(this.#pair);
  }

  /** From now on the transport knows that the peer does not acknowledge bytes. */
  stopAcknowledging(): void {
    this.#pair.isSilent = true;
  }

  /** No longer reads, sends or answers; the server gets no notification. */
  loseNetwork(): void {
    this.stopReading();
    this.#pair.hasNetwork = false;
  }
}
