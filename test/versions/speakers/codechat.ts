import type { TestApp } from '../../../testing/app.ts';
import { PASSWORD, type Speaker, type Subject } from './speaker.ts';
import { Wire } from './wire.ts';

/** Speaks codechat. */
export class CodechatSpeaker implements Speaker {
  readonly protocol = 'codechat';
  name = '';
  readonly #wire: Wire;

  constructor(app: TestApp) {
    this.#wire = new Wire(app, this.protocol);
  }

  get isClosed(): boolean {
    return this.#wire.isClosed;
  }

  enter(name: string): Promise<boolean> {
    return this.#as(name, { cmd: 'connect', username: name });
  }

  login(name: string): Promise<boolean> {
    return this.#as(name, { cmd: 'connect', username: name, password: PASSWORD });
  }

  async leave(): Promise<void> {
    await this.#wire.lines('{"cmd":"exit"}');
  }

  drop(): Promise<void> {
    return this.#wire.drop();
  }

  rename({ word }: Subject): Promise<boolean> {
    return this.#as(word, { cmd: 'rename', oldname: this.name, newname: word });
  }

  post({ word }: Subject): Promise<boolean> {
    return this.#ask({ cmd: 'msg', msg: `text ${word}` });
  }

  direct({ word, other }: Subject): Promise<boolean> {
    return this.#ask({ cmd: 'msg', msg: `/msg ${other.name} text ${word}` });
  }

  /** Has this name if the command succeeds. */
  async #as(name: string, command: object): Promise<boolean> {
    const isDone = await this.#ask(command);
    if (isDone) this.name = name;
    return isDone;
  }

  async #ask(command: object): Promise<boolean> {
    const lines = await this.#wire.lines(JSON.stringify(command));
    return lines.map((line) => JSON.parse(line)).find(({ success }) => success !== undefined)?.success === true;
  }
}
