import type { Action, Client, Driver, Reachable, Said } from '../driver.ts';
import { asKept, Refused } from '../driver.ts';
import type { MessagePattern, Sightings, Spot } from '../observations.ts';
import { lines, type Transport } from '../connection.ts';
import { type Manner, Talk, Talker } from './base-client.ts';

const LOBBY: Spot = { type: 'group', name: 'lobby' };
const DIRECT: Spot = { type: 'direct' };

class TemplateClient extends Talker implements Client {
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

  async sayInLobby(text: string): Promise<Said> {
    await this.#must('sayInLobby', `SAY ${text}`);
    return this.#said(text);
  }

  async sayInGroup(group: string, text: string): Promise<Said> {
    await this.#must('sayInGroup', `TELL ${group} ${text}`);
    return this.#said(text);
  }

  async tell(name: string, text: string): Promise<Said> {
    await this.#must('tell', `TELL ${name} ${text}`);
    return this.#said(text);
  }

  edit({ id }: Said, text: string): Promise<void> {
    return this.#must('edit', `EDIT ${id} ${text}`);
  }

  delete({ id }: Said): Promise<void> {
    return this.#must('delete', `DELETE ${id}`);
  }

  rename(name: string): Promise<void> {
    return this.#must('rename', `RENAME ${name}`);
  }

  async who(names: readonly string[]): Promise<readonly string[]> {
    const present = (await this.raw('template WHO')).split(' ').slice(2);
    return names.filter((name) => present.includes(name));
  }

  async details(): Promise<null> {
    return null;
  }

  setStatus(text: string): Promise<void> {
    return this.#must('setStatus', `STATUS ${text}`);
  }

  setDisplayName(text: string): Promise<void> {
    return this.#must('setDisplayName', `NAME ${text}`);
  }

  async leave(): Promise<void> {
    await this.talk.askAndLeave('template QUIT');
  }

  #said(text: string): Said {
    return { author: this.#name, text: asKept(text), time: 'now', id: null, waits: null, font: null };
  }

  async #must(action: Action, request: string): Promise<void> {
    const answer = await this.raw(`template ${request}`);
    const [, reason] = /^template FAILED ([^]+)$/.exec(answer) ?? [];
    if (reason !== undefined) throw new Refused('template', action, reason);
  }
}

function isAnswer(frame: string): boolean {
  return /^template (?:DONE$|FAILED |HERE )/.test(frame);
}

/** Reads what SPEC.md says, without the project's own reader. */
function hear(frame: string, sightings: Sightings): void {
  const [, verb = '', name = '', text] = /^template ([A-Z]+) (\S+)(?: ([^]+))?$/.exec(frame) ?? [];
  if (verb === 'SAID' && text !== undefined) return sightings.add(message(LOBBY, name, text));
  if (verb === 'TOLD' && text !== undefined) return sightings.add(message(DIRECT, name, text));
  if (verb === 'JOINED' && text === undefined) return sightings.add({ kind: 'entered', name });
  if (verb === 'LEFT' && text === undefined) return sightings.add({ kind: 'gone', name, how: '' });
  if (verb === 'FAILED') return sightings.add({ kind: 'told', text: frame.slice('template FAILED '.length) });
  throw new Error(`there is no such message: ${frame}`);
}

function message(place: Spot, author: string, text: string) {
  return { kind: 'message', place, author, text, id: null, time: null, font: null } as const;
}

function shown({ author, text }: Said, place: Spot): MessagePattern {
  return { kind: 'message', place, author, text };
}

const gone = (name: string) => ({ kind: 'gone', name }) as const;
const entered = (name: string) => ({ kind: 'entered', name }) as const;

const manner: Manner = { protocol: 'template', framing: lines, isAnswer, hear };

/** Clients of the template: one big room, direct messages, and names that come and go. */
export const template: Driver = {
  protocol: 'template',
  lacks: {
    register: 'template makes no accounts',
    sayInGroup: 'template has one big room',
    edit: 'template has no verb for it',
    delete: 'template has no verb for it',
    rename: 'template has no verb for it',
    setStatus: 'template has no statuses',
    setDisplayName: 'template shows names only',
  },
  own: { rooms: 'others', direct: 'none' },
  ownWithEcho: null,
  history: true,
  privateLines: false,
  transports: ['websocket', 'tcp'],
  oneLine: ['tcp'],
  answers: {
    nameTaken: 'this name is taken',
    banned: (reason) => `banned: ${reason}`,
    unreachable: 'that person cannot be sent direct messages',
  },
  looks: {
    message: (said, group) => (group === 'lobby' ? shown(said, LOBBY) : null),
    direct: (said) => shown(said, DIRECT),
    ownDirect: () => null,
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
    return new TemplateClient(await Talk.open(manner, server, transport));
  },
};
