import { type Transport, type Exchange, webSocketText } from './client-transports.ts';
import { IdleConnection } from './idle-connection.ts';

/** Connections that open at once: fewer than the backlog of a listening socket. */
const BATCH = 200;
/** Client addresses, because one address has only some 28,000 ports. */
const ADDRESSES = 10;
const KEEPALIVE_MS = 15_000;
const READ_BYTES = 64 * 1024;

/** Many connections of one kind; each logs in and is then silent. */
export class IdleConnections {
  /** Bytes received so far. */
  received = 0;
  /** Connections that the server closed. */
  dropped = 0;
  readonly #port: number;
  readonly #transport: Transport;
  readonly #memory = Buffer.allocUnsafe(READ_BYTES);
  readonly #connections: IdleConnection[] = [];
  readonly #events = {
    onData: (bytes: Uint8Array) => {
      this.received += bytes.length;
    },
    onClose: () => {
      this.dropped += 1;
    },
  };
  #opened = 0;
  #keepalives: NodeJS.Timeout | null = null;

  constructor(port: number, transport: Transport) {
    this.#port = port;
    this.#transport = transport;
  }

  /** Opens more connections, from several addresses, and logs each in by its `request`. Rejects if one is refused. */
  async open(count: number, request: (index: number) => Exchange): Promise<void> {
    this.#keepalives ??= setInterval(() => this.#sendKeepalives(), KEEPALIVE_MS).unref();
    for (let first = 0; first < count; first += BATCH) {
      const size = Math.min(BATCH, count - first);
      const connections = await Promise.all(Array.from({ length: size }, () => this.#open(this.#transport)));
      this.#connections.push(...connections);
      await this.#accepted();
      await Promise.all(connections.map((connection, offset) => this.#logIn(connection, request(first + offset))));
    }
  }

  close(): void {
    if (this.#keepalives !== null) clearInterval(this.#keepalives);
    for (const connection of this.#connections) connection.close();
  }

  async #open(transport: Transport): Promise<IdleConnection> {
    this.#opened += 1;
    const from = `127.0.0.${2 + (this.#opened % ADDRESSES)}`;
    const connection = await IdleConnection.connect(this.#port, from, this.#memory, this.#events);
    for (const step of transport.handshake()) await connection.ask(step);
    return connection;
  }

  /**
   * Resolves when the server has accepted all connections so far. A server accepts one connection in an event-loop turn. If
   * each logged in at once, each login would be alone in its turn, and the server could not announce several together.
   */
  async #accepted(): Promise<void> {
    const last = await this.#open(webSocketText);
    last.close();
  }

  async #logIn(connection: IdleConnection, { send, until }: Exchange): Promise<void> {
    await connection.ask({ send: this.#transport.frame(send), until });
  }

  #sendKeepalives(): void {
    const { keepalive } = this.#transport;
    if (keepalive !== null) for (const connection of this.#connections) connection.send(keepalive);
  }
}
