import { PartnerClient } from './partner-client.ts';

type Reply = {
  readonly reply: string;
  readonly result: number;
  readonly result_message: string;
  readonly users?: readonly { readonly username: string }[];
};
type Push = { readonly message: string; readonly tag: string; readonly body?: string };

const GROUP = 'crashers';
/** Clients of tagged send the hash of a password; which password does not matter here. */
const HASH = '5e'.repeat(32);

/** A tagged client in a group. */
export class TaggedClient extends PartnerClient {
  readonly #pending = new Map<string, (reply: Reply) => void>();
  #tags = 0;

  override start(cycle: number): void {
    this.#ask({ message: 'group.create', groupname: GROUP, display_name: 'Crashers' }, () => {
      this.#ask({ message: 'group.join', groupname: GROUP }, () => super.start(cycle));
    });
    this.#ask({ message: 'friend.add', username: this.partner }, ({ result }) => {
      if (result === 200) this.log.friends.add(`${this.name} ${this.partner}`);
    });
  }

  friends(): Promise<string[]> {
    return new Promise((resolve) =>
      this.#ask({ message: 'list.friends' }, ({ users = [] }) => resolve(users.map(({ username }) => username))),
    );
  }

  protected logIn(done: (accepted: boolean) => void): void {
    const { accounts } = this.log;
    const login = () =>
      this.#ask({ message: 'login', username: this.name, password: HASH }, ({ result }) => done(result === 200));
    if (accounts.has(this.name)) return login();
    const request = { message: 'register', username: this.name, password: HASH, display_name: this.name };
    this.#ask(request, ({ result }) => {
      if (result === 201) accounts.add(this.name);
      login();
    });
  }

  protected send(text: string, isDirect: boolean, done: (accepted: boolean, reason: string) => void): void {
    const target = isDirect ? { message: 'chat.user', to: this.partner } : { message: 'chat.group', to: GROUP };
    const font = { family: 'Segoe UI', color: '#000000', style: '' };
    const body = Buffer.from(text).toString('base64');
    this.#ask({ ...target, font, body, timestamp: '2014-06-16T20:13:59.128Z' }, ({ result, result_message }) => {
      done(result === 200 || result === 202, `${result} ${result_message}`);
    });
  }

  protected receive(data: unknown): void {
    const message = JSON.parse(String(data)) as (Reply & { readonly tag?: string }) | Push;
    if ('reply' in message) {
      const answered = this.#pending.get(message.tag ?? '');
      this.#pending.delete(message.tag ?? '');
      return answered?.(message);
    }
    if (!message.message.startsWith('chat.') || message.body === undefined) return;
    const text = Buffer.from(message.body, 'base64').toString();
    const [id = '', change] = message.tag.slice(1).split('.');
    this.log.shown.push({ id, text: change === undefined ? text : text.slice('* '.length) });
    this.shown(text, message.message === 'chat.user');
  }

  #ask(request: object, answered: (reply: Reply) => void): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const tag = `${++this.#tags}`;
    this.#pending.set(tag, answered);
    this.socket.send(JSON.stringify({ ...request, tag }));
  }
}
