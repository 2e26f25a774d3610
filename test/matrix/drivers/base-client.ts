import { someTurns } from '../../../testing/waiting.ts';
import type { Reachable } from '../driver.ts';
import { Sightings } from '../observations.ts';
import { type Ending, type Framing, openWire, type Transport, type Connection } from '../connection.ts';

/** How one protocol talks. */
export type Manner = {
  readonly protocol: string;
  readonly framing: Framing;
  isAnswer(frame: string): boolean;
  /** Hears what is no answer, or an answer to nothing; throws where the protocol knows no such frame. */
  hear(frame: string, sightings: Sightings): void;
};

type Question = { readonly frame: string; answered(answer: string): void };

/** Requests and their answers, in the order of both, on one connection; everything else is an event. */
export class Talk {
  readonly frames: string[] = [];
  readonly sent: string[] = [];
  readonly sightings: Sightings;
  readonly #manner: Manner;
  readonly #questions: Question[] = [];
  #wire: Connection | null = null;

  private constructor(manner: Manner) {
    this.sightings = new Sightings(`a client of ${manner.protocol}`);
    this.#manner = manner;
  }

  static async open(manner: Manner, server: Reachable, transport: Transport): Promise<Talk> {
    const talk = new Talk(manner);
    talk.#wire = await openWire(transport, server.port, manner.framing, {
      hear: (frame) => talk.#hear(frame),
      asked: () => talk.#questions.map(({ frame }) => frame),
    });
    return talk;
  }

  get ended(): Promise<Ending> {
    return this.#open.ended;
  }

  /** Rejects if the connection ends before there is an answer. */
  ask(frame: string): Promise<string> {
    const answer = new Promise<string>((answered) => void this.#questions.push({ frame, answered }));
    this.#send(frame);
    const ended = this.ended.then(({ reason }) => {
      throw new Error(`the connection ended (${reason}) before an answer to ${frame}`);
    });
    return Promise.race([answer, ended]);
  }

  /** Says the last thing; resolves when the server has closed the connection and knows that it is closed. */
  async leave(frame: string): Promise<void> {
    this.#send(frame);
    await this.#gone();
  }

  /** The same where the last thing is answered first. */
  async askAndLeave(frame: string): Promise<string> {
    const answer = await this.ask(frame);
    await this.#gone();
    return answer;
  }

  /** Hangs up. */
  async close(): Promise<void> {
    this.#open.close();
    await this.#gone();
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

  async #gone(): Promise<void> {
    await this.ended;
    await someTurns();
  }

  get #open(): Connection {
    if (this.#wire === null) throw new Error('not connected');
    return this.#wire;
  }

  #hear(frame: string): void {
    this.frames.push(frame);
    try {
      const question = this.#manner.isAnswer(frame) ? this.#questions.shift() : undefined;
      if (question === undefined) this.#manner.hear(frame, this.sightings);
      else question.answered(frame);
    } catch (error) {
      this.sightings.fail(new Error(`cannot be read: ${frame}`, { cause: error }));
    }
  }
}

/** What the clients of all protocols do alike: they are on a connection, on which they talk. */
export class Talker {
  protected readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  get sightings(): Sightings {
    return this.talk.sightings;
  }

  get frames(): readonly string[] {
    return this.talk.frames;
  }

  get sent(): readonly string[] {
    return this.talk.sent;
  }

  get ended(): Promise<Ending> {
    return this.talk.ended;
  }

  raw(frame: string): Promise<string> {
    return this.talk.ask(frame);
  }

  pause(): void {
    this.talk.pause();
  }

  resume(): void {
    this.talk.resume();
  }

  cut(): void {
    this.talk.cut();
  }
}
