import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export type Request = { readonly cls: string; readonly data: object };
type Answer = { readonly status: number; readonly data: { readonly [name: string]: unknown }; readonly bytes: number };

export const PASSWORD = 'correct horse battery';

/** A connection that speaks documents over raw TCP, one request at a time. */
export class DocumentsClient {
  id = 0;
  readonly #socket: Socket;
  #answered: (line: string) => void = () => {};
  #ids = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on('line', (line) => this.#answered(line));
  }

  static async open(port: number): Promise<DocumentsClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new DocumentsClient(socket);
  }

  ask({ cls, data }: Request): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#answered = (line) => resolve({ ...JSON.parse(line), bytes: Buffer.byteLength(line) });
    this.#socket.write(JSON.stringify({ type: 'request', id: `${++this.#ids}`, cls, data }));
    return promise;
  }

  async register(username: string): Promise<void> {
    await this.ask({ cls: 'register', data: { username, password: PASSWORD } });
  }

  async member(username: string): Promise<void> {
    await this.register(username);
    const { data } = await this.ask({ cls: 'login', data: { username, password: PASSWORD } });
    this.id = (data.self as { readonly id: number }).id;
  }

  close(): void {
    this.#socket.destroy();
  }
}
