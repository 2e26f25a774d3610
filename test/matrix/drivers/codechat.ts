import type { Action, Client, Driver, Reachable, Said } from '../driver.ts';
import { asKept, Refused } from '../driver.ts';
import type { MessagePattern, Sightings, Spot } from '../observations.ts';
import { lines, type Transport } from '../connection.ts';
import { LOBBY, readLine } from './lobby-line.ts';
import { type Manner, Talk, Talker } from './base-client.ts';

type Json = { readonly [field: string]: unknown };
type Status = { readonly success: boolean; readonly 'error-msg': string; readonly 'success-msg': string };

class CodechatClient extends Talker implements Client {
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

  async sayInLobby(text: string): Promise<Said> {
    await this.#must('sayInLobby', { cmd: 'msg', msg: `${text.startsWith('/') ? '/' : ''}${text}` });
    return this.#said(text);
  }

  async sayInGroup(group: string, text: string): Promise<Said> {
    await this.#must('sayInGroup', { cmd: 'msg', msg: `/msg ${group} ${text}` });
    return this.#said(text);
  }

  async tell(name: string, text: string): Promise<Said> {
    await this.#must('tell', { cmd: 'msg', msg: `/msg ${name} ${text}` });
    return this.#said(text);
  }

  async edit({ id }: Said, msg: string): Promise<void> {
    await this.#must('edit', { cmd: 'edit', id, msg });
  }

  async delete({ id }: Said): Promise<void> {
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

  async details(): Promise<null> {
    return null;
  }

  async setStatus(status: string): Promise<void> {
    await this.#must('setStatus', { cmd: 'status', status });
  }

  async setDisplayName(name: string): Promise<void> {
    await this.#must('setDisplayName', { cmd: 'display-name', name });
  }

  async leave(): Promise<void> {
    const answer = await this.talk.askAndLeave(JSON.stringify({ cmd: 'exit' }));
    if (!(JSON.parse(answer) as Status).success) throw new Error(`nobody can be kept: ${answer}`);
  }

  #said(text: string): Said {
    return { author: this.#name, text: asKept(text), time: 'now', id: null, waits: null, font: null };
  }

  async #must(action: Action, command: Json): Promise<void> {
    const status = JSON.parse(await this.raw(JSON.stringify(command))) as Status;
    if (!status.success) throw new Refused('codechat', action, status['error-msg']);
  }
}

function isAnswer(frame: string): boolean {
  return 'success' in JSON.parse(frame);
}

/** Reads what the document prints, without the project's own reader. */
function hear(frame: string, sightings: Sightings): void {
  const { cmd, user, msg, ...rest } = JSON.parse(frame) as Json & Partial<Status>;
  const isBare = Object.keys(rest).length === 0;
  if (cmd === 'message' && typeof user === 'string' && typeof msg === 'string' && isBare)
    return sightings.add({ kind: 'message', ...readLine(msg), author: user, id: null, time: null, font: null });
  if (cmd === 'client-enter' && typeof user === 'string' && isBare)
    return sightings.add({ kind: 'entered', name: user });
  if (cmd === 'client-exit' && typeof user === 'string' && isBare)
    return sightings.add({ kind: 'gone', name: user, how: '' });
  if (rest.success !== false || rest['error-msg'] === undefined)
    throw new Error(`the document knows no such object: ${frame}`);
  sightings.add({ kind: 'told', text: rest['error-msg'] });
}

function shown({ author, text }: Said, place: Spot): MessagePattern {
  return { kind: 'message', place, author, text };
}

const gone = (name: string) => ({ kind: 'gone', name }) as const;
const entered = (name: string) => ({ kind: 'entered', name }) as const;

const manner: Manner = { protocol: 'codechat', framing: lines, isAnswer, hear };

/** Clients of codechat.txt: one big room, names that come and go, and direct messages as lines of the room. */
export const codechat: Driver = {
  protocol: 'codechat',
  lacks: {
    sayInGroup: 'codechat has one big room',
    edit: 'codechat has no command that changes what was said',
    delete: 'codechat has no command that changes what was said',
    setStatus: 'codechat has no statuses',
    setDisplayName: 'codechat shows names only',
    register: 'codechat makes no accounts',
  },
  own: { rooms: 'others', direct: 'others' },
  ownWithEcho: null,
  history: false,
  privateLines: true,
  transports: ['websocket', 'tcp'],
  oneLine: [],
  answers: {
    nameTaken: 'this name is taken',
    banned: (reason) => `banned: ${reason}`,
    unreachable: 'that person cannot be sent direct messages',
  },
  looks: {
    message: (said, group) => (group === 'lobby' ? shown(said, LOBBY) : null),
    direct: (said) => shown(said, { type: 'direct' }),
    ownDirect: (said, to) => shown(said, { type: 'direct', to }),
    edited: (said, text, place) => shown({ ...said, text: `* ${text}` }, place),
    deleted: (said, place) => shown({ ...said, text: '* (message deleted)' }, place),
    renamed: (before, name) => [gone(before), entered(name)],
    status: () => null,
    displayName: () => null,
    left: gone,
    came: entered,
    lost: gone,
    banned: gone,
    lastWords: (_name, reason) => ({ kind: 'told', text: `banned: ${reason}` }),
  },
  async connect(server: Reachable, transport: Transport = 'websocket') {
    return new CodechatClient(await Talk.open(manner, server, transport));
  },
};
