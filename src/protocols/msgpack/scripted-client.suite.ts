import { bytesOfLine, MsgpackReader } from '../../../testing/transcripts/msgpack-lines.ts';
import type { Heard, ScriptedProtocol, ScriptedClient } from '../protocol.suite.ts';

/** A client of msgpack for the suite of all protocols, with an account of its own. */
export const scripted: ScriptedProtocol = { closes: false, open: (password) => new ScriptedMsgpackClient(password) };

class ScriptedMsgpackClient implements ScriptedClient {
  readonly #reader = new MsgpackReader();
  readonly #password: string;
  #name = '';
  #token = '';

  constructor(password: string) {
    this.#password = password;
  }

  join(name: string): readonly Uint8Array[] {
    return [this.#say('register', name, this.#password), this.#say('login', name, this.#password)];
  }

  speak(text: string): Uint8Array {
    return this.#say('msg_group', this.#name, this.#token, 'lobby', text);
  }

  leave(): Uint8Array {
    return this.#say('logout', this.#name);
  }

  nonsense(): Uint8Array {
    return this.#say('login', true, false);
  }

  hear(bytes: Uint8Array): readonly Heard[] {
    return this.#reader.push(bytes).flatMap((line) => this.#understand(JSON.parse(line)));
  }

  #understand([kind, second, ...data]: readonly unknown[]): Heard[] {
    if (kind === 'update') return second === 'msg_group' ? [{ type: 'shown', text: `${data[2]}` }] : [];
    if (data.length === 2) [this.#name, this.#token] = data.map(String) as [string, string];
    return [{ type: 'answer', answer: second === true ? 'good' : 'bad' }];
  }

  #say(...values: readonly (string | boolean)[]): Uint8Array {
    const bytes = bytesOfLine(JSON.stringify(values));
    this.#reader.sent(bytes);
    return bytes;
  }
}
