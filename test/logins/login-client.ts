import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The result code of a login and its duration. */
export type Answer = { readonly result: number; readonly ms: number };

/** A minimal tagged client over TCP that tries to log in again and again. */
export class LoginClient {
  readonly #socket: Socket;
  #answer: (line: string) => void = () => {};
  #lost: (error: Error) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on('line', (line) => this.#answer(line));
    socket.on('error', () => {});
    socket.on('close', () => this.#lost(new Error('the server closed the connection')));
  }

  static async connect(port: number): Promise<LoginClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new LoginClient(socket);
  }

  /** Rejects when the connection is lost. */
  async tryLogin(username: string, password: string): Promise<Answer> {
    const hash = createHash('sha256').update(password).digest('hex');
    const answered = new Promise<string>((resolve, reject) => {
      this.#answer = resolve;
      this.#lost = reject;
    });
    const began = performance.now();
    this.#socket.write(JSON.stringify({ message: 'login', username, password: hash, tag: '1' }));
    const reply = JSON.parse(await answered) as { readonly reply: string; readonly result: number };
    if (reply.reply !== 'login') throw new Error(`no answer to a login: ${JSON.stringify(reply)}`);
    return { result: reply.result, ms: performance.now() - began };
  }

  end(): void {
    this.#socket.destroy();
  }
}
