import { sha256 } from '../../../src/lib/sha256.ts';
import type { TestApp } from '../../../testing/app.ts';
import { PASSWORD, type Speaker, type Subject } from './speaker.ts';
import { Wire } from './wire.ts';

const MOMENT = '2014-06-16T20:13:59.128Z';
const STATUSES = ['Available', 'Away', 'Busy', 'Offline', 'at lunch'];

/** Speaks tagged. */
export class TaggedSpeaker implements Speaker {
  readonly protocol = 'tagged';
  name = '';
  readonly #wire: Wire;
  #isGuest = false;
  #tags = 0;

  constructor(app: TestApp) {
    this.#wire = new Wire(app, this.protocol);
  }

  get isClosed(): boolean {
    return this.#wire.isClosed;
  }

  async enter(name: string): Promise<boolean> {
    this.#isGuest = await this.#begin(name, { username: name });
    return this.#isGuest;
  }

  login(name: string): Promise<boolean> {
    return this.#begin(name, { username: name, password: sha256(PASSWORD) });
  }

  async leave(): Promise<void> {
    await this.#wire.lines('{"message":"logout"}');
  }

  drop(): Promise<void> {
    return this.#wire.drop();
  }

  /** A guest becomes the account. */
  async register({ word }: Subject): Promise<boolean> {
    const isMade = await this.#ask('register', { username: word, password: sha256(PASSWORD) });
    if (isMade && this.#isGuest) [this.name, this.#isGuest] = [word, false];
    return isMade;
  }

  status({ chance }: Subject): Promise<boolean> {
    return this.#ask('me.status', { status: STATUSES[Math.floor(chance * STATUSES.length)] });
  }

  displayName({ word }: Subject): Promise<boolean> {
    return this.#ask('me.name', { display_name: `Called ${word}` });
  }

  createRoom({ word }: Subject): Promise<boolean> {
    return this.#ask('group.create', { groupname: word, display_name: `Room ${word}` });
  }

  joinRoom({ group }: Subject): Promise<boolean> {
    return this.#ask('group.join', { groupname: group.name });
  }

  leaveRoom({ group }: Subject): Promise<boolean> {
    return this.#ask('group.leave', { groupname: group.name });
  }

  post({ word }: Subject): Promise<boolean> {
    return this.#chat('chat.group', 'lobby', word);
  }

  postInRoom({ word, group }: Subject): Promise<boolean> {
    return this.#chat('chat.group', group.name, word);
  }

  direct({ word, other }: Subject): Promise<boolean> {
    return this.#chat('chat.user', other.name, word);
  }

  async edit({ word, own }: Subject): Promise<boolean> {
    return own !== null && this.#ask('chat.edit', { id: own.id, body: base64(`edited ${word}`) });
  }

  async remove({ own }: Subject): Promise<boolean> {
    return own !== null && this.#ask('chat.delete', { id: own.id });
  }

  contact({ other, on }: Subject): Promise<boolean> {
    return this.#ask(on ? 'friend.add' : 'friend.remove', { username: other.name });
  }

  block({ other, on }: Subject): Promise<boolean> {
    return this.#ask(on ? 'block.add' : 'block.remove', { username: other.name });
  }

  async #begin(name: string, fields: object): Promise<boolean> {
    const isIn = await this.#ask('login', fields);
    if (isIn) this.name = name;
    return isIn;
  }

  #chat(message: string, to: string, word: string): Promise<boolean> {
    return this.#ask(message, { to, body: base64(`text ${word}`), timestamp: MOMENT });
  }

  async #ask(message: string, fields: object): Promise<boolean> {
    const tag = `tag ${++this.#tags}`;
    const lines = await this.#wire.lines(JSON.stringify({ message, tag, ...fields }));
    const reply = lines.map((line) => JSON.parse(line)).find((one) => one.reply !== undefined && one.tag === tag);
    return reply !== undefined && reply.result < 300;
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
