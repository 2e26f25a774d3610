import type { TestApp } from '../../../testing/app.ts';
import { PASSWORD, type Speaker, type Subject } from './speaker.ts';
import { Wire } from './wire.ts';

/** Speaks c2. */
export class C2Speaker implements Speaker {
  readonly protocol = 'c2';
  name = '';
  readonly #wire: Wire;

  constructor(app: TestApp) {
    this.#wire = new Wire(app, this.protocol);
  }

  get isClosed(): boolean {
    return this.#wire.isClosed;
  }

  enter(name: string): Promise<boolean> {
    return this.#as(name, `c2/CONNECT ${name}`);
  }

  login(name: string): Promise<boolean> {
    return this.#as(name, `c2/CONNECT ${name}; ${PASSWORD}`);
  }

  async leave(): Promise<void> {
    await this.#wire.lines('c2/DISCONNECT');
  }

  drop(): Promise<void> {
    return this.#wire.drop();
  }

  rename({ word }: Subject): Promise<boolean> {
    return this.#as(word, `c2/UPDATE username; ${word}`);
  }

  post({ word }: Subject): Promise<boolean> {
    return this.#ask(`c2/MSG 1795260079152; text ${word}`);
  }

  direct({ word, other }: Subject): Promise<boolean> {
    return this.#ask(`c2/MSG 1795260079152; /msg ${other.name} text ${word}`);
  }

  async edit({ word, own }: Subject): Promise<boolean> {
    return own !== null && this.#ask(`c2/QUERY update_message; ${own.id}; edited ${word}`);
  }

  /** Has this name if the frame is accepted. */
  async #as(name: string, frame: string): Promise<boolean> {
    const isAccepted = await this.#ask(frame);
    if (isAccepted) this.name = name;
    return isAccepted;
  }

  async #ask(frame: string): Promise<boolean> {
    const lines = await this.#wire.lines(frame);
    return lines.find((line) => /^c2\/(?:ACKNOWLEDGE|ERROR)/.test(line))?.startsWith('c2/ACKNOWLEDGE') ?? false;
  }
}
