import assert from 'node:assert/strict';
import type { Storage } from '../../src/core/ports.ts';
import type { Heard, ScriptedProtocol, ScriptedClient } from '../../src/protocols/protocol.suite.ts';
import { FakeClock } from '../../testing/clock.ts';
import { openTestApp, type TestApp } from '../../testing/app.ts';
import { TestWorld } from '../../testing/world.ts';

/** A client of one protocol, the answers to its messages, and what it was shown. */
class ProtocolClient {
  readonly protocol: string;
  readonly shown: string[] = [];
  readonly answered: { readonly text: string; readonly answer: string }[] = [];
  readonly #app: TestApp;
  readonly #connection: ReturnType<TestApp['connect']>;
  readonly #client: ScriptedClient;

  constructor(app: TestApp, protocol: string, scripted: ScriptedProtocol) {
    this.protocol = protocol;
    this.#app = app;
    this.#connection = app.connect(protocol);
    this.#client = scripted.open('hunter2');
  }

  async join(label: string): Promise<boolean> {
    const requests = this.#client.join(`by-${this.protocol}`);
    return (await this.#ask(requests, label)).at(-1) === 'good';
  }

  async send(label: string, ...texts: readonly string[]): Promise<void> {
    const answers = await this.#ask(
      texts.map((text) => this.#client.speak(text)),
      label,
    );
    for (const [index, text] of texts.entries()) this.answered.push({ text, answer: answers[index] ?? '' });
  }

  async leave(): Promise<void> {
    this.#connection.peer.send(this.#client.leave());
    await this.receive();
  }

  /** Receives what is shown unasked, or asks for it: twice, since the storage may fail once. */
  async look(): Promise<void> {
    for (let tries = 0; tries < 2; tries++) {
      const request = this.#client.look?.();
      if (request !== undefined) this.#connection.peer.send(request);
      await this.receive();
    }
  }

  async receive(): Promise<readonly Heard[]> {
    await this.#app.settle();
    const events = this.#client.hear(this.#connection.peer.take());
    for (const event of events) if (event.type === 'shown') this.shown.push(event.text);
    return events;
  }

  async #ask(requests: readonly Uint8Array[], label: string): Promise<string[]> {
    this.#connection.peer.send(Buffer.concat(requests));
    const events = await this.receive();
    const answers = events.flatMap((event) => (event.type === 'answer' ? [event.answer] : []));
    assert.equal(answers.length, requests.length, `${label}: each request by ${this.protocol} is answered once`);
    return answers;
  }
}

/**
 * A client of each protocol enters, sends messages and leaves while the storage fails once. Compares the answers and what
 * each was shown with what is stored, and resolves to the number of refusals.
 */
export async function protocolsScenario(
  protocols: ReadonlyMap<string, ScriptedProtocol>,
  failing: Storage,
  intact: Storage,
  label: string,
): Promise<number> {
  const clock = new FakeClock();
  const app = await openTestApp({ storage: failing, clock }).catch(() => null);
  if (app === null) return 0;
  const clients = Array.from(protocols, ([name, scripted]) => new ProtocolClient(app, name, scripted));
  let refused = 0;
  const inside: ProtocolClient[] = [];
  for (const client of clients) {
    if (await client.join(label)) inside.push(client);
    else refused++;
  }
  for (const client of inside) {
    await client.send(label, `${client.protocol} 1`);
    await client.send(label, `${client.protocol} 2`, `${client.protocol} 3`);
  }
  // After a failed read of a room the server tries again a second later.
  clock.advance(2_000);
  for (const client of inside) await client.look();
  for (const client of inside) await client.leave();
  await app.world.stop();
  app.world.close();
  const again = await TestWorld.open({ storage: intact });
  const { messages } = await again.world.history.page(again.world.lobby, null, 100);
  again.world.close();
  const texts = messages.map(({ text }) => text);
  assert.deepEqual([...new Set(texts)], texts, `${label}: nothing is stored twice`);
  const answered = inside.flatMap((client) => client.answered);
  for (const { text, answer } of answered) {
    assert.equal(texts.includes(text), answer === 'good', `${label}: ${text} was answered ${answer}`);
    if (answer !== 'good') refused++;
  }
  for (const { protocol, shown } of inside) {
    assert.deepEqual([...new Set(shown)], shown, `${label}: ${protocol} is shown nothing twice`);
    for (const text of shown)
      assert.ok(texts.includes(text), `${label}: ${protocol} was shown ${text}, which is not stored`);
    const missed = texts.filter((text) => !text.startsWith(protocol) && !shown.includes(text));
    assert.deepEqual(missed, [], `${label}: ${protocol} was shown all messages of others`);
  }
  return refused;
}
