import assert from 'node:assert/strict';
import type { Storage } from '../../src/core/ports.ts';
import type { Heard, ScriptedProtocol, ScriptedClient } from '../../src/protocols/protocol.suite.ts';
import { FakeClock } from '../../testing/clock.ts';
import { openTestApp, type TestApp } from '../../testing/app.ts';
import { TestWorld } from '../../testing/world.ts';

/** One client of each protocol: what it asked, how that was answered, and what it was shown. */
class Client {
  readonly protocol: string;
  readonly shown: string[] = [];
  readonly told: { readonly text: string; readonly answer: string }[] = [];
  readonly #house: TestApp;
  readonly #pair: ReturnType<TestApp['connect']>;
  readonly #voice: ScriptedClient;

  constructor(app: TestApp, protocol: string, book: ScriptedProtocol) {
    this.protocol = protocol;
    this.#house = app;
    this.#pair = app.connect(protocol);
    this.#voice = book.open('hunter2');
  }

  async join(why: string): Promise<boolean> {
    const requests = this.#voice.join(`by-${this.protocol}`);
    return (await this.#ask(requests, why)).at(-1) === 'good';
  }

  async speak(why: string, ...texts: readonly string[]): Promise<void> {
    const answers = await this.#ask(
      texts.map((text) => this.#voice.speak(text)),
      why,
    );
    for (const [index, text] of texts.entries()) this.told.push({ text, answer: answers[index] ?? '' });
  }

  async leave(): Promise<void> {
    this.#pair.peer.send(this.#voice.leave());
    await this.listen();
  }

  async listen(): Promise<readonly Heard[]> {
    await this.#house.settle();
    const heard = this.#voice.hear(this.#pair.peer.take());
    for (const one of heard) if (one.type === 'shown') this.shown.push(one.text);
    return heard;
  }

  async #ask(requests: readonly Uint8Array[], why: string): Promise<string[]> {
    this.#pair.peer.send(Buffer.concat(requests));
    const heard = await this.listen();
    const answers = heard.flatMap((one) => (one.type === 'answer' ? [one.answer] : []));
    assert.equal(answers.length, requests.length, `${why}: each request by ${this.protocol} is answered once`);
    return answers;
  }
}

/**
 * Everybody comes, speaks and leaves, each by another protocol, on a store that fails somewhere; then compares what each was
 * told and shown with what is there. Resolves to how much was refused.
 */
export async function wiresStory(
  books: ReadonlyMap<string, ScriptedProtocol>,
  failing: Storage,
  sound: Storage,
  why: string,
): Promise<number> {
  const clock = new FakeClock();
  const app = await openTestApp({ storage: failing, clock }).catch(() => null);
  if (app === null) return 0;
  const clients = Array.from(books, ([protocol, book]) => new Client(app, protocol, book));
  let refused = 0;
  const inside: Client[] = [];
  for (const client of clients) {
    if (await client.join(why)) inside.push(client);
    else refused++;
  }
  for (const client of inside) {
    await client.speak(why, `${client.protocol} 1`);
    await client.speak(why, `${client.protocol} 2`, `${client.protocol} 3`);
  }
  // Who could not read a room at first tries again a second later.
  clock.advance(2_000);
  for (const client of inside) await client.listen();
  for (const client of inside) await client.leave();
  await app.world.stop();
  app.world.close();
  const again = await TestWorld.open({ storage: sound });
  const { messages } = await again.world.history.page(again.world.lobby, null, 100);
  again.world.close();
  const texts = messages.map(({ text }) => text);
  assert.deepEqual([...new Set(texts)], texts, `${why}: nothing is there twice`);
  const told = inside.flatMap((client) => client.told);
  for (const { text, answer } of told) {
    assert.equal(texts.includes(text), answer === 'good', `${why}: ${text} was answered by ${answer}`);
    if (answer !== 'good') refused++;
  }
  for (const { protocol, shown } of inside) {
    assert.deepEqual([...new Set(shown)], shown, `${why}: ${protocol} is shown nothing twice`);
    for (const text of shown)
      assert.ok(texts.includes(text), `${why}: ${protocol} was shown ${text}, which is not there`);
    const missed = texts.filter((text) => !text.startsWith(protocol) && !shown.includes(text));
    assert.deepEqual(missed, [], `${why}: ${protocol} was shown all that others said`);
  }
  return refused;
}
