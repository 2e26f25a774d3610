import { connect, type Socket } from 'node:net';
import { webSocketText } from './client-transports.ts';

/** A member of the room that only counts frames, so that the load costs little CPU. */
export class Member {
  /** Received frames that are messages of the room. */
  messages = 0;
  onMessage: () => void = () => {};
  #rest: Buffer = Buffer.alloc(0);
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#read(bytes));
  }

  /** Connects by WebSocket and, with a name, joins; resolves when the server has answered. */
  static async join(port: number, name: string | null): Promise<Member> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const { send } of webSocketText.handshake()) socket.write(send);
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
    this.#socket.write(webSocketText.frame(text));
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

/** Frames are told apart by the first letter after `c2/`. */
const ACKNOWLEDGE = 'A'.charCodeAt(0);
const MESSAGE = 'M'.charCodeAt(0);
