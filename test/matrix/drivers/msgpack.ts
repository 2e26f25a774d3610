import { decodeMulti, encode } from '@msgpack/msgpack';
import type { Action, Client, Driver, Reachable, Said } from '../driver.ts';
import { asKept, PASSWORD, Refused } from '../driver.ts';
import type { MessagePattern, Sightings, Spot } from '../observations.ts';
import type { Framing, Transport } from '../connection.ts';
import { type Manner, Talk, Talker } from './base-client.ts';

class MsgpackClient extends Talker implements Client {
  readonly protocol = 'msgpack';
  #name = '';
  #token = '';

  get proof() {
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

  sayInLobby(text: string): Promise<Said> {
    return this.#say('sayInLobby', 'msg_group', 'lobby', text);
  }

  sayInGroup(group: string, text: string): Promise<Said> {
    return this.#say('sayInGroup', 'msg_group', group, text);
  }

  tell(name: string, text: string): Promise<Said> {
    return this.#say('tell', 'whisper', name, text);
  }

  async edit({ id }: Said, text: string): Promise<void> {
    await this.#mustProve('edit', 'edit', `${id}`, text);
  }

  async delete({ id }: Said): Promise<void> {
    await this.#mustProve('delete', 'delete', `${id}`);
  }

  async rename(name: string): Promise<void> {
    await this.#mustProve('rename', 'rename', name);
  }

  async who(): Promise<null> {
    return null;
  }

  async details(): Promise<null> {
    return null;
  }

  async setStatus(status: string): Promise<void> {
    await this.#mustProve('setStatus', 'set_status', status);
  }

  async setDisplayName(name: string): Promise<void> {
    await this.#mustProve('setDisplayName', 'set_name', name);
  }

  /** After the answer the connection is open, and nobody's. */
  async leave(): Promise<void> {
    if (this.#name !== '') await this.#must('login', 'logout', this.#name);
    await this.talk.close();
  }

  async #say(action: Action, request: string, to: string, text: string): Promise<Said> {
    await this.#mustProve(action, request, to, text);
    return { author: this.#name, text: asKept(text), time: 'now', id: null, waits: null, font: null };
  }

  async #mustProve(action: Action, request: string, ...data: readonly string[]): Promise<void> {
    await this.#must(action, request, ...this.proof, ...data);
  }

  async #must(action: Action, ...values: readonly string[]): Promise<readonly unknown[]> {
    const [, status, ...data] = valuesOf(await this.raw(frameOf(values)));
    if (status !== true) throw new Refused('msgpack', action, `${data[0]}`);
    return data;
  }
}

/** A frame of these values, one after the other. */
export function frameOf(values: readonly string[]): string {
  return values.map((value) => Buffer.from(encode(value)).toString('latin1')).join('');
}

function valuesOf(frame: string): readonly unknown[] {
  return [...decodeMulti(Buffer.from(frame, 'latin1'))];
}

/** How many values a message of the server has, by its first two; after `true` it depends on what was asked. */
function sizeOf(first: unknown, second: unknown, asked: string | undefined): number {
  if (first === 'update') return second === 'whisper' ? 4 : 5;
  if (second === false) return 3;
  return asked !== undefined && valuesOf(asked)[0] === 'login' ? 4 : 2;
}

/** In a stream, the client knows from what it asked how many values are one answer. */
const framing: Framing = {
  encoding: 'latin1',
  end: '',
  lengthOf(bytes, [asked]) {
    const ends: number[] = [];
    const values: unknown[] = [];
    for (let start = 0; values.length < 2 || values.length < sizeOf(values[0], values[1], asked); ) {
      const end = start + lengthOfValue(bytes, start);
      if (!(end <= bytes.length)) return null;
      values.push(...decodeMulti(bytes.subarray(start, end)));
      ends.push(end);
      start = end;
    }
    return ends.at(-1) ?? null;
  },
};

/** How many bytes a value takes that may stand in a message of the server, NaN while its head is not whole: a string, true, false. */
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

/** Reads what the document prints, without the project's own reader. */
function hear(frame: string, sightings: Sightings): void {
  const [update, action, ...data] = valuesOf(frame);
  const [content, author, group] = data.toReversed();
  if (update !== 'update' || typeof content !== 'string' || typeof author !== 'string')
    throw new Error(`the document knows no such message: ${JSON.stringify(valuesOf(frame))}`);
  const seen = { kind: 'message', author, text: content, id: null, time: null, font: null } as const;
  if (action === 'msg_group' && typeof group === 'string' && data.length === 3)
    sightings.add({ ...seen, place: { type: 'group', name: group } });
  else if (action === 'whisper' && data.length === 2) sightings.add({ ...seen, place: { type: 'direct' } });
  else throw new Error(`the document knows no such update: ${JSON.stringify(valuesOf(frame))}`);
}

function shown({ author, text }: Said, place: Spot): MessagePattern {
  return { kind: 'message', place, author, text };
}

const manner: Manner = { protocol: 'msgpack', framing, isAnswer, hear };

/** Clients of msgpack.txt: accounts alone, whispers and groups, and nothing of who is there. */
export const msgpack: Driver = {
  protocol: 'msgpack',
  lacks: {
    guest: 'msgpack knows accounts only',
    rename: 'an account keeps its name, and msgpack knows accounts only',
    edit: 'msgpack has no request that changes what was said',
    delete: 'msgpack has no request that changes what was said',
    setStatus: 'msgpack has no statuses',
    setDisplayName: 'msgpack shows names only',
  },
  own: { rooms: 'all', direct: 'none' },
  ownWithEcho: null,
  history: false,
  privateLines: false,
  transports: ['websocket', 'tcp', 'zeromq'],
  oneLine: [],
  answers: {
    nameTaken: 'this name is taken',
    banned: (reason) => `banned: ${reason}`,
    unreachable: 'that person cannot be sent direct messages',
  },
  looks: {
    message: (said, group) => shown(said, { type: 'group', name: group }),
    direct: (said) => shown(said, { type: 'direct' }),
    ownDirect: () => null,
    edited: (said, text, place) => shown({ ...said, text: `* ${text}` }, place),
    deleted: (said, place) => shown({ ...said, text: '* (message deleted)' }, place),
    renamed: () => [],
    status: () => null,
    displayName: () => null,
    left: () => null,
    came: () => null,
    lost: () => null,
    banned: () => null,
    lastWords: () => null,
  },
  async connect(server: Reachable, transport: Transport = 'websocket') {
    return new MsgpackClient(await Talk.open(manner, server, transport));
  },
};
