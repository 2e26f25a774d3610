import { Inbox, withTimeout } from './transcripts/connections.ts';

/** An independent client: sends and reads text frames by the platform's WebSocket, without code of the server. */
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

  /** Opens a connection without logging in. */
  static async open(url: string): Promise<TextClient> {
    const socket = new WebSocket(url);
    const client = new TextClient(socket);
    await withTimeout(
      new Promise<void>((resolve, reject) => {
        socket.addEventListener('open', () => resolve());
        socket.addEventListener('error', () => reject(new Error(`no connection to ${url}`)));
      }),
    );
    return client;
  }

  /** Opens a connection and logs in by c2. */
  static async enter(url: string, name: string): Promise<TextClient> {
    const client = await TextClient.open(url);
    const answer = await client.ask(`c2/CONNECT ${name}`);
    if (!answer?.startsWith('c2/ACKNOWLEDGE')) throw new Error(`${name} could not enter: ${answer}`);
    return client;
  }

  send(...frames: readonly string[]): void {
    for (const frame of frames) this.#socket.send(frame);
  }

  /** The next frame; null after the last one when the connection has ended. */
  next(): Promise<string | null> {
    return this.#inbox.next();
  }

  /** Sends a frame and returns the next one that comes. */
  ask(frame: string): Promise<string | null> {
    this.send(frame);
    return this.next();
  }

  /** Reads up to the first frame that begins with `start`; rejects if the connection ends before. */
  async until(start: string): Promise<string> {
    for (;;) {
      const frame = await this.next();
      if (frame === null) throw new Error(`the connection ended before ${start}`);
      if (frame.startsWith(start)) return frame;
    }
  }

  /** Resolves with the close code and reason once the connection is closed. */
  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    const { code, reason } = await withTimeout(this.#closed);
    return { code, reason };
  }

  close(): void {
    this.#socket.close();
  }
}
