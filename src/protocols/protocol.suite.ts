import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openHouse, type TestHouse } from '../../testing/house.ts';
import { generousRates } from '../../testing/hub.ts';
import type { Protocol } from './protocol.ts';

/** What a client of a protocol says on a stream, and how it reads what it is told, message by message. */
export type Phrasebook = {
  /** Comes in as a guest. */
  join(name: string): string;
  /** Says something in the lobby. */
  speak(text: string): string;
  readonly leave: string;
  /** Something complete that means nothing. */
  readonly nonsense: string;
  /** The answer to something that was asked, good or bad; what is shown unasked is neither. */
  answer(message: string): 'good' | 'bad' | null;
  /** The text that somebody is shown to have said. */
  shown(message: string): string | null;
};

const ADDRESS = { address: '192.0.2.1' };
const TOO_MUCH = 70_000;

/** What every protocol must pass, whatever it looks like: join, speak, leave, be refused, be flooded. */
export function protocolSuite({ name }: Protocol, words: Phrasebook): void {
  async function scene(messages = generousRates.messages) {
    const house = await openHouse({ hub: { rates: { ...generousRates, messages } } });
    return { house, client: (): Client => new Client(house, name, words) };
  }

  describe(`every protocol: ${name}`, () => {
    test('who joins and speaks is answered, and heard by the others, once each', async () => {
      const { client } = await scene();
      const alice = client();
      const bob = client();
      assert.deepEqual(await alice.ask(words.join('alice')), ['good']);
      assert.deepEqual(await bob.ask(words.join('bob')), ['good']);
      assert.deepEqual(await alice.ask(words.speak('hello'), words.speak('again')), ['good', 'good']);
      assert.deepEqual(await bob.shown(), ['hello', 'again']);
    });

    test('who leaves is disconnected, and the name is free', async () => {
      const { client } = await scene();
      const alice = client();
      await alice.ask(words.join('alice'));
      await alice.ask(words.leave);
      assert.equal(alice.endedAs, 'done');
      assert.deepEqual(await client().ask(words.join('alice')), ['good']);
    });

    test('who is refused may go on, and nobody else notices', async () => {
      const { client } = await scene();
      const alice = client();
      const bob = client();
      await bob.ask(words.join('bob'));
      assert.deepEqual(await alice.ask(words.speak('too early')), ['bad']);
      assert.deepEqual(await alice.ask(words.join('bob')), ['bad']);
      assert.deepEqual(await alice.ask(words.nonsense), ['bad']);
      assert.deepEqual(await alice.ask(words.join('alice')), ['good']);
      assert.deepEqual(await alice.ask(words.join('alicia')), ['bad']);
      assert.deepEqual(await alice.ask(words.speak('   ')), ['bad']);
      assert.deepEqual(await alice.ask(words.speak('at last')), ['good']);
      assert.deepEqual(await bob.shown(), ['at last']);
    });

    test('who floods is refused beyond the burst, stays connected, and the others get what was accepted', async () => {
      const { client } = await scene({ perSecond: 1, burst: 3 });
      const alice = client();
      const bob = client();
      await alice.ask(words.join('alice'));
      await bob.ask(words.join('bob'));
      const flood = Array.from({ length: 10 }, (_, index) => words.speak(`m${index}`));
      const answers = await alice.ask(...flood);
      assert.deepEqual(answers, [...Array<string>(3).fill('good'), ...Array<string>(7).fill('bad')]);
      assert.deepEqual(await bob.shown(), ['m0', 'm1', 'm2']);
      assert.equal(alice.endedAs, null);
    });

    test('who says more than a message may hold is told so and disconnected, and nothing of it is kept', async () => {
      const { client } = await scene();
      const alice = client();
      const bob = client();
      await alice.ask(words.join('alice'));
      await bob.ask(words.join('bob'));
      assert.deepEqual(await alice.ask(words.speak('x'.repeat(TOO_MUCH))), ['bad']);
      assert.equal(alice.endedAs, 'broken');
      assert.deepEqual(await bob.shown(), []);
    });
  });
}

/** One connection to a house, in the words of one protocol. */
class Client {
  readonly #house: TestHouse;
  readonly #words: Phrasebook;
  readonly #pair: ReturnType<TestHouse['connect']>;
  #texts: string[] = [];

  constructor(house: TestHouse, protocol: string, words: Phrasebook) {
    this.#house = house;
    this.#words = words;
    this.#pair = house.connect(protocol, ADDRESS);
  }

  /** How the server ended the connection; null while it stands. */
  get endedAs(): string | null {
    return this.#pair.link.ended?.kind ?? null;
  }

  /** Says all of it at once; the answers in their order. */
  async ask(...requests: readonly string[]): Promise<string[]> {
    this.#pair.peer.send(new TextEncoder().encode(requests.join('')));
    return this.#read();
  }

  /** The texts that this client was shown since the last time. */
  async shown(): Promise<string[]> {
    await this.#read();
    return this.#texts.splice(0);
  }

  async #read(): Promise<string[]> {
    await this.#house.settle();
    const messages = new TextDecoder().decode(this.#pair.peer.take()).split('\n').slice(0, -1);
    this.#texts.push(...messages.flatMap((message) => this.#words.shown(message) ?? []));
    return messages.flatMap((message) => this.#words.answer(message) ?? []);
  }
}
