import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { Condition } from '../condition.ts';

/** A client that sends any bytes over TCP or TLS and keeps all received bytes. */
export class RawClient {
  readonly socket: Socket;
  readonly #changed = new Condition();
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#changed.notify();
    });
    socket.on('close', () => this.#changed.notify());
  }

  /** `localAddress` is an address of this machine to come from. */
  static async connect(port: number, host = '127.0.0.1', localAddress?: string): Promise<RawClient> {
    return new RawClient(await connected(port, host, localAddress));
  }

  /** The same over TLS, without checking the certificate; `first` is sent in plain before the handshake. */
  static async connectTls(port: number, options: ConnectionOptions = {}, first?: Uint8Array): Promise<RawClient> {
    const plain = await connected(port, '127.0.0.1');
    if (first !== undefined) plain.write(first);
    const socket = connectTls({ socket: plain, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    await once(socket, 'secureConnect');
    return new RawClient(socket);
  }

  get received(): Buffer {
    return this.#received;
  }

  get text(): string {
    return this.#received.toString('latin1');
  }

  /** Resolves when the system has taken the bytes. */
  send(bytes: Uint8Array | string): Promise<void> {
    return new Promise((sent) => this.socket.write(bytes, () => sent()));
  }

  /** Resolves with all received bytes once they contain the text. */
  async until(text: string): Promise<string> {
    await this.#changed.until(() => this.text.includes(text));
    return this.text;
  }

  async untilBytes(count: number): Promise<Buffer> {
    await this.#changed.until(() => this.#received.length >= count);
    return this.#received;
  }

  /** Resolves with all received bytes once the server has closed the connection. */
  async closed(): Promise<string> {
    await this.#changed.until(() => this.socket.closed);
    return this.text;
  }

  /** Forgets the received bytes. */
  clear(): void {
    this.#received = Buffer.alloc(0);
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Sends the opening handshake of a WebSocket and returns the server's answer, whatever it is. */
  async upgrade(path = '/', headers: readonly string[] = []): Promise<string> {
    const lines = [
      `GET ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...headers,
    ];
    await this.send(`${lines.join('\r\n')}\r\n\r\n`);
    const answer = await this.until('\r\n\r\n');
    this.clear();
    return answer;
  }
}

async function connected(port: number, host: string, localAddress?: string): Promise<Socket> {
  const socket = connect({ port, host, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) });
  await once(socket, 'connect');
  return socket;
}

/** A frame of a WebSocket client, with a mask of zeros (RFC 6455, 5.2). */
export function clientFrame(opcode: number, payload: Uint8Array | string, final = true): Buffer {
  const data = Buffer.from(payload);
  const first = (final ? 0x80 : 0) | opcode;
  const mask = Buffer.alloc(4);
  if (data.length < 126) return Buffer.concat([Buffer.from([first, 0x80 | data.length]), mask, data]);
  if (data.length < 2 ** 16) {
    return Buffer.concat([Buffer.from([first, 0x80 | 126, data.length >> 8, data.length & 0xff]), mask, data]);
  }
  const header = Buffer.alloc(10);
  header[0] = first;
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(BigInt(data.length), 2);
  return Buffer.concat([header, mask, data]);
}
