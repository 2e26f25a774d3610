import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { Condition } from '../../testing/condition.ts';

/** A visitor's WebSocket, from an address of its own. */
export class Visitor {
  readonly #socket: WebSocket;
  readonly #frames: string[] = [];
  readonly #changed = new Condition();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      this.#frames.push(String(data));
      this.#changed.notify();
    });
  }

  /** Resolves with the status of the answer, or 0 for none, if that is no WebSocket. */
  static async open(
    url: string,
    localAddress: string,
    headers: Record<string, string> = {},
  ): Promise<Visitor | number> {
    const socket = new WebSocket(url, { localAddress, headers, rejectUnauthorized: false });
    const visitor = new Visitor(socket);
    const refused = new Promise<number>((resolve) => {
      socket.on('unexpected-response', (_request, response: IncomingMessage) => {
        resolve(Number(response.statusCode));
        response.destroy();
      });
      socket.on('error', () => resolve(0));
    });
    return Promise.race([once(socket, 'open').then(() => visitor), refused]);
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  /** Resolves with the next frame. */
  async next(): Promise<string> {
    await this.#changed.until(() => this.#frames.length > 0);
    return this.#frames.shift() ?? '';
  }

  async until(start: string): Promise<string> {
    for (;;) {
      const frame = await this.next();
      if (frame.startsWith(start)) return frame;
    }
  }

  async close(): Promise<void> {
    this.#socket.close();
    if (this.#socket.readyState !== this.#socket.CLOSED) await once(this.#socket, 'close');
  }
}
