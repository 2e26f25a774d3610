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

/** What the two ends of a pair share: what is under way, and how the connection stands. */
type PairState = {
  receiver: LinkReceiver | null;
  /** Bytes for the link that it has not been given. */
  incoming: Uint8Array[];
  /** Bytes from the link that the peer has read, and those it has not. */
  read: Uint8Array[];
  unread: Uint8Array[];
  state: 'open' | 'ending' | 'closed';
  paused: boolean;
  stalled: boolean;
  vanished: boolean;
  finished: boolean;
  answersProbes: boolean;
};

/**
 * Two ends of one connection within a process, for tests: `link` is the server's end, `peer` is driven by the test. What a socket
 * would report later (`closed` after `end`, bytes after `resume`, an answer to a probe) comes at the end of the clock's turn.
 */
export function memoryPair(clock: Clock, options: MemoryOptions = {}): { link: MemoryLink; peer: MemoryPeer } {
  const line: PairState = {
    receiver: null,
    incoming: [],
    read: [],
    unread: [],
    state: 'open',
    paused: false,
    stalled: false,
    vanished: false,
    finished: false,
    answersProbes: true,
  };
  return { link: new MemoryLink(clock, line, options), peer: new MemoryPeer(line) };
}

function deliver(line: PairState): void {
  while (line.receiver && line.state === 'open') {
    if (line.paused) return; // PORT-40
    const bytes = line.incoming.shift();
    if (!bytes) break;
    line.receiver.alive();
    line.receiver.data(bytes);
  }
  if (!line.finished || !line.receiver || line.state !== 'open') return;
  line.finished = false;
  line.receiver.alive(); // PORT-42
  line.receiver.halfClosed(); // PORT-43
}

function close(line: PairState): void {
  if (line.state === 'closed') return;
  line.state = 'closed';
  line.receiver?.closed();
}

/** The server's end of a pair. In `message` framing a frame is a length of 4 bytes and the payload. */
export class MemoryLink implements Link {
  readonly framing: Link['framing'];
  readonly kind = 'memory';
  readonly address: string;
  readonly secure: boolean;
  readonly #clock: Clock;
  readonly #line: PairState;
  /** What the peer was written, chunk by chunk, the very objects. */
  readonly writes: Uint8Array[] = [];
  /** How the server ended the link. */
  ended: { readonly kind: CloseKind; readonly reason: string } | null = null;
  /** How often the server asked for a sign of life. */
  probes = 0;
  isLoggedIn = false;

  constructor(clock: Clock, line: PairState, options: MemoryOptions) {
    this.framing = options.framing ?? 'stream';
    this.address = options.address ?? '192.0.2.1';
    this.secure = options.secure ?? false;
    this.#clock = clock;
    this.#line = line;
  }

  get backlog(): number {
    return this.#line.unread.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  get isPaused(): boolean {
    return this.#line.paused;
  }

  frame(payload: Uint8Array): Uint8Array {
    if (this.framing === 'stream') return payload;
    const length = new Uint8Array(LENGTH_BYTES);
    new DataView(length.buffer).setUint32(0, payload.length);
    return concat([length, payload]);
  }

  write(framed: Uint8Array): boolean {
    if (this.#line.state !== 'open') return false;
    this.writes.push(framed);
    if (this.#line.stalled) this.#line.unread.push(framed);
    else this.#line.read.push(framed);
    return true;
  }

  probe(): boolean {
    this.probes++;
    this.#clock.endOfTurn(() => {
      const { state, vanished, answersProbes, receiver } = this.#line;
      if (state === 'open' && !vanished && answersProbes) receiver?.alive();
    });
    return true;
  }

  pause(): void {
    this.#line.paused = true;
  }

  resume(): void {
    this.#line.paused = false;
    this.#clock.endOfTurn(() => deliver(this.#line));
  }

  loggedIn(): void {
    this.isLoggedIn = true;
  }

  end(kind: CloseKind, reason: string): void {
    const line = this.#line;
    if (line.state !== 'open') return;
    line.state = 'ending';
    this.ended = { kind, reason };
    if (line.stalled) this.#clock.after(END_MS, () => close(line));
    else this.#clock.endOfTurn(() => close(line));
  }

  listen(receiver: LinkReceiver): void {
    this.#line.receiver = receiver;
    this.#clock.endOfTurn(() => deliver(this.#line));
  }
}

/** The test's end of a pair. What it does happens at once. */
export class MemoryPeer {
  readonly #line: PairState;

  constructor(line: PairState) {
    this.#line = line;
  }

  get isClosed(): boolean {
    return this.#line.state === 'closed';
  }

  /** Sends each of them by itself: a piece of the stream, or one message. They wait while the link is paused. */
  send(...pieces: readonly Uint8Array[]): void {
    if (this.#line.vanished) return;
    this.#line.incoming.push(...pieces);
    deliver(this.#line);
  }

  /** All bytes that it read since they were last taken, as they were framed. */
  take(): Uint8Array {
    const taken = concat(this.#line.read);
    this.#line.read = [];
    return taken;
  }

  /** The same as whole messages, for a link in `message` framing. */
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

  /** Stops reading: what the server writes from now on is its backlog. */
  stopReading(): void {
    this.#line.stalled = true;
  }

  /** Reads on after a stall. */
  resumeReading(): void {
    const line = this.#line;
    const waited = line.unread.length > 0;
    line.read.push(...line.unread);
    line.unread = [];
    line.stalled = false;
    if (line.state === 'ending') close(line);
    else if (waited && line.state === 'open') line.receiver?.drained();
  }

  /** Sends no more, and reads on. */
  halfClose(): void {
    this.#line.finished = true;
    deliver(this.#line);
  }

  /** Ends the connection as a socket does that is closed. */
  close(): void {
    close(this.#line);
  }

  /** Reads on, and shows by nothing that it does. */
  ignoreProbes(): void {
    this.#line.answersProbes = false;
  }

  /** Is gone without a word: neither reads, nor sends, nor answers; the server is not told. */
  loseNetwork(): void {
    this.stopReading();
    this.#line.vanished = true;
  }
}
