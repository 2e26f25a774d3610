import { Inbox, withTimeout } from './transcripts/connections.ts';

/** A client of one's own that writes and reads frames of text, on the platform's WebSocket: nothing of it is the server's code. */
export class TextClient {
  readonly #socket: WebSocket;
  readonly #inbox = new Inbox();
  readonly #closed: Promise<CloseEvent>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.addEventListener('close', resolve));
    socket.addEventListener('message', ({ data }) => this.#inbox.push(String(data)));
    socket.addEventListener('close', () => this.#inbox.push(null));
  }

  /** Opens a connection on which nothing has been said. */
  static async open(url: string): Promise<TextClient> {
    const socket = new WebSocket(url);
    const chatter = new TextClient(socket);
    await withTimeout(
      new Promise<void>((resolve, reject) => {
        socket.addEventListener('open', () => resolve());
        socket.addEventListener('error', () => reject(new Error(`no connection to ${url}`)));
      }),
    );
    return chatter;
  }

  /** Opens a connection and enters by c2. */
  static async enter(url: string, name: string): Promise<TextClient> {
    const chatter = await TextClient.open(url);
    const answer = await chatter.ask(`c2/CONNECT ${name}`);
    if (!answer?.startsWith('c2/ACKNOWLEDGE')) throw new Error(`${name} could not enter: ${answer}`);
    return chatter;
  }

  send(...frames: readonly string[]): void {
    for (const frame of frames) this.#socket.send(frame);
  }

  /** The next frame; null when the connection has ended and all was read. */
  next(): Promise<string | null> {
    return this.#inbox.next();
  }

  /** Sends one frame and gives the next that comes. */
  ask(frame: string): Promise<string | null> {
    this.send(frame);
    return this.next();
  }

  /** Reads on to the first frame that begins like this; rejects if the connection ends before. */
  async until(start: string): Promise<string> {
    for (;;) {
      const frame = await this.next();
      if (frame === null) throw new Error(`the connection ended before ${start}`);
      if (frame.startsWith(start)) return frame;
    }
  }

  /** How the connection was closed, once it is. */
  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    const { code, reason } = await withTimeout(this.#closed);
    return { code, reason };
  }

  close(): void {
    this.#socket.close();
  }
}
