import {
  asStored,
  type Client,
  type Driver,
  type Operation,
  Refused,
  sentBy,
  type SentMessage,
  sharedId,
} from '../driver.ts';
import {
  type Conversation,
  DIRECT,
  LOBBY,
  type MessagePattern,
  type Observations,
  timestampOf,
} from '../observations.ts';
import { lineFrames } from '../connection.ts';
import { inLobby, readLine } from './lobby-line.ts';
import { BaseClient, type ProtocolFormat } from './base-client.ts';

class C2Client extends BaseClient implements Client {
  readonly protocol = 'c2';
  #name = '';

  async enter(name: string): Promise<void> {
    await this.#must('enter', `c2/CONNECT ${name}`);
    this.#name = name;
  }

  async login(name: string, password: string): Promise<void> {
    await this.#must('login', `c2/CONNECT ${name}; ${password}`);
    this.#name = name;
  }

  register(name: string, password: string): Promise<void> {
    return this.#must('register', `c2/REGISTER ${name}; ${password}`);
  }

  async sendToLobby(text: string, time: number): Promise<SentMessage> {
    await this.#must('sendToLobby', `c2/MSG ${time}; ${text.startsWith('/') ? '/' : ''}${text}`);
    const { id } = await this.observed.waitFor({
      kind: 'message',
      conversation: LOBBY,
      text: inLobby(asStored(text)),
      author: this.#name,
      time,
    });
    return { ...sentBy(this.#name, text), time, id };
  }

  async sendToGroup(group: string, text: string, time: number): Promise<SentMessage> {
    await this.#must('sendToGroup', `c2/MSG ${time}; /msg ${group} ${text}`);
    return { ...sentBy(this.#name, text), time, id: '' };
  }

  async sendDirect(name: string, text: string, time: number): Promise<SentMessage> {
    await this.#must('sendDirect', `c2/MSG ${time}; /msg ${name} ${text}`);
    const echo = {
      kind: 'message',
      author: this.#name,
      conversation: { type: 'direct', to: name },
      text,
      time,
    } as const;
    const { id } = await this.observed.waitFor(echo);
    return { ...sentBy(this.#name, text), time, id };
  }

  edit({ id }: SentMessage, text: string): Promise<void> {
    return this.#must('edit', `c2/QUERY update_message; ${id}; ${text}`);
  }

  delete({ id }: SentMessage): Promise<void> {
    return this.#must('delete', `c2/QUERY delete_message; ${id}`);
  }

  async rename(name: string): Promise<void> {
    await this.#must('rename', `c2/UPDATE username; ${name}`);
    this.#name = name;
  }

  async who(names: readonly string[]): Promise<readonly string[]> {
    const answer = await this.raw('c2/QUERY active_users');
    const [, list = ''] = /^c2\/ACKNOWLEDGE \[([^\]]*)\]$/.exec(answer) ?? [];
    const present = list.split(',');
    return names.filter((name) => present.includes(name));
  }

  setStatus(text: string): Promise<void> {
    return this.#must('setStatus', `c2/UPDATE status; ${text}`);
  }

  setDisplayName(text: string): Promise<void> {
    return this.#must('setDisplayName', `c2/UPDATE display_name; ${text}`);
  }

  leave(): Promise<void> {
    return this.sendLast('c2/DISCONNECT');
  }

  async #must(operation: Operation, frame: string): Promise<void> {
    // The server drops one line end at the end of a frame.
    const answer = await this.raw(frame.endsWith('\n') ? `${frame}\n` : frame);
    if (!/^c2\/ACKNOWLEDGE(?: |$)/.test(answer)) throw new Refused('c2', operation, answer);
  }
}

function isAnswer(frame: string): boolean {
  return /^c2\/(?:ACKNOWLEDGE|ERROR|PING)(?: |$)/.test(frame);
}

/** Follows the document and uses none of the server's code. */
function observe(frame: string, observed: Observations): void {
  const message = /^c2\/MSG ([^;]+); (\d+); ([^;]+); ([^]+)$/.exec(frame);
  if (message !== null) {
    const [, author = '', time = '', id = '', shown = ''] = message;
    return observed.add({
      kind: 'message',
      ...readLine(shown),
      author,
      id,
      time: timestampOf(Number(time)),
      font: null,
    });
  }
  const update = /^c2\/UPDATE ([^;]+); username; ([^;]+)$/.exec(frame);
  if (update?.[1] !== undefined && update[2] !== undefined)
    return observed.add({ kind: 'renamed', before: update[1], name: update[2] });
  const left = /^c2\/DISCONNECT ([^;]+); ([^;]+)(?:; ([^]+))?$/.exec(frame);
  if (left?.[1] === undefined || left[2] === undefined) throw new Error(`c2 has no such frame: ${frame}`);
  observed.add({ kind: 'left', name: left[2], reason: left[3] === undefined ? left[1] : `${left[1]}: ${left[3]}` });
}

function shown(sent: SentMessage, conversation: Conversation): MessagePattern {
  const { author, text, time } = sent;
  return { kind: 'message', conversation, author, text, time, ...sharedId(sent), font: null };
}

const format: ProtocolFormat = { protocol: 'c2', framing: lineFrames, isAnswer, observe };

/** Original c2 clients: one big room, and direct messages as lines of it. */
export const c2: Driver = {
  protocol: 'c2',
  unsupported: {
    sendToGroup: 'c2 has one big room',
    delete: 'c2 has no request that deletes',
    setStatus: 'c2 has no statuses',
    setDisplayName: 'c2 shows names only',
    register: 'c2 makes no accounts',
  },
  asks: false,
  echo: { rooms: 'all', direct: 'all' },
  echoOnRequest: null,
  history: true,
  privateLines: true,
  transports: ['websocket', 'tcp'],
  singleLine: ['tcp'],
  refusals: {
    nameTaken: 'c2/ERROR this name is taken',
    nameRegistered: 'c2/ERROR this name belongs to an account: c2/CONNECT name; password',
    banned: (reason) => `c2/ERROR banned: ${reason}`,
    unreachable: 'c2/ERROR that person cannot be sent direct messages',
  },
  expected: {
    message: (sent, group) => (group === 'lobby' ? shown({ ...sent, text: inLobby(sent.text) }, LOBBY) : null),
    direct: (sent) => shown(sent, DIRECT),
    ownDirect: (sent, to) => shown(sent, { type: 'direct', to }),
    edited: (sent, text, conversation) => shown({ ...sent, text }, conversation),
    deleted: (sent, conversation) => shown({ ...sent, text: '(deleted)' }, conversation),
    renamed: (before, name) => [{ kind: 'renamed', before, name }],
    status: () => null,
    displayName: () => null,
    left: (name) => ({ kind: 'left', name, reason: 'disconnect' }),
    entered: () => null,
    lost: (name) => ({ kind: 'left', name, reason: 'lost_connection' }),
    banned: (name, reason) => ({ kind: 'left', name, reason: `ban: ${reason}` }),
    banMessage: (name, reason) => ({ kind: 'left', name, reason: `ban: ${reason}` }),
  },
  connect: (...args) => new C2Client(format).open(...args),
};
