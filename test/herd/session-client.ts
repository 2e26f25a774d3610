import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A message of the server, as far as these clients read it. */
export type Message = {
  readonly id?: string;
  readonly cls?: string;
  readonly type: string;
  readonly status?: number;
  readonly data?: { readonly session?: string; readonly rooms?: object; readonly key?: object };
};

/** One client of documents on raw TCP, which can lose its connection and come back to its session. */
export class SessionClient {
  readonly #port: number;
  readonly #waiting = new Map<string, (message: Message | null) => void>();
  #socket: Socket | null = null;
  #rest = '';
  #ids = 0;
  #session = '';
  /** How many blocks of changes came on all connections; each is confirmed at once. */
  blocks = 0;

  constructor(port: number) {
    this.#port = port;
  }

  async open(): Promise<void> {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    this.#rest = '';
    this.#socket = socket;
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (piece: string) => this.#read(piece));
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      for (const settle of this.#waiting.values()) settle(null);
      this.#waiting.clear();
    });
  }

  /** The answer to a request; null if the connection ends before. */
  ask(cls: string, data: object): Promise<Message | null> {
    const id = `${++this.#ids}`;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket?.write(JSON.stringify({ type: 'request', id, cls, data }));
    });
  }

  async login(username: string, password: string): Promise<Message['data']> {
    const answer = await this.ask('login', { username, password });
    this.#session = answer?.data?.session ?? '';
    return answer?.data;
  }

  /** Connects and goes on with the session; false if that is refused or fails. */
  async comeBack(): Promise<boolean> {
    await this.open();
    return (await this.ask('reconnect', { session: this.#session }))?.status === 200;
  }

  drop(): void {
    this.#socket?.resetAndDestroy();
  }

  #read(piece: string): void {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#receive(JSON.parse(line) as Message);
  }

  #receive(message: Message): void {
    const { id = '', cls, type } = message;
    if (type === 'request') {
      this.blocks += 1;
      this.#socket?.write(JSON.stringify({ type: 'result', id, cls, status: 200 }));
      return;
    }
    this.#waiting.get(id)?.(message);
    this.#waiting.delete(id);
  }
}
