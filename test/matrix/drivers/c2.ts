import type { Action, Client, Driver, Reachable, Said } from '../driver.ts';
import { asKept, Refused } from '../driver.ts';
import { type MessagePattern, momentOf, type Sightings, type Spot } from '../observations.ts';
import { lines, type Transport } from '../connection.ts';
import { LOBBY, readLine } from './lobby-line.ts';
import { type Manner, Talk, Talker } from './base-client.ts';

class C2Client extends Talker implements Client {
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

  async sayInLobby(text: string, time: number): Promise<Said> {
    await this.#must('sayInLobby', `c2/MSG ${time}; ${text.startsWith('/') ? '/' : ''}${text}`);
    const { id } = await this.sightings.see({ kind: 'message', ...readLine(asKept(text)), author: this.#name, time });
    return { author: this.#name, text: asKept(text), time, id, waits: null, font: null };
  }

  async sayInGroup(group: string, text: string, time: number): Promise<Said> {
    await this.#must('sayInGroup', `c2/MSG ${time}; /msg ${group} ${text}`);
    return { author: this.#name, text, time, id: '', waits: null, font: null };
  }

  async tell(name: string, text: string, time: number): Promise<Said> {
    await this.#must('tell', `c2/MSG ${time}; /msg ${name} ${text}`);
    const own = { kind: 'message', author: this.#name, place: { type: 'direct', to: name }, text, time } as const;
    const { id } = await this.sightings.see(own);
    return { author: this.#name, text, time, id, waits: null, font: null };
  }

  edit({ id }: Said, text: string): Promise<void> {
    return this.#must('edit', `c2/QUERY update_message; ${id}; ${text}`);
  }

  delete({ id }: Said): Promise<void> {
    return this.#must('delete', `c2/QUERY delete_message; ${id}`);
  }

  async rename(name: string): Promise<void> {
    await this.#must('rename', `c2/UPDATE username; ${name}`);
    this.#name = name;
  }

  async details(): Promise<null> {
    return null;
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
    return this.talk.leave('c2/DISCONNECT');
  }

  async #must(action: Action, frame: string): Promise<void> {
    const answer = await this.raw(frame);
    if (!/^c2\/ACKNOWLEDGE(?: |$)/.test(answer)) throw new Refused('c2', action, answer);
  }
}

function isAnswer(frame: string): boolean {
  return /^c2\/(?:ACKNOWLEDGE|ERROR|PING)(?: |$)/.test(frame);
}

/** Reads what the document prints, without the project's own reader. */
function hear(frame: string, sightings: Sightings): void {
  const message = /^c2\/MSG ([^;]+); (\d+); ([^;]+); ([^]+)$/.exec(frame);
  if (message !== null) {
    const [, author = '', time = '', id = '', shown = ''] = message;
    return sightings.add({
      kind: 'message',
      ...readLine(shown),
      author,
      id,
      time: momentOf(Number(time)),
      font: null,
    });
  }
  const update = /^c2\/UPDATE ([^;]+); username; ([^;]+)$/.exec(frame);
  if (update?.[1] !== undefined && update[2] !== undefined)
    return sightings.add({ kind: 'renamed', before: update[1], name: update[2] });
  const gone = /^c2\/DISCONNECT ([^;]+); ([^;]+)(?:; ([^]+))?$/.exec(frame);
  if (gone?.[1] === undefined || gone[2] === undefined) throw new Error(`the document knows no such frame: ${frame}`);
  sightings.add({ kind: 'gone', name: gone[2], how: gone[3] === undefined ? gone[1] : `${gone[1]}: ${gone[3]}` });
}

function shown({ author, text, time, id }: Said, place: Spot): MessagePattern {
  return { kind: 'message', place, author, text, time, ...(id === null ? {} : { id }), font: null };
}

const manner: Manner = { protocol: 'c2', framing: lines, isAnswer, hear };

/** Original c2 clients: one big room, and direct messages as lines of it. */
export const c2: Driver = {
  protocol: 'c2',
  lacks: {
    sayInGroup: 'c2 has one big room',
    delete: 'c2 has no request that deletes',
    setStatus: 'c2 has no statuses',
    setDisplayName: 'c2 shows names only',
    register: 'c2 makes no accounts',
  },
  own: { rooms: 'all', direct: 'all' },
  ownWithEcho: null,
  history: true,
  privateLines: true,
  transports: ['websocket', 'tcp'],
  oneLine: ['tcp'],
  answers: {
    nameTaken: 'c2/ERROR this name is taken',
    banned: (reason) => `c2/ERROR banned: ${reason}`,
    unreachable: 'c2/ERROR that person cannot be sent direct messages',
  },
  looks: {
    message: (said, group) => (group === 'lobby' ? shown(said, LOBBY) : null),
    direct: (said) => shown(said, { type: 'direct' }),
    ownDirect: (said, to) => shown(said, { type: 'direct', to }),
    edited: (said, text, place) => shown({ ...said, text }, place),
    deleted: (said, place) => shown({ ...said, text: '(deleted)' }, place),
    renamed: (before, name) => [{ kind: 'renamed', before, name }],
    status: () => null,
    displayName: () => null,
    left: (name) => ({ kind: 'gone', name, how: 'disconnect' }),
    came: () => null,
    lost: (name) => ({ kind: 'gone', name, how: 'lost_connection' }),
    banned: (name, reason) => ({ kind: 'gone', name, how: `ban: ${reason}` }),
    lastWords: (name, reason) => ({ kind: 'gone', name, how: `ban: ${reason}` }),
  },
  async connect(server: Reachable, transport: Transport = 'websocket') {
    return new C2Client(await Talk.open(manner, server, transport));
  },
};
