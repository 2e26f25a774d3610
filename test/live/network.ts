import { LineSplitter } from '../../src/lib/lines.ts';
import type { Platform } from '../../src/lib/platform.ts';
import type { WebSocketLike } from '../../src/lib/request-channel.ts';
import { DelayLine } from '../../testing/chaos/delay-line.ts';
import { CLEAR, type Faults } from '../../testing/chaos/faults.ts';
import type { FakeClock } from '../../testing/clock.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { MemoryPeer } from '../../testing/transports/memory-link.ts';

const MAX_LINE = 4_194_304;

type Listener = Parameters<WebSocketLike['addEventListener']>[1];

/** A bad network between clients in this process and an app. It begins without faults. */
export class MemoryNetwork {
  readonly #clock: FakeClock;
  readonly #random: SeededRandom;
  readonly #connect: () => MemoryPeer;
  readonly #sockets = new Set<MemorySocket>();
  #faults = CLEAR;
  /** How many connections were opened. */
  opened = 0;

  constructor(clock: FakeClock, random: SeededRandom, connect: () => MemoryPeer) {
    this.#clock = clock;
    this.#random = random;
    this.#connect = connect;
  }

  /** The platform of a client in this network, whose clock is that of the app. */
  get platform(): Platform {
    const [clock, random] = [this.#clock, this.#random];
    const open = (socket: MemorySocket) => this.#open(socket);
    return {
      WebSocket: class extends MemorySocket {
        constructor(_url: string) {
          super(clock, random);
          clock.endOfTurn(() => open(this));
        }
      },
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms, run) => clock.after(ms, run),
      random: () => random.next(),
    };
  }

  set(faults: Faults): void {
    this.#faults = faults;
    for (const socket of this.#sockets) socket.set(faults);
  }

  heal(): void {
    this.set(CLEAR);
  }

  /** Ends all connections; what is under way is lost. */
  cut(): void {
    for (const socket of this.#sockets) socket.cut();
  }

  #open(socket: MemorySocket): void {
    if (this.#faults.refuse) return socket.cut();
    this.opened += 1;
    this.#sockets.add(socket);
    socket.begin(this.#connect(), this.#faults, () => this.#sockets.delete(socket));
  }
}

/** One connection: a line in each direction, of bytes that may come in any pieces, and at its end a client of text frames. */
class MemorySocket implements WebSocketLike {
  binaryType = 'blob';
  readonly #clock: FakeClock;
  readonly #up: DelayLine;
  readonly #down: DelayLine;
  readonly #splitter = new LineSplitter(MAX_LINE);
  readonly #listeners = new Map<string, Listener>();
  #peer: MemoryPeer | null = null;
  #isClosed = false;
  #ended: () => void = () => {};

  constructor(clock: FakeClock, random: SeededRandom) {
    this.#clock = clock;
    const broken = () => this.cut();
    this.#up = new DelayLine(clock, random, {
      forward: (bytes) => {
        this.#peer?.send(bytes);
        return true;
      },
      ended: () => this.#peer?.close(),
      broken,
    });
    this.#down = new DelayLine(clock, random, {
      forward: (bytes) => {
        for (const line of this.#splitter.push(bytes))
          this.#tell('message', { data: new TextDecoder().decode(line as Uint8Array) });
        return true;
      },
      ended: () => this.#lost(),
      broken,
    });
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener);
  }

  send(data: string): void {
    this.#clock.endOfTurn(() => this.#up.push(new TextEncoder().encode(data)));
  }

  close(): void {
    this.#isClosed = true;
    this.#clock.endOfTurn(() => this.#up.end('end'));
  }

  begin(peer: MemoryPeer, faults: Faults, ended: () => void): void {
    this.#peer = peer;
    this.#ended = ended;
    this.set(faults);
    peer.listen({
      data: (bytes) => this.#clock.endOfTurn(() => this.#down.push(bytes)),
      closed: () => this.#clock.endOfTurn(() => this.#down.end('end')),
    });
    this.#tell('open', {});
  }

  set({ up, down }: Faults): void {
    this.#up.set(up);
    this.#down.set(down);
  }

  /** Both ends learn of it at once. */
  cut(): void {
    this.#up.close();
    this.#down.close();
    this.#peer?.close();
    this.#lost();
  }

  #lost(): void {
    this.#ended();
    this.#tell('close', {});
    this.#isClosed = true;
  }

  #tell(type: string, event: Parameters<Listener>[0]): void {
    if (!this.#isClosed) this.#listeners.get(type)?.(event);
  }
}
