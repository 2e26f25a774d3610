import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const HANDSHAKE_END = '\r\n\r\n';

/** A member of the room that does as little as it can, so that the load is not what is measured: it counts frames. */
export class Member {
  /** Frames that came, and those among them that are messages of the room. */
  messages = 0;
  onMessage: () => void = () => {};
  #rest: Buffer = Buffer.alloc(0);
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#read(bytes));
  }

  /** Connects, upgrades and, given a name, joins; resolves when that is answered. */
  static async join(port: number, name: string | null): Promise<Member> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.write(
      `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}${HANDSHAKE_END}`,
    );
    await new Promise<void>((resolve, reject) => {
      socket.once('data', (bytes) =>
        bytes.toString('latin1').startsWith('HTTP/1.1 101') ? resolve() : reject(new Error(bytes.toString('latin1'))),
      );
      socket.once('error', reject);
    });
    const member = new Member(socket);
    if (name === null) return member;
    const answered = new Promise<void>((resolve) => {
      member.#onFrame = (first) => {
        if (first === ACKNOWLEDGE) resolve();
      };
    });
    member.send(`c2/CONNECT ${name}`);
    await answered;
    member.#onFrame = () => {};
    return member;
  }

  send(text: string): void {
    const payload = Buffer.from(text);
    if (payload.length > 125) throw new RangeError('the load sends short messages only');
    this.#socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
  }

  close(): void {
    this.#socket.destroy();
  }

  #onFrame: (typeByte: number) => void = () => {};

  #read(bytes: Buffer): void {
    const buffer = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    while (at + 4 <= buffer.length) {
      const short = buffer[at + 1] ?? 0;
      const header = short === 126 ? 4 : 2;
      const end = at + header + (short === 126 ? buffer.readUInt16BE(at + 2) : short);
      if (end > buffer.length) break;
      const type = buffer[at + header + 3] ?? 0;
      if (type === MESSAGE) {
        this.messages += 1;
        this.onMessage();
      }
      this.#onFrame(type);
      at = end;
    }
    this.#rest = buffer.subarray(at);
  }
}

/** The first letter after `c2/`. */
const ACKNOWLEDGE = 'A'.charCodeAt(0);
const MESSAGE = 'M'.charCodeAt(0);
