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

/** What the two ends of a pair share. */
type PairState = {
  receiver: LinkReceiver | null;
  /** Bytes for the link that were not delivered yet. */
  incoming: Uint8Array[];
  /** Bytes from the link that the peer has read, and has not read. */
  read: Uint8Array[];
  unread: Uint8Array[];
  state: 'open' | 'ending' | 'closed';
  isPaused: boolean;
  isStalled: boolean;
  hasNetwork: boolean;
  isHalfClosed: boolean;
  answersProbes: boolean;
};

/**
 * A connection within the process: `link` is the server's end, the test drives `peer`. What a socket reports later (`closed`
 * after `end`, bytes after `resume`, an answer to a probe) comes at the end of the clock's event-loop turn.
 */
export function memoryPair(clock: Clock, options: MemoryOptions = {}): { link: MemoryLink; peer: MemoryPeer } {
  const pair: PairState = {
    receiver: null,
    incoming: [],
    read: [],
    unread: [],
    state: 'open',
    isPaused: false,
    isStalled: false,
    hasNetwork: true,
    isHalfClosed: false,
    answersProbes: true,
  };
  return { link: new MemoryLink(clock, pair, options), peer: new MemoryPeer(pair) };
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
  pair.receiver.alive(); // PORT-42
  pair.receiver.halfClosed(); // PORT-43
}

function close(pair: PairState): void {
  if (pair.state === 'closed') return;
  pair.state = 'closed';
  pair.receiver?.closed();
}

/** The server's end of a pair. With `message` framing a frame is a length of 4 bytes and the payload. */
export class MemoryLink implements Link {
  readonly framing: Link['framing'];
  readonly kind = 'memory';
  readonly address: string;
  readonly secure: boolean;
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
    this.#clock = clock;
    this.#pair = pair;
  }

  get unsentBytes(): number {
    return this.#pair.unread.reduce((sum, chunk) => sum + chunk.length, 0);
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
    if (this.#pair.isStalled) this.#pair.unread.push(framed);
    else this.#pair.read.push(framed);
    return true;
  }

  probe(): boolean {
    this.probes++;
    this.#clock.endOfTurn(() => {
      const { state, hasNetwork, answersProbes, receiver } = this.#pair;
      if (state === 'open' && hasNetwork && answersProbes) receiver?.alive();
    });
    return true;
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
    else this.#clock.endOfTurn(() => close(pair));
  }

  listen(receiver: LinkReceiver): void {
    this.#pair.receiver = receiver;
    this.#clock.endOfTurn(() => deliver(this.#pair));
  }
}

/** The test's end of a pair. Its calls take effect at once. */
export class MemoryPeer {
  readonly #pair: PairState;

  constructor(pair: PairState) {
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
    pair.read.push(...pair.unread);
    pair.unread = [];
    pair.isStalled = false;
    if (pair.state === 'ending') close(pair);
    else if (hadBacklog && pair.state === 'open') pair.receiver?.drained();
  }

  /** Sends no more, but still reads. */
  halfClose(): void {
    this.#pair.isHalfClosed = true;
    deliver(this.#pair);
  }

  /** Closes the connection, as a socket does. */
  close(): void {
    close(this.#pair);
  }

  /** Still reads, but no longer answers probes. */
  ignoreProbes(): void {
    this.#pair.answersProbes = false;
  }

  /** No longer reads, sends or answers; the server gets no notification. */
  loseNetwork(): void {
    this.stopReading();
    this.#pair.hasNetwork = false;
  }
}
