import { decodeMulti, encode } from '@msgpack/msgpack';
import { PartnerClient } from './partner-client.ts';

const PASSWORD = 'hunter2';

/** A msgpack client in the lobby. It logs in once and later uses its token alone. */
export class MsgpackClient extends PartnerClient {
  readonly #pending: ((answer: readonly unknown[]) => void)[] = [];

  /** Any request with a valid token logs this connection in. */
  protected logIn(done: (accepted: boolean) => void): void {
    const { accounts, tokens } = this.log;
    if (tokens.has(this.name))
      return this.#ask(['join_group', ...this.#credentials(), 'lobby'], ([accepted]) => done(accepted === true));
    const login = () =>
      this.#ask(['login', this.name, PASSWORD], ([accepted, , token]) => {
        if (accepted === true) tokens.set(this.name, String(token));
        done(accepted === true);
      });
    if (accounts.has(this.name)) return login();
    this.#ask(['register', this.name, PASSWORD], ([registered]) => {
      if (registered === true) accounts.add(this.name);
      login();
    });
  }

  protected send(text: string, isDirect: boolean, done: (accepted: boolean, reason: string) => void): void {
    const [action, to] = isDirect ? ['whisper', this.partner] : ['msg_group', 'lobby'];
    this.#ask([action, ...this.#credentials(), to, text], ([accepted, reason]) =>
      done(accepted === true, String(reason)),
    );
  }

  protected receive(data: unknown): void {
    const [kind, ...values] = decodeMulti(new Uint8Array(data as ArrayBuffer));
    if (kind === 'response') return this.#pending.shift()?.(values);
    const text = String(values.at(-1));
    this.shown(text, values[0] === 'whisper');
    this.log.shownTexts.push(text.replace(/^\* /, ''));
  }

  #credentials(): [name: string, token: string] {
    return [this.name, this.log.tokens.get(this.name) ?? ''];
  }

  #ask(values: readonly string[], answered: (answer: readonly unknown[]) => void): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.#pending.push(answered);
    this.socket.send(Buffer.concat(values.map((value) => encode(value))));
  }
}
