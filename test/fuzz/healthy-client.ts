import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Sends messages one by one and measures how long each acknowledgement takes. */
export class HealthyClient {
  readonly latencies: number[] = [];
  readonly #socket: Socket;
  #sentAt = 0;
  #rest = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async join(port: number): Promise<HealthyClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const client = new HealthyClient(socket);
    await once(socket, 'connect');
    socket.on('error', () => {});
    socket.on('data', (bytes) => client.#receive(String(bytes)));
    socket.write('c2/CONNECT healthy\n');
    return client;
  }

  /** In milliseconds. */
  get p99(): number {
    return this.latencies.toSorted((a, b) => a - b)[Math.floor(this.latencies.length * 0.99)] ?? Number.NaN;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(bytes: string): void {
    const lines = (this.#rest + bytes).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('c2/ACKNOWLEDGE')) continue;
      if (this.#sentAt > 0) this.latencies.push(performance.now() - this.#sentAt);
      setTimeout(() => this.#send(), 5);
    }
  }

  #send(): void {
    if (this.#socket.destroyed) return;
    this.#sentAt = performance.now();
    this.#socket.write('c2/MSG 1; all is well\n');
  }
}
