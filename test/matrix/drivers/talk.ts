import { someTurns } from '../../../testing/waiting.ts';
import type { Reachable } from '../driver.ts';
import { Sightings } from '../sightings.ts';
import { type Ending, openWire, type Transport, type Wire } from '../wire.ts';

/** Requests and their answers, in the order of both, on one connection; everything else is an event. */
export class Talk {
  readonly frames: string[] = [];
  readonly sent: string[] = [];
  readonly sightings: Sightings;
  readonly #isAnswer: (frame: string) => boolean;
  readonly #hearEvent: (frame: string, sightings: Sightings) => void;
  readonly #waiting: ((answer: string) => void)[] = [];
  #wire: Wire | null = null;

  private constructor(
    protocol: string,
    isAnswer: (frame: string) => boolean,
    hearEvent: (frame: string, sightings: Sightings) => void,
  ) {
    this.sightings = new Sightings(`a client of ${protocol}`);
    this.#isAnswer = isAnswer;
    this.#hearEvent = hearEvent;
  }

  static async open(
    { protocol, server, transport }: { protocol: string; server: Reachable; transport: Transport },
    isAnswer: (frame: string) => boolean,
    hearEvent: (frame: string, sightings: Sightings) => void,
  ): Promise<Talk> {
    const talk = new Talk(protocol, isAnswer, hearEvent);
    talk.#wire = await openWire(transport, server.port, (frame) => talk.#hear(frame));
    return talk;
  }

  get ended(): Promise<Ending> {
    return this.#open.ended;
  }

  /** Rejects if the connection ends before there is an answer. */
  ask(frame: string): Promise<string> {
    const answer = new Promise<string>((resolve) => void this.#waiting.push(resolve));
    this.#send(frame);
    const ended = this.ended.then(({ reason }) => {
      throw new Error(`the connection ended (${reason}) before an answer to ${frame}`);
    });
    return Promise.race([answer, ended]);
  }

  /** Says the last thing; resolves when the server has closed the connection and knows that it is closed. */
  async leave(frame: string): Promise<void> {
    this.#send(frame);
    await this.ended;
    await someTurns();
  }

  pause(): void {
    this.#open.pause();
  }

  resume(): void {
    this.#open.resume();
  }

  cut(): void {
    this.#open.cut();
  }

  #send(frame: string): void {
    this.sent.push(frame);
    this.#open.send(frame);
  }

  get #open(): Wire {
    if (this.#wire === null) throw new Error('not connected');
    return this.#wire;
  }

  #hear(frame: string): void {
    this.frames.push(frame);
    try {
      if (this.#isAnswer(frame)) this.#waiting.shift()?.(frame);
      else this.#hearEvent(frame, this.sightings);
    } catch (error) {
      this.sightings.fail(new Error(`cannot be read: ${frame}`, { cause: error }));
    }
  }
}
