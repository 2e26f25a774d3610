import { waitForIo } from '../../../testing/condition.ts';
import { type CloseInfo, type Connection, type FrameFormat, openConnection, type Transport } from '../connection.ts';
import type { Client, Endpoint } from '../driver.ts';
import { Observations } from '../observations.ts';

/** How the frames of one protocol are read. */
export type ProtocolFormat = {
  readonly protocol: string;
  readonly framing: FrameFormat;
  isAnswer(frame: string): boolean;
  /** Reads a frame that answers no request; throws if the protocol has no such frame. */
  observe(frame: string, observed: Observations): void;
};

/**
 * A client proves its end if it answers a ping, or ends its side after the server did. One of msgpack on TCP ends first, and
 * one of ZeroMQ would have to stay 2 s (ZMTP-28): what they were sent last may come again.
 */
function provesItsEnd(protocol: string, transport: Transport): boolean {
  return transport === 'websocket' || (transport === 'tcp' && protocol !== 'msgpack');
}

type PendingRequest = { readonly frame: string; answered(answer: string): void };

/** Sends requests on one connection and matches the answers in order; all other frames become observations. */
export class BaseClient {
  readonly frames: string[] = [];
  readonly sent: string[] = [];
  readonly observed: Observations;
  provesItsEnd = false;
  readonly #format: ProtocolFormat;
  readonly #pending: PendingRequest[] = [];
  #connection: Connection | null = null;
  #isOpen = false;

  constructor(format: ProtocolFormat) {
    this.observed = new Observations(`a client of ${format.protocol}`);
    this.#format = format;
  }

  /** Connects to a server; to be called first of all, and again only when the connection has ended. */
  async open(server: Endpoint, transport: Transport = 'websocket'): Promise<this> {
    this.provesItsEnd = provesItsEnd(this.#format.protocol, transport);
    this.#connection = await openConnection(transport, server.port, this.#format.framing, {
      receive: (frame) => this.#receive(frame),
      pending: () => this.#pending.map(({ frame }) => frame),
    });
    this.#pending.length = 0; // What was asked until now was asked on the last connection.
    this.#isOpen = true;
    void this.ended.then(() => (this.#isOpen = false));
    return this;
  }

  /** Whether neither side has ended the connection. */
  protected get isOpen(): boolean {
    return this.#isOpen;
  }

  get ended(): Promise<CloseInfo> {
    return this.#open.ended;
  }

  /** Rejects if the connection ends before there is an answer. */
  raw(frame: string): Promise<string> {
    const answer = new Promise<string>((answered) => void this.#pending.push({ frame, answered }));
    this.#send(frame);
    const ended = this.ended.then(({ reason }) => {
      throw new Error(`the connection ended (${reason}) before an answer to ${frame}`);
    });
    return Promise.race([answer, ended]);
  }

  /** Most protocols are shown what is new without asking. */
  look(): Promise<void> {
    return waitForIo();
  }

  /** Most protocols keep no copies. */
  checkCopies(): Promise<void> {
    return Promise.resolve();
  }

  /** Null: most protocols have no request for it. */
  details(_name: string): ReturnType<Client['details']> {
    return Promise.resolve(null);
  }

  pause(): void {
    this.#open.pause();
  }

  resume(): void {
    this.#open.resume();
  }

  cut(): void {
    this.#isOpen = false;
    this.#open.cut();
  }

  /** Sends the last frame; resolves when the server has closed the connection and noticed its end. */
  protected async sendLast(frame: string): Promise<void> {
    this.#send(frame);
    await this.#afterEnd();
  }

  /** The same for a last frame that is answered. */
  protected async askLast(frame: string): Promise<string> {
    const answer = await this.raw(frame);
    await this.#afterEnd();
    return answer;
  }

  protected async close(): Promise<void> {
    this.#open.close();
    await this.#afterEnd();
  }

  #send(frame: string): void {
    this.sent.push(frame);
    this.#open.send(frame);
  }

  async #afterEnd(): Promise<void> {
    await this.ended;
    await waitForIo();
  }

  get #open(): Connection {
    if (this.#connection === null) throw new Error('not connected');
    return this.#connection;
  }

  #receive(frame: string): void {
    this.frames.push(frame);
    try {
      const request = this.#format.isAnswer(frame) ? this.#pending.shift() : undefined;
      if (request === undefined) this.#format.observe(frame, this.observed);
      else request.answered(frame);
    } catch (error) {
      this.observed.fail(new Error(`cannot be read: ${frame}`, { cause: error }));
    }
  }
}
