import type { Heard, ScriptedClient, ScriptedProtocol } from '../protocol.suite.ts';

type Entry = { readonly text?: string };
type Answer = { readonly cls?: string; readonly status: number; readonly data?: { readonly page?: readonly Entry[] } };

/** Ids are counted in the apps of tests, and the lobby is made first. */
const LOBBY = { type: 'room', id: 1 };

const utf8 = new TextEncoder();

/** A client of documents for the suite of all protocols. */
export const scripted: ScriptedProtocol = { closes: false, open: () => new ScriptedDocumentsClient() };

class ScriptedDocumentsClient implements ScriptedClient {
  #shown = 0;
  #requests = 0;

  join(username: string): readonly Uint8Array[] {
    return [this.#request('login', { username })];
  }

  speak(text: string): Uint8Array {
    return this.#request('add_child', { key: LOBBY, obj: { key: { type: 'msg' }, text } });
  }

  leave(): Uint8Array {
    return this.#request('logout');
  }

  nonsense(): Uint8Array {
    return this.#request('nonsense', {});
  }

  /** Asks for the messages; what came before the first time counts as new too. */
  look(): Uint8Array {
    return this.#request('get_children', { key: LOBBY, ver: null, view: 'asc', size: 200 });
  }

  hear(bytes: Uint8Array): readonly Heard[] {
    const lines = new TextDecoder().decode(bytes).split('\n').slice(0, -1);
    return lines.flatMap((line) => this.#understand(JSON.parse(line) as Answer));
  }

  #understand({ cls, status, data }: Answer): Heard[] {
    if (cls !== 'get_children') return [{ type: 'answer', answer: status < 300 ? 'good' : 'bad' }];
    const fresh = (data?.page ?? []).slice(this.#shown);
    this.#shown += fresh.length;
    return fresh.flatMap(({ text }) => (text === undefined ? [] : [{ type: 'shown', text }]));
  }

  #request(cls: string, data?: object): Uint8Array {
    const id = `${++this.#requests}`;
    return utf8.encode(JSON.stringify({ type: 'request', id, cls, data }));
  }
}
