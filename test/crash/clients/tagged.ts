import type { Journal } from '../client-log.ts';

type Reply = {
  readonly reply: string;
  readonly result: number;
  readonly users?: readonly { readonly username: string }[];
};
type Push = { readonly message: string; readonly tag: string; readonly from?: string; readonly body?: string };

const WINDOW = 6;
const GROUP = 'crashers';
/** What `hash` stands for is nobody's business here: it is sent as clients of tagged send it. */
const HASH = '5e'.repeat(32);

/**
 * A tagged client with an account that outlives the server: it talks to its partner and to a group, six requests at a
 * time, and notes what it is told and what it is shown.
 */
export class Caller {
  readonly #socket: WebSocket;
  readonly #name: string;
  readonly #partner: string;
  readonly #journal: Journal;
  readonly #asked = new Map<string, (reply: Reply) => void>();
  #tags = 0;
  #said = 0;
  #markers = new Set<string>();
  #marked: () => void = () => {};
  readonly closed: Promise<void>;
  /** Resolves when the login is answered, with its result; never where the server dies before. */
  readonly entered: Promise<number>;

  constructor(url: string, name: string, partner: string, journal: Journal) {
    this.#name = name;
    this.#partner = partner;
    this.#journal = journal;
    this.#socket = new WebSocket(url);
    this.#socket.onmessage = ({ data }) => this.#hear(JSON.parse(String(data)) as Reply | Push);
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = () => resolve();
    });
    this.entered = new Promise((resolve) => {
      this.#socket.onopen = () => this.#enter(resolve);
    });
  }

  /** Says things to the partner and to the group for as long as the server lives. */
  talk(cycle: number): void {
    this.#ask({ message: 'group.create', groupname: GROUP, display_name: 'Crashers' }, () => {
      this.#ask({ message: 'group.join', groupname: GROUP }, ({ result }) => {
        if (result === 200) this.#journal.joined.add(this.#name);
        for (let slot = 0; slot < WINDOW; slot++) this.#say(cycle);
      });
    });
    this.#ask({ message: 'friend.add', username: this.#partner }, ({ result }) => {
      if (result === 200) this.#journal.friends.add(`${this.#name} ${this.#partner}`);
    });
  }

  /** Resolves when the partner's marker was shown: everything that waited came before it. */
  async drained(partner: Caller, marker: string): Promise<void> {
    const shown = new Promise<void>((resolve) => {
      this.#marked = () => {
        if (this.#markers.has(marker)) resolve();
      };
    });
    partner.#tell(marker);
    this.#marked();
    await shown;
  }

  /** The names of those who are friends, by the server's word. */
  friends(): Promise<string[]> {
    return new Promise((resolve) =>
      this.#ask({ message: 'list.friends' }, ({ users = [] }) => resolve(users.map(({ username }) => username))),
    );
  }

  close(): void {
    this.#socket.close();
  }

  #enter(resolve: (result: number) => void): void {
    const { accounts } = this.#journal;
    const login = () =>
      this.#ask({ message: 'login', username: this.#name, password: HASH }, ({ result }) => resolve(result));
    const request = { message: 'register', username: this.#name, password: HASH, display_name: this.#name };
    if (accounts.has(this.#name)) return login();
    this.#ask(request, ({ result }) => {
      if (result === 201) accounts.add(this.#name);
      login();
    });
  }

  #say(cycle: number): void {
    const text = `${this.#name} ${cycle}.${++this.#said}`;
    const isDirect = this.#said % 2 === 0;
    const to = isDirect ? this.#partner : GROUP;
    this.#ask({ message: isDirect ? 'chat.user' : 'chat.group', to, ...content(text) }, ({ result }) => {
      if (result === 200 || result === 202) {
        this.#journal.posted.push(text);
        if (isDirect) this.#journal.told.push({ to: this.#partner, text });
      }
      this.#say(cycle);
    });
  }

  #tell(text: string): void {
    this.#ask({ message: 'chat.user', to: this.#partner, ...content(text) }, () => {});
  }

  #ask(request: object, answered: (reply: Reply) => void): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const tag = `${++this.#tags}`;
    this.#asked.set(tag, answered);
    this.#socket.send(JSON.stringify({ ...request, tag }));
  }

  #hear(message: (Reply | Push) & { readonly tag?: string }): void {
    if ('reply' in message) {
      const answered = this.#asked.get(message.tag ?? '');
      this.#asked.delete(message.tag ?? '');
      return answered?.(message);
    }
    if (!message.message.startsWith('chat.') || message.body === undefined) return;
    const text = Buffer.from(message.body, 'base64').toString();
    this.#markers.add(text);
    this.#marked();
    const [id = '', change] = message.tag.slice(1).split('.');
    this.#journal.seen.push({ id, text: change === undefined ? text : text.slice('* '.length) });
    if (message.message === 'chat.user') this.#journal.heard.add(`${this.#name} ${text}`);
  }
}

function content(text: string): object {
  const font = { family: 'Segoe UI', color: '#000000', style: '' };
  return { font, body: Buffer.from(text).toString('base64'), timestamp: '2014-06-16T20:13:59.128Z' };
}
