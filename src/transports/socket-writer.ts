import type { Socket } from 'node:net';
import type { Clock } from '../core/ports.ts';

/** Writes to a socket and reports when these bytes have left. Writes past the writer do not count. */
export class SocketWriter {
  readonly #socket: Socket;
  readonly #drained: () => void;
  #pending = 0;
  #isWaiting = false;

  /** `drained` is called when all bytes have left after a write that the system did not take at once. */
  constructor(socket: Socket, drained: () => void) {
    this.#socket = socket;
    this.#drained = drained;
  }

  get unsentBytes(): number {
    return this.#pending === 0 ? 0 : this.#socket.writableLength; // PORT-27
  }

  /** Makes one system call if the system takes the bytes, and copies nothing. */
  write(bytes: Uint8Array): void {
    this.#pending++;
    this.#socket.write(bytes, this.#written); // PORT-26
    if (this.#socket.writableLength > 0) this.#isWaiting = true; // PORT-27
  }

  readonly #written = (error?: Error | null) => {
    this.#pending--;
    if (error || !this.#isWaiting || this.#pending > 0) return; // PORT-27
    this.#isWaiting = false;
    this.#drained();
  };
}

/**
 * Ends a socket once its bytes have left, or after `endMs`. It keeps reading, so that the peer gets the last bytes and no
 * reset; the caller ignores the data.
 */
export function endSocket(socket: Socket, clock: Clock, endMs: number): void {
  socket.end();
  socket.resume();
  const cancel = clock.after(endMs, () => socket.destroy()); // PORT-29
  socket.once('close', cancel);
}
