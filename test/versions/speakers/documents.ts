import type { Key } from '../../../src/protocols/documents/schema.ts';
import type { TestApp } from '../../../testing/app.ts';
import { DocumentsClient, type Json } from '../../../testing/documents.ts';
import { PASSWORD, type Speaker, type Subject } from './speaker.ts';

const PRESENCES = ['online', 'away', 'busy', 'offline'];
const ROLES = ['member', 'moderator', 'member', 'moderator', 'owner'];

/** Speaks documents. */
export class DocumentsSpeaker implements Speaker {
  readonly protocol = 'documents';
  name = '';
  readonly client: DocumentsClient;
  #isGuest = false;

  constructor(app: TestApp) {
    this.client = new DocumentsClient(app);
  }

  get isClosed(): boolean {
    return this.client.endedAs !== null;
  }

  async enter(name: string): Promise<boolean> {
    this.#isGuest = await this.#begin({ username: name });
    return this.#isGuest;
  }

  login(name: string): Promise<boolean> {
    return this.#begin({ username: name, password: PASSWORD });
  }

  async leave(): Promise<void> {
    await this.client.ask('logout');
    await this.drop();
  }

  drop(): Promise<void> {
    return this.client.drop();
  }

  /** A guest becomes the account. */
  async register({ word }: Subject): Promise<boolean> {
    const isMade = await this.#ask('register', { username: word, password: PASSWORD });
    if (isMade && this.#isGuest) [this.name, this.#isGuest] = [word, false];
    return isMade;
  }

  status({ chance, on, word }: Subject): Promise<boolean> {
    const presence = PRESENCES[Math.floor(chance * PRESENCES.length)];
    return this.#patch(this.client.user, on ? { presence } : { status: chance < 0.3 ? null : `status ${word}` });
  }

  displayName({ word }: Subject): Promise<boolean> {
    return this.#patch(this.client.user, { display_name: `Named ${word}` });
  }

  names({ word, on }: Subject): Promise<boolean> {
    return this.#patch(this.client.user, on ? { first_name: word } : { first_name: null, last_name: word });
  }

  picture({ on, chance }: Subject): Promise<boolean> {
    const picture = on ? `users/${this.client.id}/${chance < 0.5 ? 'one' : 'two'}` : null;
    return this.#patch(this.client.user, { picture });
  }

  createRoom({ word, on, chance, other }: Subject): Promise<boolean> {
    const members = chance < 0.5 ? [{ key: { type: 'user', id: other.id } }] : [];
    return this.#add(this.client.rooms, { key: { type: 'room' }, name: word, open: on, members });
  }

  renameRoom({ word, room }: Subject): Promise<boolean> {
    return this.#patch({ type: 'room', id: room }, { name: `Room ${word}` });
  }

  joinRoom({ group }: Subject): Promise<boolean> {
    return this.#add(this.client.rooms, { key: { type: 'room', id: group.id } });
  }

  leaveRoom({ room }: Subject): Promise<boolean> {
    return this.#ask('remove_child', { key: this.client.rooms, obj: { key: { type: 'room', id: room } } });
  }

  addMember({ room, other }: Subject): Promise<boolean> {
    return this.#add({ type: 'members', id: room }, { key: { type: 'user', id: other.id } });
  }

  removeMember({ room, other }: Subject): Promise<boolean> {
    const obj = { key: { type: 'user', id: other.id } };
    return this.#ask('remove_child', { key: { type: 'members', id: room }, obj });
  }

  mute({ room, other, on }: Subject): Promise<boolean> {
    return this.#patch({ type: 'member', id: [room, other.id] }, { muted_until: on ? 4_000_000_000_000 : null });
  }

  setRole({ room, other, chance }: Subject): Promise<boolean> {
    const role = ROLES[Math.floor(chance * ROLES.length)];
    return this.#patch({ type: 'member', id: [room, other.id] }, { role });
  }

  banMember({ room, other, chance }: Subject): Promise<boolean> {
    const until = chance < 0.5 ? null : 1_800_000_000_000;
    return this.#ask('ban', { room: { type: 'room', id: room }, person: { type: 'user', id: other.id }, until });
  }

  post(subject: Subject): Promise<boolean> {
    return this.#post(subject, {});
  }

  postInRoom(subject: Subject): Promise<boolean> {
    return this.#post({ ...subject, room: subject.group.id }, {});
  }

  /** Begins the direct, or says something in it. */
  async direct({ word, other }: Subject): Promise<boolean> {
    const members = [{ key: { type: 'user', id: other.id } }];
    const answer = await this.client.ask('add_child', {
      key: this.client.rooms,
      obj: { key: { type: 'room' }, members },
    });
    const key = answer.data?.key as Key | undefined;
    return key?.type === 'room' && this.#add(key, { key: { type: 'msg' }, text: `text ${word}` });
  }

  async edit({ word, own }: Subject): Promise<boolean> {
    return own !== null && this.#patch({ type: 'msg', id: [own.room, own.number] }, { text: `edited ${word}` });
  }

  async remove({ message }: Subject): Promise<boolean> {
    if (message === null) return false;
    const obj = { key: { type: 'msg', id: [message.room, message.number] } };
    return this.#ask('remove_child', { key: { type: 'room', id: message.room }, obj });
  }

  async reply(subject: Subject): Promise<boolean> {
    const { message } = subject;
    if (message === null) return false;
    return this.#post(
      { ...subject, room: message.room },
      { reply_to: { type: 'msg', id: [message.room, message.number] } },
    );
  }

  async read({ message }: Subject): Promise<boolean> {
    return message !== null && this.#patch({ type: 'msg', id: [message.room, message.number] }, { read: true });
  }

  contact({ other, on }: Subject): Promise<boolean> {
    return this.#relate({ type: 'fav', id: this.client.id }, other.id, on);
  }

  block({ other, on }: Subject): Promise<boolean> {
    return this.#relate({ type: 'blocked', id: this.client.id }, other.id, on);
  }

  async #begin(data: { readonly username: string; readonly password?: string }): Promise<boolean> {
    const answer = await this.client.ask('login', data);
    if (answer.status !== 200) return false;
    this.client.session = answer.data ?? {};
    this.name = data.username;
    return true;
  }

  #post({ room, word }: Subject, more: Json): Promise<boolean> {
    return this.#add({ type: 'room', id: room }, { key: { type: 'msg' }, text: `text ${word}`, ...more });
  }

  #relate(key: Key, other: number, on: boolean): Promise<boolean> {
    return this.#ask(on ? 'add_child' : 'remove_child', { key, obj: { key: { type: 'user', id: other } } });
  }

  #add(key: Key, obj: Json): Promise<boolean> {
    return this.#ask('add_child', { key, obj });
  }

  async #patch(key: Key, fields: Json): Promise<boolean> {
    return (await this.client.patch(key, fields)).status === 200;
  }

  async #ask(cls: string, data: Json): Promise<boolean> {
    const { status = 0 } = await this.client.ask(cls, data);
    return status < 300;
  }
}
