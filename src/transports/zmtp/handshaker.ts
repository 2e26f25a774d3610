import type { Socket } from 'node:net';
import type { Clock } from '../../core/ports.ts';
import type { TransportLimits } from '../limits.ts';
import { endSocket } from '../socket-writer.ts';
import { errorFrame, readyFrame } from './commands.ts';
import { ourGreeting } from './greeting.ts';
import { readHandshake } from './handshake.ts';

/** Does the handshake with ZMTP peers, as the side that they connect to. */
export class ZmtpHandshaker {
  readonly #limits: TransportLimits;
  readonly #clock: Clock;
  readonly #greeting = ourGreeting();
  readonly #ready = readyFrame();

  constructor(limits: TransportLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Takes a paused socket that begins with 0xff. Calls `done` with the socket paused once both sides are ready; closes a refused peer. */
  take(socket: Socket, done: (hasHeartbeats: boolean) => void): void {
    let received = Buffer.alloc(0);
    const onData = (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      const handshake = readHandshake(received, this.#limits);
      if (handshake.type === 'more') return;
      socket.off('data', onData);
      if (handshake.type === 'refused') return this.#refuse(socket, handshake.error);
      socket.pause();
      socket.unshift(received.subarray(handshake.length));
      socket.write(this.#ready); // ZMTP-08
      done(handshake.hasHeartbeats);
    };
    socket.on('data', onData);
    socket.write(this.#greeting); // ZMTP-02
    socket.resume();
  }

  #refuse(socket: Socket, error: string | null): void {
    if (error !== null) socket.write(errorFrame(error)); // ZMTP-05
    endSocket(socket, this.#clock, this.#limits.endMs);
  }
}
