import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type LineClient, TestHub } from '../../../testing/hub.ts';
import { type LineOptions, lineProtocol } from '../../../testing/line-protocol.ts';
import type { AppendItem, AppendResult, MessagePage } from '../../core/ports.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

const STEPS = 60;
/** After this time without a connection, a person's delivery markers are forgotten and must be loaded again. */
const FORGOTTEN_MS = 100;

/** Which of the waiting calls is answered next. */
const ORDERS = ['first', 'last'] as const;
type Order = (typeof ORDERS)[number];

/** Storage that answers one call at a time, when the test says so. */
class SteppedStorage extends MemoryStorage {
  stepping = false;
  order: Order = 'first';
  /** Calls of these kinds get no answer until they are removed from this set. */
  readonly unanswered = new Set<keyof MemoryStorage>();
  #waiting: { readonly kind: keyof MemoryStorage; readonly answer: () => void }[] = [];

  /** Answers one call; false if none waits. */
  release(): boolean {
    const answerable = this.#waiting.filter(({ kind }) => !this.unanswered.has(kind));
    const next = answerable.at(this.order === 'last' ? -1 : 0);
    this.#waiting = this.#waiting.filter((one) => one !== next);
    next?.answer();
    return next !== undefined;
  }

  override append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    return this.#whenReleased('append', super.append(batch));
  }

  override positions(...args: Parameters<MemoryStorage['positions']>): Promise<readonly number[]> {
    return this.#whenReleased('positions', super.positions(...args));
  }

  override entries(...args: Parameters<MemoryStorage['entries']>) {
    return this.#whenReleased('entries', super.entries(...args));
  }

  override load(...args: Parameters<MemoryStorage['load']>) {
    return this.#whenReleased('load', super.load(...args));
  }

  override page(...args: Parameters<MemoryStorage['page']>): Promise<MessagePage> {
    return this.#whenReleased('page', super.page(...args));
  }

  override credential(...args: Parameters<MemoryStorage['credential']>) {
    return this.#whenReleased('credential', super.credential(...args));
  }

  override deliveryMarkers(...args: Parameters<MemoryStorage['deliveryMarkers']>) {
    return this.#whenReleased('deliveryMarkers', super.deliveryMarkers(...args));
  }

  async #whenReleased<T>(kind: keyof MemoryStorage, call: Promise<T>): Promise<T> {
    const result = await call;
    if (this.stepping) await new Promise<void>((answer) => this.#waiting.push({ kind, answer }));
    return result;
  }
}

type Scenario = {
  readonly app: TestHub;
  readonly storage: SteppedStorage;
  readonly bob: LineClient;
};

/** Bob has sent three messages to the lobby and two to alice, who was connected for the first of each. */
async function openScenario(): Promise<Scenario> {
  const clock = new FakeClock();
  const storage = new SteppedStorage(clock);
  const app = await TestHub.open({ clock, storage });
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol({ direct: 'others' }));
  await bob.ask('login bob');
  const before = app.client(lineProtocol());
  await before.ask('login alice');
  await bob.ask('say 1', 'direct alice 1');
  await before.waitForProof();
  await before.ask('leave');
  await app.advance(FORGOTTEN_MS);
  await bob.ask('say 2', 'direct alice 2', 'say 3');
  return { app, storage, bob };
}

/** Ends this turn, and storage answers one call; false if none waits. */
async function step({ app, storage }: Scenario): Promise<boolean> {
  app.clock.turn();
  await new Promise(setImmediate);
  return storage.release();
}

/** Steps until nothing happens any more. */
async function toTheEnd(scenario: Scenario): Promise<void> {
  for (let idle = 0; idle < 12; ) idle = (await step(scenario)) ? 0 : idle + 1;
}

/** A client logs in, bob sends `sent` at step `at`, and `last` after the last step. */
async function logInAndSend(at: number, sent: string, more: { login: string; adapter: LineOptions; order: Order }) {
  const scenario = await openScenario();
  const { app, storage, bob } = scenario;
  storage.order = more.order;
  storage.stepping = true;
  const client = app.client(lineProtocol(more.adapter));
  client.send(more.login);
  let entered = -1;
  const lines: string[] = [];
  for (let count = 0; count <= STEPS; count++) {
    if (count === at) bob.send(sent);
    await step(scenario);
    lines.push(...client.lines());
    if (entered < 0 && lines.length > 0) entered = count;
  }
  await toTheEnd(scenario);
  storage.stepping = false;
  await bob.ask('say last');
  lines.push(...client.lines());
  assert.equal(lines[0], 'ok');
  assert.ok(entered >= 0 && entered < STEPS, 'the steps are enough');
  return { entered, lines };
}

const lobbyOf = (lines: readonly string[]) =>
  lines.flatMap((line) => /^(?:old|new) \d+ \w+ (\w+)$/.exec(line)?.[1] ?? []);
const directOf = (lines: readonly string[]) =>
  lines.flatMap((line) => /^(?:old|new) @bob \d+ \w+ (\w+)$/.exec(line)?.[1] ?? []);

for (const order of ORDERS) {
  const how = `storage answers ${order}`;

  test(`CONN-10 a message that is sent at any step of a login is delivered once, after history, ${how}`, async () => {
    for (let at = 0; at <= STEPS; at++) {
      const { lines } = await logInAndSend(at, 'say now', { login: 'login alice', adapter: {}, order });
      assert.deepEqual(lobbyOf(lines), ['1', '2', '3', 'now', 'last'], `sent at step ${at}: ${lines.join()}`);
      assert.deepEqual(directOf(lines), ['2'], `sent at step ${at}`);
    }
  });

  test(`CONN-10 a message that is sent at any step of a login is delivered once, after the backlog, ${how}`, async () => {
    for (let at = 0; at <= STEPS; at++) {
      const adapter: LineOptions = { rooms: 'all', history: 0 };
      const { lines } = await logInAndSend(at, 'say now\ndirect alice now', { login: 'login alice', adapter, order });
      assert.deepEqual(lobbyOf(lines), ['2', '3', 'now', 'last'], `sent at step ${at}: ${lines.join()}`);
      assert.deepEqual(directOf(lines), ['2', 'now'], `sent at step ${at}: ${lines.join()}`);
    }
  });

  test(`CONN-10 CONN-49 a direct that begins at any step of a login is delivered once, ${how}`, async () => {
    for (let at = 0; at <= STEPS; at++) {
      const adapter: LineOptions = { rooms: 'all', history: 0 };
      const scenario = await openScenario();
      const { app, storage, bob } = scenario;
      await app.accounts('carol');
      storage.order = order;
      storage.stepping = true;
      const carol = app.client(lineProtocol(adapter));
      carol.send('login carol');
      for (let count = 0; count <= STEPS; count++) {
        if (count === at) bob.send('direct carol one', 'direct carol two');
        await step(scenario);
      }
      await toTheEnd(scenario);
      storage.stepping = false;
      await bob.ask('direct carol three');
      assert.deepEqual(directOf(carol.lines()), ['one', 'two', 'three'], `begun at step ${at}`);
    }
  });

  test(`CONN-10 a guest gets every message after the login once, ${how}`, async () => {
    for (let at = 0; at <= STEPS; at++) {
      const { entered, lines } = await logInAndSend(at, 'say now', {
        login: 'enter guest',
        adapter: { history: 0 },
        order,
      });
      const received = lobbyOf(lines);
      if (at >= entered || received.length > 1) assert.deepEqual(received, ['now', 'last'], `sent at step ${at}`);
      else assert.deepEqual(received, ['last'], `sent at step ${at}`);
    }
  });
}

/** Alice logs in and subscribes to all her rooms, and storage does not answer one kind of call. */
async function logInWithout(kind: keyof MemoryStorage) {
  const scenario = await openScenario();
  await scenario.app.accounts('carol');
  const carol = scenario.app.client(lineProtocol());
  await carol.ask('login carol');
  scenario.storage.stepping = true;
  scenario.storage.unanswered.add(kind);
  const alice = scenario.app.client(lineProtocol({ rooms: 'all', history: 0 }));
  alice.send('login alice');
  await toTheEnd(scenario);
  /** Answers all calls; returns the lines that alice got after her login. */
  const finish = async (): Promise<string[]> => {
    scenario.storage.unanswered.clear();
    await toTheEnd(scenario);
    scenario.storage.stepping = false;
    await scenario.app.settle();
    return alice.lines().slice(1);
  };
  return { ...scenario, alice, carol, finish };
}

for (const kind of ['deliveryMarkers', 'page'] as const) {
  test(`CONN-10 CONN-49 a direct that begins before ${kind} is loaded is delivered once, after the backlog`, async () => {
    const scenario = await logInWithout(kind);
    scenario.carol.send('direct alice one', 'direct alice two', 'say lobby');
    await toTheEnd(scenario);
    const lines = await scenario.finish();
    const old = lines.filter((line) => line.startsWith('old'));
    assert.deepEqual([old.length, lines.slice(0, 3)], [3, old], 'the backlog comes first');
    assert.deepEqual(lobbyOf(lines), ['2', '3', 'lobby']);
    assert.deepEqual(
      lines.filter((line) => line.includes('@carol')),
      ['new @carol 1 carol one', 'new @carol 2 carol two'],
    );
    await scenario.carol.ask('direct alice three');
    assert.deepEqual(scenario.alice.lines(), ['new @carol 3 carol three']);
  });

  test(`CONN-40 messages of a person who is blocked before ${kind} is loaded are not delivered`, async () => {
    const scenario = await logInWithout(kind);
    scenario.alice.send('block bob');
    await toTheEnd(scenario);
    const lines = await scenario.finish();
    assert.deepEqual(lines, ['ok']);
  });

  test(`CONN-49 T27 nothing is delivered of a room that was left before ${kind} is loaded`, async () => {
    const scenario = await logInWithout(kind);
    scenario.storage.unanswered.clear();
    const stays = scenario.app.client(lineProtocol({ rooms: 'all' }));
    stays.send('login bob');
    await toTheEnd(scenario);
    scenario.bob.send('create den');
    await toTheEnd(scenario);
    scenario.alice.send('join den');
    await toTheEnd(scenario);
    scenario.bob.send('group den hello');
    await toTheEnd(scenario);
    scenario.alice.peer.close();
    await toTheEnd(scenario);
    scenario.app.clock.advance(FORGOTTEN_MS);
    await toTheEnd(scenario);
    scenario.storage.unanswered.add(kind);
    const again = scenario.app.client(lineProtocol({ rooms: 'all', history: 0 }));
    again.send('login alice');
    await toTheEnd(scenario);
    again.send('part den');
    await toTheEnd(scenario);
    scenario.bob.send('group den secret');
    await toTheEnd(scenario);
    scenario.storage.unanswered.clear();
    await toTheEnd(scenario);
    const lines = again.lines();
    assert.equal(lines.filter((line) => line === 'ok').length, 2, 'logged in, and left');
    assert.ok(lines.every((line) => !line.includes('#den')));
  });
}

for (const kind of ['deliveryMarkers', 'page'] as const)
  test(`CONN-57 leaving and renaming before ${kind} is loaded are delivered, after the backlog`, async () => {
    const scenario = await logInWithout(kind);
    const { app } = scenario;
    const [guest, other] = [app.client(lineProtocol()), app.client(lineProtocol())];
    guest.send('enter guest');
    other.send('enter other');
    await toTheEnd(scenario);
    guest.send('leave');
    other.send('rename another');
    await toTheEnd(scenario);
    const lines = await scenario.finish();
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('old')),
      ['left guest left', 'renamed other another'],
    );
    assert.deepEqual(lines.slice(3), ['left guest left', 'renamed other another']);
  });
