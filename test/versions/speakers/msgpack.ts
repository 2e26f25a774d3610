import { decodeMulti, encode } from '@msgpack/msgpack';
import type { TestApp } from '../../../testing/app.ts';
import { PASSWORD, type Speaker, type Subject } from './speaker.ts';
import { Wire } from './wire.ts';

/** Speaks msgpack. */
export class MsgpackSpeaker implements Speaker {
  readonly protocol = 'msgpack';
  name = '';
  #token = '';
  readonly #wire: Wire;

  constructor(app: TestApp) {
    this.#wire = new Wire(app, this.protocol);
  }

  get isClosed(): boolean {
    return this.#wire.isClosed;
  }

  async login(name: string): Promise<boolean> {
    const [isIn, , token] = await this.#exchange('login', name, PASSWORD);
    if (isIn === true) [this.name, this.#token] = [name, String(token)];
    return isIn === true;
  }

  async leave(): Promise<void> {
    await this.#exchange('logout', this.name);
    await this.drop();
  }

  drop(): Promise<void> {
    return this.#wire.drop();
  }

  async register({ word }: Subject): Promise<boolean> {
    const [isDone] = await this.#exchange('register', word, PASSWORD);
    return isDone === true;
  }

  createRoom({ word }: Subject): Promise<boolean> {
    return this.#ask('create_group', word);
  }

  joinRoom({ group }: Subject): Promise<boolean> {
    return this.#ask('join_group', group.name);
  }

  post({ word }: Subject): Promise<boolean> {
    return this.#ask('msg_group', 'lobby', `text ${word}`);
  }

  postInRoom({ word, group }: Subject): Promise<boolean> {
    return this.#ask('msg_group', group.name, `text ${word}`);
  }

  direct({ word, other }: Subject): Promise<boolean> {
    return this.#ask('whisper', other.name, `text ${word}`);
  }

  contact({ other }: Subject): Promise<boolean> {
    return this.#ask('add_contact', other.name);
  }

  async #ask(action: string, ...data: readonly string[]): Promise<boolean> {
    const [isDone] = await this.#exchange(action, this.name, this.#token, ...data);
    return isDone === true;
  }

  /** Sends a request and returns what follows `response` in the answer. No text of the story is this word. */
  async #exchange(...values: readonly string[]): Promise<readonly unknown[]> {
    const bytes = await this.#wire.exchange(Buffer.concat(values.map((value) => encode(value))));
    const received = [...decodeMulti(bytes)];
    const at = received.indexOf('response');
    return at < 0 ? [] : received.slice(at + 1);
  }
}
