import { createHash } from 'node:crypto';
import { type Client, type Driver, type Operation, Refused, sentBy, type SentMessage, sharedId } from '../driver.ts';
import {
  type Conversation,
  DIRECT,
  type Font,
  type MessagePattern,
  type Observations,
  timestampOf,
} from '../observations.ts';
import { lineFrames } from '../connection.ts';
import { BaseClient, type ProtocolFormat } from './base-client.ts';

type Json = { readonly [field: string]: unknown };
type Reply = { readonly result: number; readonly result_message: string; readonly id?: string };
type User = { username: string; display_name: string; status: string; friend: boolean | null; guest?: boolean };
type Group = { groupname: string; display_name: string; members: readonly string[]; member: boolean | null };
type Chat = { from: string; to?: string; via?: string; body: string; timestamp: string; tag: string; font: Font };

class TaggedClient extends BaseClient implements Client {
  readonly protocol = 'tagged';
  #name = '';
  #tags = 0;

  async enter(name: string): Promise<void> {
    await this.#must('enter', 'login', { username: name, initial_status: 'Available' });
    this.#name = name;
  }

  async login(name: string, password: string, echo = false): Promise<void> {
    await this.#must('login', 'login', { username: name, password: sha256(password), ...(echo && { echo: true }) });
    this.#name = name;
  }

  async register(name: string, password: string): Promise<void> {
    await this.#must('register', 'register', { username: name, password: sha256(password) });
  }

  sendToLobby(text: string, time: number, font?: Font): Promise<SentMessage> {
    return this.#send('sendToLobby', 'chat.group', 'lobby', text, time, font);
  }

  sendToGroup(group: string, text: string, time: number): Promise<SentMessage> {
    return this.#send('sendToGroup', 'chat.group', group, text, time);
  }

  sendDirect(name: string, text: string, time: number): Promise<SentMessage> {
    return this.#send('sendDirect', 'chat.user', name, text, time);
  }

  async edit({ id }: SentMessage, text: string): Promise<void> {
    await this.#must('edit', 'chat.edit', { id, body: base64(text) });
  }

  async delete({ id }: SentMessage): Promise<void> {
    await this.#must('delete', 'chat.delete', { id });
  }

  async rename(name: string): Promise<void> {
    await this.#must('rename', 'me.username', { username: name });
  }

  async who(names: readonly string[]): Promise<readonly string[]> {
    const users = await this.#users(names);
    return users.filter(({ status }) => status !== 'Offline').map(({ username }) => username);
  }

  override async details(name: string): Promise<{ readonly displayName: string; readonly status: string } | null> {
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
    return this.sendLast(JSON.stringify({ message: 'logout', reason: 'going' }));
  }

  /** The server sends the users right before the answer, as a message of its own. */
  async #users(names: readonly string[]): Promise<readonly User[]> {
    const answer = await this.raw(JSON.stringify({ message: 'detail.users', usernames: names }));
    if ((JSON.parse(answer) as Reply).result >= 400) return [];
    const found = this.frames[this.frames.lastIndexOf(answer) - 1] ?? '';
    return (JSON.parse(found) as { users: readonly User[] }).users;
  }

  async #send(
    operation: Operation,
    message: string,
    to: string,
    text: string,
    time: number,
    font?: Font,
  ): Promise<SentMessage> {
    const fields = { to, body: base64(text), timestamp: new Date(time).toISOString(), ...(font && { font }) };
    const { id = '', result } = await this.#must(operation, message, fields);
    return { ...sentBy(this.#name, text), time, id, waits: result === 202, font: font ?? null };
  }

  async #must(operation: Operation, message: string, fields: Json): Promise<Reply> {
    const tag = `${++this.#tags}`;
    const answer = await this.raw(JSON.stringify({ message, ...fields, tag }));
    const reply = JSON.parse(answer) as Reply & { tag: unknown };
    if (reply.tag !== tag) throw new Error(`the answer to ${tag} is ${answer}`);
    if (reply.result >= 400) throw new Refused('tagged', operation, `${reply.result} ${reply.result_message}`);
    return reply;
  }
}

function isAnswer(frame: string): boolean {
  return 'reply' in JSON.parse(frame);
}

/** Follows the document and uses none of the server's code. */
function observe(frame: string, observed: Observations): void {
  const push = JSON.parse(frame) as { message: string } & Partial<Chat> & { users?: User[]; groups?: Group[] };
  for (const { username, display_name, status, friend, guest = false } of push.users ?? [])
    observed.add({ kind: 'person', name: username, displayName: display_name, status, isContact: friend, guest });
  for (const { groupname, display_name, members, member } of push.groups ?? [])
    observed.add({ kind: 'group', name: groupname, displayName: display_name, members, member });
  if (push.message.startsWith('chat.')) observed.add(messageOf(push as Chat));
  else if (push.users === undefined && push.groups === undefined)
    throw new Error(`tagged has no such message: ${frame}`);
}

function messageOf({ from, to, via, body, timestamp, tag, font }: Chat) {
  const direct: Conversation = { type: 'direct', ...(to === undefined ? {} : { to }) };
  return {
    kind: 'message',
    conversation: via === undefined ? direct : { type: 'group' as const, name: via },
    author: from,
    text: Buffer.from(body, 'base64').toString('utf8'),
    id: tag.replace(/^_/, '').replace(/\..*$/, ''),
    time: timestampOf(Date.parse(timestamp)),
    font,
  } as const;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function sha256(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

/** The server's default. */
const DEFAULT_FONT: Font = { family: 'Segoe UI', color: '#000000', style: '' };

function shown(sent: SentMessage, conversation: Conversation): MessagePattern {
  const { author, text, time, font } = sent;
  return {
    kind: 'message',
    conversation,
    author,
    text,
    time,
    ...sharedId(sent),
    font: font ?? DEFAULT_FONT,
  };
}

/** An edit or deletion is shown as a new line with the id of the message. */
function line(sent: SentMessage, text: string, conversation: Conversation): MessagePattern {
  return shown({ ...sent, text: `* ${text}`, time: 'now' }, conversation);
}

const format: ProtocolFormat = { protocol: 'tagged', framing: lineFrames, isAnswer, observe };

const offline = (name: string) => ({ kind: 'person', name, status: 'Offline' }) as const;

/** Clients of tagged.txt: groups, direct messages, presence and statuses. */
export const tagged: Driver = {
  protocol: 'tagged',
  unsupported: { rename: 'tagged changes display names, not names' },
  asks: false,
  echo: { rooms: 'others', direct: 'none' },
  echoOnRequest: { rooms: 'others', direct: 'others' },
  history: false,
  privateLines: false,
  transports: ['websocket', 'tcp'],
  singleLine: [],
  refusals: {
    nameTaken: '403 this name is taken',
    nameRegistered: '403 this name belongs to an account: log in with its password',
    banned: (reason) => `403 banned: ${reason}`,
    unreachable: '501 the one it is for cannot get it',
  },
  expected: {
    message: (sent, group) => shown(sent, { type: 'group', name: group }),
    direct: (sent) => shown(sent, DIRECT),
    ownDirect: (sent, to) => shown(sent, { type: 'direct', to }),
    edited: line,
    deleted: (sent, conversation) => line(sent, '(message deleted)', conversation),
    renamed: (before, name) => [
      offline(before),
      { kind: 'person', name, status: 'Available' },
      { kind: 'group', name: 'lobby' },
    ],
    status: (name, status) => ({ kind: 'person', name, status }),
    displayName: (name, displayName) => ({ kind: 'person', name, displayName }),
    left: offline,
    entered: (name) => ({ kind: 'person', name, status: 'Available' }),
    lost: offline,
    banned: offline,
    banMessage: () => null,
  },
  connect: (...args) => new TaggedClient(format).open(...args),
};
