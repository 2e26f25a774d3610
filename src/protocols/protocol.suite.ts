import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openTestApp, type TestApp } from '../../testing/app.ts';
import { generousRates } from '../../testing/hub.ts';
import type { Protocol } from './protocol.ts';

/** What a client hears: the answer to something that was asked, good or bad, or the text that somebody is shown to have said. */
export type Heard =
  | { readonly type: 'answer'; readonly answer: 'good' | 'bad' }
  | { readonly type: 'shown'; readonly text: string };

/** How one client of a protocol speaks on a stream, and what it hears. */
export type ScriptedClient = {
  /** Comes in under a name that nobody has; the last of several requests tells how that went. */
  join(name: string): readonly Uint8Array[];
  /** Says something in the lobby. */
  speak(text: string): Uint8Array;
  leave(): Uint8Array;
  /** Something complete that means nothing. */
  nonsense(): Uint8Array;
  /** Reads whole messages of the server; what is neither an answer nor somebody's text is left out. */
  hear(bytes: Uint8Array): readonly Heard[];
};

/** What the suite must know of a protocol. */
export type ScriptedProtocol = {
  /** A new client; where names need passwords, this is its password. */
  open(password: string): ScriptedClient;
  /** Whether the server closes the connection of whoever leaves. */
  readonly closes: boolean;
};

const ADDRESS = { address: '192.0.2.1' };
const TOO_MUCH = 70_000;
const utf8 = new TextEncoder();

/** The phrasebook of a protocol whose messages are lines of text, and whose guests need no password. */
export function scriptedLines(client: {
  join(name: string): string;
  speak(text: string): string;
  readonly leave: string;
  readonly nonsense: string;
  answer(message: string): 'good' | 'bad' | null;
  shown(message: string): string | null;
}): ScriptedProtocol {
  const hear = (line: string): Heard[] => {
    const [answer, text] = [client.answer(line), client.shown(line)];
    if (answer !== null) return [{ type: 'answer', answer }];
    return text === null ? [] : [{ type: 'shown', text }];
  };
  return {
    closes: true,
    open: () => ({
      join: (name) => [utf8.encode(client.join(name))],
      speak: (text) => utf8.encode(client.speak(text)),
      leave: () => utf8.encode(client.leave),
      nonsense: () => utf8.encode(client.nonsense),
      hear: (bytes) => new TextDecoder().decode(bytes).split('\n').slice(0, -1).flatMap(hear),
    }),
  };
}

/** What every protocol must pass, whatever it looks like: join, speak, leave, be refused, be flooded. */
export function protocolSuite(protocol: Protocol, scripted: ScriptedProtocol): void {
  async function scene(messages = generousRates.messages) {
    const app = await openTestApp({ hub: { rates: { ...generousRates, messages } } });
    return { app, client: (password = 'hunter2') => new Client(app, protocol, scripted.open(password)) };
  }

  describe(`every protocol: ${protocol.name}`, () => {
    test('who joins and speaks is answered, and heard by the others, once each', async () => {
      const { client } = await scene();
      const alice = client();
      const bob = client();
      assert.equal(await alice.join('alice'), 'good');
      assert.equal(await bob.join('bob'), 'good');
      assert.deepEqual(await alice.speak('hello', 'again'), ['good', 'good']);
      assert.deepEqual(await bob.shown(), ['hello', 'again']);
    });

    test('who leaves is gone, and may come back', async () => {
      const { client, app } = await scene();
      const alice = client();
      await alice.join('alice');
      await alice.ask(alice.scripted.leave());
      assert.equal(alice.endedAs, scripted.closes ? 'done' : null);
      assert.deepEqual(app.world.people.visible, []);
      assert.equal(await client().join('alice'), 'good');
    });

    test('who is refused may go on, and nobody else notices', async () => {
      const { client } = await scene();
      const alice = client();
      const bob = client('another');
      await bob.join('bob');
      assert.deepEqual(await alice.speak('too early'), ['bad']);
      assert.equal(await alice.join('bob'), 'bad');
      assert.deepEqual(await alice.ask(alice.scripted.nonsense()), ['bad']);
      assert.equal(await alice.join('alice'), 'good');
      assert.equal(await alice.join('alicia'), 'bad');
      assert.deepEqual(await alice.speak('   '), ['bad']);
      assert.deepEqual(await alice.speak('at last'), ['good']);
      assert.deepEqual(await bob.shown(), ['at last']);
    });

    test('who floods is refused beyond the burst, stays connected, and the others get what was accepted', async () => {
      const { client } = await scene({ perSecond: 1, burst: 3 });
      const alice = client();
      const bob = client();
      await alice.join('alice');
      await bob.join('bob');
      const flood = Array.from({ length: 10 }, (_, index) => `m${index}`);
      const answers = await alice.speak(...flood);
      assert.deepEqual(answers, [...Array<string>(3).fill('good'), ...Array<string>(7).fill('bad')]);
      assert.deepEqual(await bob.shown(), ['m0', 'm1', 'm2']);
      assert.equal(alice.endedAs, null);
    });

    test('who says more than a message may hold is told so and disconnected, and nothing of it is kept', async () => {
      const { client } = await scene();
      const alice = client();
      const bob = client();
      await alice.join('alice');
      await bob.join('bob');
      assert.deepEqual(await alice.speak('x'.repeat(TOO_MUCH)), ['bad']);
      assert.equal(alice.endedAs, 'broken');
      assert.deepEqual(await bob.shown(), []);
    });
  });
}

/** One connection to a house, in the words of one protocol. */
class Client {
  readonly scripted: ScriptedClient;
  readonly #app: TestApp;
  readonly #pair: ReturnType<TestApp['connect']>;
  #texts: string[] = [];

  constructor(app: TestApp, protocol: Protocol, scripted: ScriptedClient) {
    this.#app = app;
    this.scripted = scripted;
    this.#pair = app.connect(protocol, ADDRESS);
  }

  /** How the server ended the connection; null while it stands. */
  get endedAs(): string | null {
    return this.#pair.link.ended?.kind ?? null;
  }

  async join(name: string): Promise<string | undefined> {
    return (await this.ask(...this.scripted.join(name))).at(-1);
  }

  speak(...texts: readonly string[]): Promise<string[]> {
    return this.ask(...texts.map((text) => this.scripted.speak(text)));
  }

  /** Says all of it at once; the answers in their order. */
  async ask(...requests: readonly Uint8Array[]): Promise<string[]> {
    this.#pair.peer.send(Buffer.concat(requests));
    return this.#read();
  }

  /** The texts that this client was shown since the last time. */
  async shown(): Promise<string[]> {
    await this.#read();
    return this.#texts.splice(0);
  }

  async #read(): Promise<string[]> {
    await this.#app.settle();
    const heard = this.scripted.hear(this.#pair.peer.take());
    this.#texts.push(...heard.flatMap((one) => (one.type === 'shown' ? [one.text] : [])));
    return heard.flatMap((one) => (one.type === 'answer' ? [one.answer] : []));
  }
}
