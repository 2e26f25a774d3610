import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openTestApp, type TestApp } from '../../testing/app.ts';
import { generousRates } from '../../testing/hub.ts';
import type { Protocol } from './protocol.ts';

/** A received message: the answer to a request, good or bad, or the text of a person. */
export type Heard =
  | { readonly type: 'answer'; readonly answer: 'good' | 'bad' }
  | { readonly type: 'shown'; readonly text: string };

/** Writes the requests of one client of a protocol on a stream, and reads what it receives. */
export type ScriptedClient = {
  /** Enters under a free name. The answer to the last request tells whether that succeeded. */
  join(name: string): readonly Uint8Array[];
  /** Sends a message to the lobby. */
  speak(text: string): Uint8Array;
  leave(): Uint8Array;
  /** A complete message without a meaning. */
  nonsense(): Uint8Array;
  /** Asks for the messages of the lobby, where the protocol shows nothing unasked. A refusal is no answer for `hear`. */
  look?(): Uint8Array;
  /** Reads complete messages of the server, and skips those that are neither answers nor texts. */
  hear(bytes: Uint8Array): readonly Heard[];
};

/** How the suite uses a protocol. */
export type ScriptedProtocol = {
  /** A new client, with its password if the protocol needs one. */
  open(password: string): ScriptedClient;
  /** Whether the server closes the connection when a client leaves. */
  readonly closes: boolean;
};

const ADDRESS = { address: '192.0.2.1' };
const TOO_MUCH = 70_000;
const utf8 = new TextEncoder();

/** For a protocol whose messages are lines of text, and whose guests need no password. */
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

/** The tests that every protocol must pass: join, speak, leave, be refused, flood, send too much. */
export function protocolSuite(protocol: Protocol, scripted: ScriptedProtocol): void {
  async function scene(messages = generousRates.messages) {
    const app = await openTestApp({ hub: { rates: { ...generousRates, messages } } });
    return { app, client: (password = 'hunter2') => new Client(app, protocol, scripted.open(password)) };
  }

  describe(`every protocol: ${protocol.name}`, () => {
    test('a client that joins and speaks gets answers, and the others get each message once', async () => {
      const { client } = await scene();
      const alice = client();
      const bob = client();
      assert.equal(await alice.join('alice'), 'good');
      assert.equal(await bob.join('bob'), 'good');
      assert.deepEqual(await alice.speak('hello', 'again'), ['good', 'good']);
      assert.deepEqual(await bob.shown(), ['hello', 'again']);
    });

    test('a client that leaves is no longer present, and may join again', async () => {
      const { client, app } = await scene();
      const alice = client();
      await alice.join('alice');
      await alice.ask(alice.scripted.leave());
      assert.equal(alice.endedAs, scripted.closes ? 'done' : null);
      assert.deepEqual(app.world.people.visible, []);
      assert.equal(await client().join('alice'), 'good');
    });

    test('a refused client may go on, and the others notice nothing', async () => {
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

    test('a flooding client is refused beyond the burst and stays connected, and the others get the accepted messages', async () => {
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

    test('a client that sends a too long message is refused and disconnected, and the message is not kept', async () => {
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

/** One connection to an app, which speaks one protocol. */
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

  /** How the server ended the connection; null while it is open. */
  get endedAs(): string | null {
    return this.#pair.link.ended?.kind ?? null;
  }

  async join(name: string): Promise<string | undefined> {
    return (await this.ask(...this.scripted.join(name))).at(-1);
  }

  speak(...texts: readonly string[]): Promise<string[]> {
    return this.ask(...texts.map((text) => this.scripted.speak(text)));
  }

  /** Sends all requests at once. Returns the answers in their order. */
  async ask(...requests: readonly Uint8Array[]): Promise<string[]> {
    this.#pair.peer.send(Buffer.concat(requests));
    return this.#read();
  }

  /** The texts that this client received since the last call. */
  async shown(): Promise<string[]> {
    const look = this.scripted.look?.();
    if (look !== undefined) this.#pair.peer.send(look);
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
