import type { Socket } from 'node:net';
import type { Clock } from '../../core/ports.ts';
import { endSocket } from '../end-socket.ts';
import type { TransportLimits } from '../limits.ts';
import { errorFrame, readyFrame } from './commands.ts';
import { ourGreeting } from './greeting.ts';
import { readHandshake } from './handshake.ts';

/** Shakes hands with ZMTP peers, as the side that they connect to. */
export class ZmtpHandshaker {
  readonly #limits: TransportLimits;
  readonly #clock: Clock;
  readonly #greeting = ourGreeting();
  readonly #ready = readyFrame();

  constructor(limits: TransportLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Takes a paused socket whose first byte is 0xff, and gives it back paused once both sides are ready; whoever is refused is closed. */
  take(socket: Socket, opened: (hasHeartbeats: boolean) => void): void {
    let seen = Buffer.alloc(0);
    const hear = (bytes: Buffer) => {
      seen = Buffer.concat([seen, bytes]);
      const handshake = readHandshake(seen, this.#limits);
      if (handshake.type === 'more') return;
      socket.off('data', hear);
      if (handshake.type === 'refused') return this.#refuse(socket, handshake.flaw);
      socket.pause();
      socket.unshift(seen.subarray(handshake.length));
      socket.write(this.#ready); // ZMTP-08
      opened(handshake.hasHeartbeats);
    };
    socket.on('data', hear);
    socket.write(this.#greeting); // ZMTP-02
    socket.resume();
  }

  #refuse(socket: Socket, flaw: string | null): void {
    if (flaw !== null) socket.write(errorFrame(flaw)); // ZMTP-05
    endSocket(socket, this.#clock, this.#limits.endMs);
  }
}
