import type { ClientLog } from '../client-log.ts';

type Reply = {
  readonly reply: string;
  readonly result: number;
  readonly users?: readonly { readonly username: string }[];
};
type Push = { readonly message: string; readonly tag: string; readonly from?: string; readonly body?: string };

const WINDOW = 6;
const GROUP = 'crashers';
/** Clients of tagged send the hash of a password; which password does not matter here. */
const HASH = '5e'.repeat(32);

/**
 * A tagged client whose account outlives the server. It sends messages to its partner and to a group, six requests at a
 * time, and logs the answers and what it is shown.
 */
export class TaggedClient {
  readonly #socket: WebSocket;
  readonly #name: string;
  readonly #partner: string;
  readonly #log: ClientLog;
  readonly #pending = new Map<string, (reply: Reply) => void>();
  #tags = 0;
  #count = 0;
  #shownTexts = new Set<string>();
  #onShown: () => void = () => {};
  readonly closed: Promise<void>;
  /** Resolves with the result of the login; never if the server dies first. */
  readonly loggedIn: Promise<number>;

  constructor(url: string, name: string, partner: string, log: ClientLog) {
    this.#name = name;
    this.#partner = partner;
    this.#log = log;
    this.#socket = new WebSocket(url);
    this.#socket.onmessage = ({ data }) => this.#receive(JSON.parse(String(data)) as Reply | Push);
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = () => resolve();
    });
    this.loggedIn = new Promise((resolve) => {
      this.#socket.onopen = () => this.#enter(resolve);
    });
  }

  /** Sends messages to the partner and to the group while the server lives. */
  send(cycle: number): void {
    this.#ask({ message: 'group.create', groupname: GROUP, display_name: 'Crashers' }, () => {
      this.#ask({ message: 'group.join', groupname: GROUP }, () => {
        for (let slot = 0; slot < WINDOW; slot++) this.#post(cycle);
      });
    });
    this.#ask({ message: 'friend.add', username: this.#partner }, ({ result }) => {
      if (result === 200) this.#log.friends.add(`${this.#name} ${this.#partner}`);
    });
  }

  /** Resolves when the partner's marker was shown, and so everything that waited before it. */
  async caughtUp(partner: TaggedClient, marker: string): Promise<void> {
    const shown = new Promise<void>((resolve) => {
      this.#onShown = () => {
        if (this.#shownTexts.has(marker)) resolve();
      };
    });
    partner.#sendDirect(marker);
    this.#onShown();
    await shown;
  }

  friends(): Promise<string[]> {
    return new Promise((resolve) =>
      this.#ask({ message: 'list.friends' }, ({ users = [] }) => resolve(users.map(({ username }) => username))),
    );
  }

  close(): void {
    this.#socket.close();
  }

  #enter(resolve: (result: number) => void): void {
    const { accounts } = this.#log;
    const login = () =>
      this.#ask({ message: 'login', username: this.#name, password: HASH }, ({ result }) => resolve(result));
    const request = { message: 'register', username: this.#name, password: HASH, display_name: this.#name };
    if (accounts.has(this.#name)) return login();
    this.#ask(request, ({ result }) => {
      if (result === 201) accounts.add(this.#name);
      login();
    });
  }

  #post(cycle: number): void {
    const text = `${this.#name} ${cycle}.${++this.#count}`;
    const isDirect = this.#count % 2 === 0;
    const to = isDirect ? this.#partner : GROUP;
    this.#ask({ message: isDirect ? 'chat.user' : 'chat.group', to, ...content(text) }, ({ result }) => {
      if (result === 200 || result === 202) {
        this.#log.posted.push(text);
        if (isDirect) this.#log.directs.push({ to: this.#partner, text });
      }
      this.#post(cycle);
    });
  }

  #sendDirect(text: string): void {
    this.#ask({ message: 'chat.user', to: this.#partner, ...content(text) }, () => {});
  }

  #ask(request: object, answered: (reply: Reply) => void): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const tag = `${++this.#tags}`;
    this.#pending.set(tag, answered);
    this.#socket.send(JSON.stringify({ ...request, tag }));
  }

  #receive(message: (Reply | Push) & { readonly tag?: string }): void {
    if ('reply' in message) {
      const answered = this.#pending.get(message.tag ?? '');
      this.#pending.delete(message.tag ?? '');
      return answered?.(message);
    }
    if (!message.message.startsWith('chat.') || message.body === undefined) return;
    const text = Buffer.from(message.body, 'base64').toString();
    this.#shownTexts.add(text);
    this.#onShown();
    const [id = '', change] = message.tag.slice(1).split('.');
    this.#log.shown.push({ id, text: change === undefined ? text : text.slice('* '.length) });
    if (message.message === 'chat.user') this.#log.shownDirects.add(`${this.#name} ${text}`);
  }
}

function content(text: string): object {
  const font = { family: 'Segoe UI', color: '#000000', style: '' };
  return { font, body: Buffer.from(text).toString('base64'), timestamp: '2014-06-16T20:13:59.128Z' };
}
