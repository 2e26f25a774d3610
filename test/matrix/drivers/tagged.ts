import { createHash } from 'node:crypto';
import type { Action, Client, Driver, Reachable, Said } from '../driver.ts';
import { asKept, Refused } from '../driver.ts';
import { type Font, type MessagePattern, momentOf, type Sightings, type Spot } from '../observations.ts';
import { lines, type Transport } from '../connection.ts';
import { type Manner, Talk, Talker } from './base-client.ts';

type Json = { readonly [field: string]: unknown };
type Reply = { readonly result: number; readonly result_message: string; readonly id?: string };
type User = { username: string; display_name: string; status: string; friend: boolean | null; guest?: boolean };
type Group = { groupname: string; display_name: string; members: readonly string[]; member: boolean | null };
type Chat = { from: string; to?: string; via?: string; body: string; timestamp: string; tag: string; font: Font };

class TaggedClient extends Talker implements Client {
  readonly protocol = 'tagged';
  #name = '';
  #asked = 0;

  async enter(name: string): Promise<void> {
    await this.#must('enter', 'login', { username: name, initial_status: 'Available' });
    this.#name = name;
  }

  async login(name: string, password: string, own?: 'echo'): Promise<void> {
    await this.#must('login', 'login', { username: name, password: sha256(password), ...(own && { echo: true }) });
    this.#name = name;
  }

  async register(name: string, password: string): Promise<void> {
    await this.#must('register', 'register', { username: name, password: sha256(password) });
  }

  sayInLobby(text: string, time: number, font?: Font): Promise<Said> {
    return this.#say('sayInLobby', 'chat.group', 'lobby', text, time, font);
  }

  sayInGroup(group: string, text: string, time: number): Promise<Said> {
    return this.#say('sayInGroup', 'chat.group', group, text, time);
  }

  tell(name: string, text: string, time: number): Promise<Said> {
    return this.#say('tell', 'chat.user', name, text, time);
  }

  async edit({ id }: Said, text: string): Promise<void> {
    await this.#must('edit', 'chat.edit', { id, body: base64(text) });
  }

  async delete({ id }: Said): Promise<void> {
    await this.#must('delete', 'chat.delete', { id });
  }

  async rename(name: string): Promise<void> {
    await this.#must('rename', 'me.username', { username: name });
  }

  async who(names: readonly string[]): Promise<readonly string[]> {
    const users = await this.#users(names);
    return users.filter(({ status }) => status !== 'Offline').map(({ username }) => username);
  }

  async details(name: string): Promise<{ readonly displayName: string; readonly status: string } | null> {
    const [user] = await this.#users([name]);
    return user === undefined ? null : { displayName: user.display_name, status: user.status };
  }

  async setStatus(status: string): Promise<void> {
    await this.#must('setStatus', 'me.status', { status });
  }

  async setDisplayName(text: string): Promise<void> {
    await this.#must('setDisplayName', 'me.name', { display_name: text });
  }

  leave(): Promise<void> {
    return this.talk.leave(JSON.stringify({ message: 'logout', reason: 'going' }));
  }

  /** What was found comes right before the answer, as a message of its own. */
  async #users(names: readonly string[]): Promise<readonly User[]> {
    const answer = await this.raw(JSON.stringify({ message: 'detail.users', usernames: names }));
    if ((JSON.parse(answer) as Reply).result >= 400) return [];
    const found = this.frames[this.frames.lastIndexOf(answer) - 1] ?? '';
    return (JSON.parse(found) as { users: readonly User[] }).users;
  }

  async #say(action: Action, message: string, to: string, text: string, time: number, font?: Font): Promise<Said> {
    const fields = { to, body: base64(text), timestamp: new Date(time).toISOString(), ...(font && { font }) };
    const { id = '', result } = await this.#must(action, message, fields);
    return { author: this.#name, text: asKept(text), time, id, waits: result === 202, font: font ?? null };
  }

  async #must(action: Action, message: string, fields: Json): Promise<Reply> {
    const tag = `${++this.#asked}`;
    const answer = await this.raw(JSON.stringify({ message, ...fields, tag }));
    const reply = JSON.parse(answer) as Reply & { tag: unknown };
    if (reply.tag !== tag) throw new Error(`the answer to ${tag} is ${answer}`);
    if (reply.result >= 400) throw new Refused('tagged', action, `${reply.result} ${reply.result_message}`);
    return reply;
  }
}

function isAnswer(frame: string): boolean {
  return 'reply' in JSON.parse(frame);
}

/** Reads what the document prints, without the project's own reader. */
function hear(frame: string, sightings: Sightings): void {
  const push = JSON.parse(frame) as { message: string } & Partial<Chat> & { users?: User[]; groups?: Group[] };
  for (const { username, display_name, status, friend, guest = false } of push.users ?? [])
    sightings.add({ kind: 'person', name: username, displayName: display_name, status, friend, guest });
  for (const { groupname, display_name, members, member } of push.groups ?? [])
    sightings.add({ kind: 'group', name: groupname, displayName: display_name, members, member });
  if (push.message.startsWith('chat.')) sightings.add(messageOf(push as Chat));
  else if (push.users === undefined && push.groups === undefined)
    throw new Error(`the document knows no such message: ${frame}`);
}

function messageOf({ from, to, via, body, timestamp, tag, font }: Chat) {
  const direct: Spot = { type: 'direct', ...(to === undefined ? {} : { to }) };
  return {
    kind: 'message',
    place: via === undefined ? direct : { type: 'group' as const, name: via },
    author: from,
    text: Buffer.from(body, 'base64').toString('utf8'),
    id: tag.replace(/^_/, '').replace(/\..*$/, ''),
    time: momentOf(Date.parse(timestamp)),
    font,
  } as const;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function sha256(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

/** What the configuration says where nobody says otherwise. */
const DEFAULT_FONT: Font = { family: 'Segoe UI', color: '#000000', style: '' };

function shown({ author, text, time, id, font }: Said, place: Spot): MessagePattern {
  return { kind: 'message', place, author, text, time, ...(id === null ? {} : { id }), font: font ?? DEFAULT_FONT };
}

/** What happened to a message is a line of its own, with that message's id. */
function line(said: Said, text: string, place: Spot): MessagePattern {
  return shown({ ...said, text: `* ${text}`, time: 'now' }, place);
}

const manner: Manner = { protocol: 'tagged', framing: lines, isAnswer, hear };

const offline = (name: string) => ({ kind: 'person', name, status: 'Offline' }) as const;

/** Clients of tagged.txt: all rooms of a person, conversations of two, people and what they are up to. */
export const tagged: Driver = {
  protocol: 'tagged',
  lacks: { rename: 'tagged changes display names, not names' },
  own: { rooms: 'others', direct: 'none' },
  ownWithEcho: { rooms: 'others', direct: 'others' },
  history: false,
  privateLines: false,
  transports: ['websocket', 'tcp'],
  oneLine: [],
  answers: {
    nameTaken: '403 this name is taken',
    banned: (reason) => `403 banned: ${reason}`,
    unreachable: '501 the one it is for cannot get it',
  },
  looks: {
    message: (said, group) => shown(said, { type: 'group', name: group }),
    direct: (said) => shown(said, { type: 'direct' }),
    ownDirect: (said, to) => shown(said, { type: 'direct', to }),
    edited: line,
    deleted: (said, place) => line(said, '(message deleted)', place),
    renamed: (before, name) => [
      offline(before),
      { kind: 'person', name, status: 'Available' },
      { kind: 'group', name: 'lobby' },
    ],
    status: (name, status) => ({ kind: 'person', name, status }),
    displayName: (name, displayName) => ({ kind: 'person', name, displayName }),
    left: offline,
    came: (name) => ({ kind: 'person', name, status: 'Available' }),
    lost: offline,
    banned: offline,
    lastWords: () => null,
  },
  async connect(server: Reachable, transport: Transport = 'websocket') {
    return new TaggedClient(await Talk.open(manner, server, transport));
  },
};
