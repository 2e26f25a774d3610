import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The acknowledged messages so far, and within how many milliseconds 99 of 100 were acknowledged. */
export type HealthReport = { readonly healthyP99Ms: number; readonly healthyMessages: number };

/** Sends messages one by one and measures how long each acknowledgement takes. */
export class HealthyClient {
  readonly #latencies: number[] = [];
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

  get report(): HealthReport {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    return { healthyP99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN, healthyMessages: sorted.length };
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(bytes: string): void {
    const lines = (this.#rest + bytes).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('c2/ACKNOWLEDGE')) continue;
      if (this.#sentAt > 0) this.#latencies.push(performance.now() - this.#sentAt);
      setTimeout(() => this.#send(), 5);
    }
  }

  #send(): void {
    if (this.#socket.destroyed) return;
    this.#sentAt = performance.now();
    this.#socket.write('c2/MSG 1; all is well\n');
  }
}
