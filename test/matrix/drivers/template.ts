import { type Client, type Driver, type Operation, Refused, sentBy, type SentMessage } from '../driver.ts';
import { type Conversation, DIRECT, LOBBY, type MessagePattern, type Observations } from '../observations.ts';
import { lineFrames } from '../connection.ts';
import { BaseClient, type ProtocolFormat } from './base-client.ts';

class TemplateClient extends BaseClient implements Client {
  readonly protocol = 'template';
  #name = '';

  async enter(name: string): Promise<void> {
    await this.#must('enter', `JOIN ${name}`);
    this.#name = name;
  }

  async login(name: string, password: string): Promise<void> {
    await this.#must('login', `JOIN ${name} ${password}`);
    this.#name = name;
  }

  register(name: string, password: string): Promise<void> {
    return this.#must('register', `REGISTER ${name} ${password}`);
  }

  async sendToLobby(text: string): Promise<SentMessage> {
    await this.#must('sendToLobby', `SAY ${text}`);
    return sentBy(this.#name, text);
  }

  async sendToGroup(group: string, text: string): Promise<SentMessage> {
    await this.#must('sendToGroup', `TELL ${group} ${text}`);
    return sentBy(this.#name, text);
  }

  async sendDirect(name: string, text: string): Promise<SentMessage> {
    await this.#must('sendDirect', `TELL ${name} ${text}`);
    return sentBy(this.#name, text);
  }

  edit({ id }: SentMessage, text: string): Promise<void> {
    return this.#must('edit', `EDIT ${id} ${text}`);
  }

  delete({ id }: SentMessage): Promise<void> {
    return this.#must('delete', `DELETE ${id}`);
  }

  rename(name: string): Promise<void> {
    return this.#must('rename', `RENAME ${name}`);
  }

  async who(names: readonly string[]): Promise<readonly string[]> {
    const present = (await this.raw('template WHO')).split(' ').slice(2);
    return names.filter((name) => present.includes(name));
  }

  setStatus(text: string): Promise<void> {
    return this.#must('setStatus', `STATUS ${text}`);
  }

  setDisplayName(text: string): Promise<void> {
    return this.#must('setDisplayName', `NAME ${text}`);
  }

  async leave(): Promise<void> {
    await this.askLast('template QUIT');
  }

  async #must(operation: Operation, request: string): Promise<void> {
    const answer = await this.raw(`template ${request}`);
    const [, reason] = /^template FAILED ([^]+)$/.exec(answer) ?? [];
    if (reason !== undefined) throw new Refused('template', operation, reason);
  }
}

function isAnswer(frame: string): boolean {
  return /^template (?:DONE$|FAILED |HERE )/.test(frame);
}

/** Follows SPEC.md and uses none of the server's code. */
function observe(frame: string, observed: Observations): void {
  const [, verb = '', name = '', text] = /^template ([A-Z]+) (\S+)(?: ([^]+))?$/.exec(frame) ?? [];
  if (verb === 'SAID' && text !== undefined) return observed.add(message(LOBBY, name, text));
  if (verb === 'TOLD' && text !== undefined) return observed.add(message(DIRECT, name, text));
  if (verb === 'JOINED' && text === undefined) return observed.add({ kind: 'entered', name });
  if (verb === 'LEFT' && text === undefined) return observed.add({ kind: 'left', name, reason: '' });
  if (verb === 'FAILED') return observed.add({ kind: 'server-message', text: frame.slice('template FAILED '.length) });
  throw new Error(`template has no such message: ${frame}`);
}

function message(conversation: Conversation, author: string, text: string) {
  return { kind: 'message', conversation, author, text, id: null, time: null, font: null } as const;
}

function shown({ author, text }: SentMessage, conversation: Conversation): MessagePattern {
  return { kind: 'message', conversation, author, text };
}

const left = (name: string) => ({ kind: 'left', name }) as const;
const entered = (name: string) => ({ kind: 'entered', name }) as const;

const format: ProtocolFormat = { protocol: 'template', framing: lineFrames, isAnswer, observe };

/** Clients of the template: one big room, direct messages, and names that come and go. */
export const template: Driver = {
  protocol: 'template',
  unsupported: {
    register: 'template makes no accounts',
    sendToGroup: 'template has one big room',
    edit: 'template has no verb for it',
    delete: 'template has no verb for it',
    rename: 'template has no verb for it',
    setStatus: 'template has no statuses',
    setDisplayName: 'template shows names only',
  },
  asks: false,
  echo: { rooms: 'others', direct: 'none' },
  echoOnRequest: null,
  history: true,
  privateLines: false,
  transports: ['websocket', 'tcp'],
  singleLine: ['tcp'],
  refusals: {
    nameTaken: 'this name is taken',
    nameRegistered: 'this name belongs to an account: log in with its password',
    banned: (reason) => `banned: ${reason}`,
    unreachable: 'that person cannot be sent direct messages',
  },
  expected: {
    message: (sent, group) => (group === 'lobby' ? shown(sent, LOBBY) : null),
    direct: (sent) => shown(sent, DIRECT),
    ownDirect: () => null,
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
  connect: (...args) => new TemplateClient(format).open(...args),
};
