import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Somebody who just talks, one message after the other, and measures how long each acknowledgement takes. */
export class HealthyClient {
  readonly latencies: number[] = [];
  readonly #socket: Socket;
  #asked = 0;
  #rest = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async join(port: number): Promise<HealthyClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const client = new HealthyClient(socket);
    await once(socket, 'connect');
    socket.on('error', () => {});
    socket.on('data', (bytes) => client.#hear(String(bytes)));
    socket.write('c2/CONNECT healthy\n');
    return client;
  }

  /** Milliseconds within which 99 of 100 were acknowledged. */
  get p99(): number {
    return this.latencies.toSorted((a, b) => a - b)[Math.floor(this.latencies.length * 0.99)] ?? Number.NaN;
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(bytes: string): void {
    const lines = (this.#rest + bytes).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('c2/ACKNOWLEDGE')) continue;
      if (this.#asked > 0) this.latencies.push(performance.now() - this.#asked);
      setTimeout(() => this.#ask(), 5);
    }
  }

  #ask(): void {
    if (this.#socket.destroyed) return;
    this.#asked = performance.now();
    this.#socket.write('c2/MSG 1; all is well\n');
  }
}
