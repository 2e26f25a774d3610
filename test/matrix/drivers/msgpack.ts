import { decodeMulti, encode } from '@msgpack/msgpack';
import { type Client, type Driver, type Operation, PASSWORD, Refused, sentBy, type SentMessage } from '../driver.ts';
import { type Conversation, DIRECT, type MessagePattern, type Observations } from '../observations.ts';
import type { FrameFormat } from '../connection.ts';
import { BaseClient, type ProtocolFormat } from './base-client.ts';

class MsgpackClient extends BaseClient implements Client {
  readonly protocol = 'msgpack';
  #name = '';
  #token = '';

  get credentials() {
    return [this.#name, this.#token];
  }

  async enter(name: string): Promise<void> {
    await this.#must('enter', 'register', name, PASSWORD);
    await this.login(name, PASSWORD);
  }

  async login(name: string, password: string): Promise<void> {
    const [username, token] = await this.#must('login', 'login', name, password);
    if (typeof username !== 'string' || typeof token !== 'string') throw new Error('no name and token in the answer');
    [this.#name, this.#token] = [username, token];
  }

  async register(name: string, password: string): Promise<void> {
    await this.#must('register', 'register', name, password);
  }

  sendToLobby(text: string): Promise<SentMessage> {
    return this.#send('sendToLobby', 'msg_group', 'lobby', text);
  }

  sendToGroup(group: string, text: string): Promise<SentMessage> {
    return this.#send('sendToGroup', 'msg_group', group, text);
  }

  sendDirect(name: string, text: string): Promise<SentMessage> {
    return this.#send('sendDirect', 'whisper', name, text);
  }

  async edit({ id }: SentMessage, text: string): Promise<void> {
    await this.#mustAuthorized('edit', 'edit', `${id}`, text);
  }

  async delete({ id }: SentMessage): Promise<void> {
    await this.#mustAuthorized('delete', 'delete', `${id}`);
  }

  async rename(name: string): Promise<void> {
    await this.#mustAuthorized('rename', 'rename', name);
  }

  async who(): Promise<null> {
    return null;
  }

  async setStatus(status: string): Promise<void> {
    await this.#mustAuthorized('setStatus', 'set_status', status);
  }

  async setDisplayName(name: string): Promise<void> {
    await this.#mustAuthorized('setDisplayName', 'set_name', name);
  }

  /** After the answer the connection is open, and nobody is logged in on it. */
  async leave(): Promise<void> {
    if (this.#name !== '') await this.#must('login', 'logout', this.#name);
    await this.close();
  }

  async #send(operation: Operation, request: string, to: string, text: string): Promise<SentMessage> {
    await this.#mustAuthorized(operation, request, to, text);
    return sentBy(this.#name, text);
  }

  async #mustAuthorized(operation: Operation, request: string, ...data: readonly string[]): Promise<void> {
    await this.#must(operation, request, ...this.credentials, ...data);
  }

  async #must(operation: Operation, ...values: readonly string[]): Promise<readonly unknown[]> {
    const [, status, ...data] = valuesOf(await this.raw(frameOf(values)));
    if (status !== true) throw new Refused('msgpack', operation, `${data[0]}`);
    return data;
  }
}

/** A frame with these values, one after the other. */
export function frameOf(values: readonly string[]): string {
  return values.map((value) => Buffer.from(encode(value)).toString('latin1')).join('');
}

function valuesOf(frame: string): readonly unknown[] {
  return [...decodeMulti(Buffer.from(frame, 'latin1'))];
}

/** How many values a message of the server has: its first two tell, and after `true` the request that it answers. */
function sizeOf(first: unknown, second: unknown, request: string | undefined): number {
  if (first === 'update') return second === 'whisper' ? 4 : 5;
  if (second === false) return 3;
  return request !== undefined && valuesOf(request)[0] === 'login' ? 4 : 2;
}

/** In a stream, the number of values in an answer follows from the request. */
const framing: FrameFormat = {
  encoding: 'latin1',
  end: '',
  lengthOf(bytes, [request]) {
    const ends: number[] = [];
    const values: unknown[] = [];
    for (let start = 0; values.length < 2 || values.length < sizeOf(values[0], values[1], request); ) {
      const end = start + lengthOfValue(bytes, start);
      if (!(end <= bytes.length)) return null;
      values.push(...decodeMulti(bytes.subarray(start, end)));
      ends.push(end);
      start = end;
    }
    return ends.at(-1) ?? null;
  },
};

/** The bytes of a string, true or false; NaN while its head is incomplete. The server sends no other values. */
function lengthOfValue(bytes: Buffer, start: number): number {
  const head = bytes[start];
  if (head === undefined) return Number.NaN;
  if (head === 0xc2 || head === 0xc3) return 1;
  if (head >= 0xa0 && head <= 0xbf) return 1 + (head & 0x1f);
  const size = { 0xd9: 1, 0xda: 2, 0xdb: 4 }[head];
  if (size === undefined) throw new Error(`a value that begins with ${head.toString(16)}`);
  return bytes.length < start + 1 + size ? Number.NaN : 1 + size + bytes.readUIntBE(start + 1, size);
}

function isAnswer(frame: string): boolean {
  return valuesOf(frame)[0] === 'response';
}

/** Follows the document and uses none of the server's code. */
function observe(frame: string, observed: Observations): void {
  const [update, action, ...data] = valuesOf(frame);
  const [content, author, group] = data.toReversed();
  if (update !== 'update' || typeof content !== 'string' || typeof author !== 'string')
    throw new Error(`msgpack has no such message: ${JSON.stringify(valuesOf(frame))}`);
  const message = { kind: 'message', author, text: content, id: null, time: null, font: null } as const;
  if (action === 'msg_group' && typeof group === 'string' && data.length === 3)
    observed.add({ ...message, conversation: { type: 'group', name: group } });
  else if (action === 'whisper' && data.length === 2) observed.add({ ...message, conversation: { type: 'direct' } });
  else throw new Error(`msgpack has no such update: ${JSON.stringify(valuesOf(frame))}`);
}

function shown({ author, text }: SentMessage, conversation: Conversation): MessagePattern {
  return { kind: 'message', conversation, author, text };
}

const format: ProtocolFormat = { protocol: 'msgpack', framing, isAnswer, observe };

/** Clients of msgpack.txt: accounts only, whispers and groups, no presence. */
export const msgpack: Driver = {
  protocol: 'msgpack',
  unsupported: {
    guest: 'msgpack knows accounts only',
    rename: 'an account keeps its name, and msgpack knows accounts only',
    edit: 'msgpack has no request that changes what was said',
    delete: 'msgpack has no request that changes what was said',
    setStatus: 'msgpack has no statuses',
    setDisplayName: 'msgpack shows names only',
  },
  asks: false,
  echo: { rooms: 'all', direct: 'none' },
  echoOnRequest: null,
  history: false,
  privateLines: false,
  transports: ['websocket', 'tcp', 'zeromq'],
  singleLine: [],
  refusals: {
    nameTaken: 'this name is taken',
    nameRegistered: 'this name belongs to an account: log in with its password',
    banned: (reason) => `banned: ${reason}`,
    unreachable: 'that person cannot be sent direct messages',
  },
  expected: {
    message: (sent, group) => shown(sent, { type: 'group', name: group }),
    direct: (sent) => shown(sent, DIRECT),
    ownDirect: () => null,
    edited: (sent, text, conversation) => shown({ ...sent, text: `* ${text}` }, conversation),
    deleted: (sent, conversation) => shown({ ...sent, text: '* (message deleted)' }, conversation),
    renamed: () => [],
    status: () => null,
    displayName: () => null,
    left: () => null,
    entered: () => null,
    lost: () => null,
    banned: () => null,
    banMessage: () => null,
  },
  connect: (...args) => new MsgpackClient(format).open(...args),
};
