import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Condition } from './condition.ts';
import type { Cleanup } from './temporary.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What a server does when the request for a handshake has arrived; `accept` is the head of the answer that accepts it. */
export type Answer = (socket: Socket, accept: string) => void;

type Options = { readonly host?: string; readonly port?: number; readonly tls?: TlsOptions };

/** A server for pings: it answers handshakes with any bytes, and sees when its connections are closed. */
export class PingedServer {
  readonly host: string;
  port = 0;
  /** How many connections arrived. */
  connections = 0;
  /** What all of them received. */
  received = Buffer.alloc(0);
  readonly #answer: Answer;
  readonly #changed = new Condition();
  readonly #open = new Set<Socket>();

  private constructor(host: string, answer: Answer) {
    this.host = host;
    this.#answer = answer;
  }

  static async listen(cleanup: Cleanup, answer: Answer, options: Options = {}): Promise<PingedServer> {
    const { host = '127.0.0.1', port = 0, tls } = options;
    const pinged = new PingedServer(host, answer);
    const server = tls === undefined ? createServer({ noDelay: true }) : createTlsServer(tls);
    server.on('connection', (socket: Socket) => pinged.#opened(socket));
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => pinged.#read(socket));
    server.on('tlsClientError', () => {});
    server.listen(port, host);
    await once(server, 'listening');
    pinged.port = (server.address() as AddressInfo).port;
    cleanup.after(async () => {
      for (const socket of pinged.#open) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    return pinged;
  }

  get address(): string {
    return `${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`;
  }

  /** Resolves when so many connections have arrived. */
  connected(count = 1): Promise<void> {
    return this.#changed.until(() => this.connections >= count);
  }

  /** Resolves when no connection is open. */
  closed(): Promise<void> {
    return this.#changed.until(() => this.#open.size === 0);
  }

  /** Resolves when the server has received the text. */
  until(text: string): Promise<void> {
    return this.#changed.until(() => this.received.includes(text));
  }

  #opened(socket: Socket): void {
    this.connections += 1;
    this.#open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#open.delete(socket);
      this.#changed.notify();
    });
    this.#changed.notify();
  }

  #read(socket: Socket): void {
    let request = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.#changed.notify();
      if (request.includes('\r\n\r\n')) return;
      request += bytes.toString('latin1');
      if (request.includes('\r\n\r\n')) this.#answer(socket, acceptanceOf(request));
    });
  }
}

function acceptanceOf(request: string): string {
  const [, key = ''] = /^Sec-WebSocket-Key: (.*)\r$/im.exec(request) ?? [];
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  return [...lines, `Sec-WebSocket-Accept: ${accept}`, '', ''].join('\r\n');
}

/** The head and frames, a text being a frame of its own. */
export function withFrames(accept: string, ...frames: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.concat([
    Buffer.from(accept),
    ...frames.map((frame) => (typeof frame === 'string' ? serverFrame(frame) : frame)),
  ]);
}

/** A frame of a WebSocket server, without a mask (RFC 6455, 5.2). */
export function serverFrame(payload: Uint8Array | string, opcode = 1): Buffer {
  const data = Buffer.from(payload);
  const head = data.length < 126 ? [data.length] : [126, data.length >> 8, data.length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head]), data]);
}
