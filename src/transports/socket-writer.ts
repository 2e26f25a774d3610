import type { Socket } from 'node:net';

/** Writes to a socket and knows when what was written has left; what others write to the same socket does not count. */
export class SocketWriter {
  readonly #socket: Socket;
  readonly #drained: () => void;
  #underway = 0;
  #waiting = false;

  /** `drained` is called when all is gone after a write that the system did not take at once. */
  constructor(socket: Socket, drained: () => void) {
    this.#socket = socket;
    this.#drained = drained;
  }

  get backlog(): number {
    return this.#underway === 0 ? 0 : this.#socket.writableLength; // PORT-27
  }

  /** One call of the system if it takes the bytes; they are not copied. */
  write(bytes: Uint8Array): void {
    this.#underway++;
    this.#socket.write(bytes, this.#written); // PORT-26
    if (this.#socket.writableLength > 0) this.#waiting = true; // PORT-27
  }

  readonly #written = (error?: Error | null) => {
    this.#underway--;
    if (error || !this.#waiting || this.#underway > 0) return; // PORT-27
    this.#waiting = false;
    this.#drained();
  };
}
