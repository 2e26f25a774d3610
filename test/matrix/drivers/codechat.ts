import { type Client, type Driver, type Operation, Refused, sentBy, type SentMessage } from '../driver.ts';
import { type Conversation, DIRECT, LOBBY, type MessagePattern, type Observations } from '../observations.ts';
import { lineFrames } from '../connection.ts';
import { inLobby, readLine } from './lobby-line.ts';
import { BaseClient, type ProtocolFormat } from './base-client.ts';

type Json = { readonly [field: string]: unknown };
type Status = { readonly success: boolean; readonly 'error-msg': string; readonly 'success-msg': string };

class CodechatClient extends BaseClient implements Client {
  readonly protocol = 'codechat';
  #name = '';

  async enter(username: string): Promise<void> {
    await this.#must('enter', { cmd: 'connect', username });
    this.#name = username;
  }

  async login(username: string, password: string): Promise<void> {
    await this.#must('login', { cmd: 'connect', username, password });
    this.#name = username;
  }

  async register(username: string, password: string): Promise<void> {
    await this.#must('register', { cmd: 'register', username, password });
  }

  async sendToLobby(text: string): Promise<SentMessage> {
    await this.#must('sendToLobby', { cmd: 'msg', msg: `${text.startsWith('/') ? '/' : ''}${text}` });
    return sentBy(this.#name, text);
  }

  async sendToGroup(group: string, text: string): Promise<SentMessage> {
    await this.#must('sendToGroup', { cmd: 'msg', msg: `/msg ${group} ${text}` });
    return sentBy(this.#name, text);
  }

  async sendDirect(name: string, text: string): Promise<SentMessage> {
    await this.#must('sendDirect', { cmd: 'msg', msg: `/msg ${name} ${text}` });
    return sentBy(this.#name, text);
  }

  async edit({ id }: SentMessage, msg: string): Promise<void> {
    await this.#must('edit', { cmd: 'edit', id, msg });
  }

  async delete({ id }: SentMessage): Promise<void> {
    await this.#must('delete', { cmd: 'delete', id });
  }

  async rename(newname: string): Promise<void> {
    await this.#must('rename', { cmd: 'rename', oldname: this.#name, newname });
    this.#name = newname;
  }

  async who(names: readonly string[]): Promise<readonly string[]> {
    const status = JSON.parse(await this.raw(JSON.stringify({ cmd: 'get-clients' }))) as Status;
    const present = status['success-msg'].split(', ');
    return names.filter((name) => present.includes(name));
  }

  async setStatus(status: string): Promise<void> {
    await this.#must('setStatus', { cmd: 'status', status });
  }

  async setDisplayName(name: string): Promise<void> {
    await this.#must('setDisplayName', { cmd: 'display-name', name });
  }

  async leave(): Promise<void> {
    const answer = await this.askLast(JSON.stringify({ cmd: 'exit' }));
    if (!(JSON.parse(answer) as Status).success) throw new Error(`exit was refused: ${answer}`);
  }

  async #must(operation: Operation, command: Json): Promise<void> {
    const status = JSON.parse(await this.raw(JSON.stringify(command))) as Status;
    if (!status.success) throw new Refused('codechat', operation, status['error-msg']);
  }
}

function isAnswer(frame: string): boolean {
  return 'success' in JSON.parse(frame);
}

/** Follows the document and uses none of the server's code. */
function observe(frame: string, observed: Observations): void {
  const { cmd, user, msg, from, payload, ...rest } = JSON.parse(frame) as Json & Partial<Status>;
  const isBare = Object.keys(rest).length === 0 && from === user && payload === msg;
  if (cmd === 'message' && typeof user === 'string' && typeof msg === 'string' && isBare)
    return observed.add({ kind: 'message', ...readLine(msg), author: user, id: null, time: null, font: null });
  if (cmd === 'client-enter' && typeof user === 'string' && isBare)
    return observed.add({ kind: 'entered', name: user });
  if (cmd === 'client-exit' && typeof user === 'string' && isBare)
    return observed.add({ kind: 'left', name: user, reason: '' });
  if (rest.success !== false || rest['error-msg'] === undefined)
    throw new Error(`codechat has no such object: ${frame}`);
  observed.add({ kind: 'server-message', text: rest['error-msg'] });
}

function shown({ author, text }: SentMessage, conversation: Conversation): MessagePattern {
  return { kind: 'message', conversation, author, text };
}

const left = (name: string) => ({ kind: 'left', name }) as const;
const entered = (name: string) => ({ kind: 'entered', name }) as const;

const format: ProtocolFormat = { protocol: 'codechat', framing: lineFrames, isAnswer, observe };

/** Clients of codechat.txt: one big room, names that come and go, and direct messages as lines of the room. */
export const codechat: Driver = {
  protocol: 'codechat',
  unsupported: {
    sendToGroup: 'codechat has one big room',
    edit: 'codechat has no command that changes what was said',
    delete: 'codechat has no command that changes what was said',
    setStatus: 'codechat has no statuses',
    setDisplayName: 'codechat shows names only',
    register: 'codechat makes no accounts',
  },
  asks: false,
  echo: { rooms: 'others', direct: 'others' },
  echoOnRequest: null,
  history: false,
  privateLines: true,
  transports: ['websocket', 'tcp'],
  singleLine: [],
  refusals: {
    nameTaken: 'this name is taken',
    nameRegistered: 'this name belongs to an account: connect with the field password',
    banned: (reason) => `banned: ${reason}`,
    unreachable: 'that person cannot be sent direct messages',
  },
  expected: {
    message: (sent, group) => (group === 'lobby' ? shown({ ...sent, text: inLobby(sent.text) }, LOBBY) : null),
    direct: (sent) => shown(sent, DIRECT),
    ownDirect: (sent, to) => shown(sent, { type: 'direct', to }),
    edited: (sent, text, conversation) => shown({ ...sent, text: `* ${text}` }, conversation),
    deleted: (sent, conversation) => shown({ ...sent, text: '* (message deleted)' }, conversation),
    renamed: (before, name) => [left(before), entered(name)],
    status: () => null,
    displayName: () => null,
    left,
    entered,
    lost: left,
    banned: left,
    banMessage: (_name, reason) => ({ kind: 'server-message', text: `banned: ${reason}` }),
  },
  connect: (...args) => new CodechatClient(format).open(...args),
};
