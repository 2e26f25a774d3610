import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type LineClient, TestHub } from '../../../testing/hub.ts';
import { type LineOptions, lineProtocol } from '../../../testing/line-protocol.ts';
import type { AppendItem, AppendResult, MessagePage } from '../../core/ports.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

const STEPS = 60;
/** So long after a person's last connection it has to be read again how far rooms were shown. */
const FORGOTTEN_MS = 100;

/** Which of the questions that wait is answered next. */
const ORDERS = ['first', 'last'] as const;
type Order = (typeof ORDERS)[number];

/** Storage that answers one question at a time, when the test says so. */
class SteppedStorage extends MemoryStorage {
  stepping = false;
  order: Order = 'first';
  /** Questions of these kinds get no answer until they are taken out. */
  readonly held = new Set<keyof MemoryStorage>();
  #waiting: { readonly kind: keyof MemoryStorage; readonly answer: () => void }[] = [];

  /** Lets one answer go; false if none waits. */
  release(): boolean {
    const free = this.#waiting.filter(({ kind }) => !this.held.has(kind));
    const next = free.at(this.order === 'last' ? -1 : 0);
    this.#waiting = this.#waiting.filter((one) => one !== next);
    next?.answer();
    return next !== undefined;
  }

  override append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    return this.#inTurn('append', super.append(batch));
  }

  override positions(...args: Parameters<MemoryStorage['positions']>): Promise<readonly number[]> {
    return this.#inTurn('positions', super.positions(...args));
  }

  override entries(...args: Parameters<MemoryStorage['entries']>) {
    return this.#inTurn('entries', super.entries(...args));
  }

  override load(...args: Parameters<MemoryStorage['load']>) {
    return this.#inTurn('load', super.load(...args));
  }

  override page(...args: Parameters<MemoryStorage['page']>): Promise<MessagePage> {
    return this.#inTurn('page', super.page(...args));
  }

  override credential(...args: Parameters<MemoryStorage['credential']>) {
    return this.#inTurn('credential', super.credential(...args));
  }

  override deliveryMarkers(...args: Parameters<MemoryStorage['deliveryMarkers']>) {
    return this.#inTurn('deliveryMarkers', super.deliveryMarkers(...args));
  }

  async #inTurn<T>(kind: keyof MemoryStorage, question: Promise<T>): Promise<T> {
    const result = await question;
    if (this.stepping) await new Promise<void>((answer) => this.#waiting.push({ kind, answer }));
    return result;
  }
}

type Scene = {
  readonly app: TestHub;
  readonly storage: SteppedStorage;
  readonly bob: LineClient;
};

/** Bob has said three things in the lobby and two to alice, who was there for the first of each. */
async function scene(): Promise<Scene> {
  const clock = new FakeClock();
  const storage = new SteppedStorage(clock);
  const app = await TestHub.open({ clock, storage });
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol({ direct: 'others' }));
  await bob.ask('login bob');
  const before = app.client(lineProtocol());
  await before.ask('login alice');
  await bob.ask('say 1', 'direct alice 1');
  await before.signOfLife();
  await before.ask('leave');
  await app.advance(FORGOTTEN_MS);
  await bob.ask('say 2', 'direct alice 2', 'say 3');
  return { app, storage, bob };
}

/** One small thing happens: this turn ends, and storage answers one question. */
async function step({ app, storage }: Scene): Promise<boolean> {
  app.clock.turn();
  await new Promise(setImmediate);
  return storage.release();
}

/** Everything that can happen has happened. */
async function toTheEnd(all: Scene): Promise<void> {
  for (let idle = 0; idle < 12; ) idle = (await step(all)) ? 0 : idle + 1;
}

/** Somebody comes, and at one step a line is said; then everything comes to its end, and one more line is said. */
async function comes(at: number, said: string, more: { come: string; adapter: LineOptions; order: Order }) {
  const all = await scene();
  const { app, storage, bob } = all;
  storage.order = more.order;
  storage.stepping = true;
  const client = app.client(lineProtocol(more.adapter));
  client.send(more.come);
  let entered = -1;
  const lines: string[] = [];
  for (let count = 0; count <= STEPS; count++) {
    if (count === at) bob.send(said);
    await step(all);
    lines.push(...client.lines());
    if (entered < 0 && lines.length > 0) entered = count;
  }
  await toTheEnd(all);
  storage.stepping = false;
  await bob.ask('say last');
  lines.push(...client.lines());
  assert.equal(lines[0], 'ok');
  assert.ok(entered >= 0 && entered < STEPS, 'the steps are enough');
  return { entered, texts: lines.slice(1).map((line) => line.split(' ').at(-1)), lines };
}

const lobbyOf = (lines: readonly string[]) =>
  lines.flatMap((line) => /^(?:old|new) \d+ \w+ (\w+)$/.exec(line)?.[1] ?? []);
const directOf = (lines: readonly string[]) =>
  lines.flatMap((line) => /^(?:old|new) @bob \d+ \w+ (\w+)$/.exec(line)?.[1] ?? []);

for (const order of ORDERS) {
  const how = `storage answers ${order}`;

  test(`CONN-10 a message that is said at any step of a login is shown once, after history, ${how}`, async () => {
    for (let at = 0; at <= STEPS; at++) {
      const { lines } = await comes(at, 'say now', { come: 'login alice', adapter: {}, order });
      assert.deepEqual(lobbyOf(lines), ['1', '2', '3', 'now', 'last'], `said at step ${at}: ${lines.join()}`);
      assert.deepEqual(directOf(lines), ['2'], `said at step ${at}`);
    }
  });

  test(`CONN-10 a message that is said at any step of a login is shown once, after what waits, ${how}`, async () => {
    for (let at = 0; at <= STEPS; at++) {
      const adapter: LineOptions = { rooms: 'all', history: 0 };
      const { lines } = await comes(at, 'say now\ndirect alice now', { come: 'login alice', adapter, order });
      assert.deepEqual(lobbyOf(lines), ['2', '3', 'now', 'last'], `said at step ${at}: ${lines.join()}`);
      assert.deepEqual(directOf(lines), ['2', 'now'], `said at step ${at}: ${lines.join()}`);
    }
  });

  test(`CONN-10 CONN-49 a conversation that begins at any step of a login is shown once, ${how}`, async () => {
    for (let at = 0; at <= STEPS; at++) {
      const adapter: LineOptions = { rooms: 'all', history: 0 };
      const all = await scene();
      const { app, storage, bob } = all;
      await app.accounts('carol');
      storage.order = order;
      storage.stepping = true;
      const carol = app.client(lineProtocol(adapter));
      carol.send('login carol');
      for (let count = 0; count <= STEPS; count++) {
        if (count === at) bob.send('direct carol one', 'direct carol two');
        await step(all);
      }
      await toTheEnd(all);
      storage.stepping = false;
      await bob.ask('direct carol three');
      assert.deepEqual(directOf(carol.lines()), ['one', 'two', 'three'], `begun at step ${at}`);
    }
  });

  test(`CONN-10 a guest is shown once whatever is said from when the guest is let in, ${how}`, async () => {
    for (let at = 0; at <= STEPS; at++) {
      const { entered, lines } = await comes(at, 'say now', { come: 'enter guest', adapter: { history: 0 }, order });
      const shown = lobbyOf(lines);
      if (at >= entered || shown.length > 1) assert.deepEqual(shown, ['now', 'last'], `said at step ${at}`);
      else assert.deepEqual(shown, ['last'], `said at step ${at}`);
    }
  });
}

/** Alice is logging in by a wire that shows everything, and storage does not answer one kind of question. */
async function held(kind: keyof MemoryStorage) {
  const all = await scene();
  await all.app.accounts('carol');
  const carol = all.app.client(lineProtocol());
  await carol.ask('login carol');
  all.storage.stepping = true;
  all.storage.held.add(kind);
  const alice = all.app.client(lineProtocol({ rooms: 'all', history: 0 }));
  alice.send('login alice');
  await toTheEnd(all);
  /** What alice is shown in the end. */
  const goOn = async (): Promise<string[]> => {
    all.storage.held.clear();
    await toTheEnd(all);
    all.storage.stepping = false;
    await all.app.settle();
    return alice.lines().slice(1);
  };
  return { ...all, alice, carol, goOn };
}

for (const kind of ['deliveryMarkers', 'page'] as const) {
  test(`CONN-10 CONN-49 a conversation that begins before ${kind} is known is shown once, after what waits`, async () => {
    const all = await held(kind);
    all.carol.send('direct alice one', 'direct alice two', 'say lobby');
    await toTheEnd(all);
    const lines = await all.goOn();
    const old = lines.filter((line) => line.startsWith('old'));
    assert.deepEqual([old.length, lines.slice(0, 3)], [3, old], 'what waits comes first');
    assert.deepEqual(lobbyOf(lines), ['2', '3', 'lobby']);
    assert.deepEqual(
      lines.filter((line) => line.includes('@carol')),
      ['new @carol 1 carol one', 'new @carol 2 carol two'],
    );
    await all.carol.ask('direct alice three');
    assert.deepEqual(all.alice.lines(), ['new @carol 3 carol three']);
  });

  test(`CONN-40 whoever is blocked before ${kind} is known is not shown then`, async () => {
    const all = await held(kind);
    all.alice.send('block bob');
    await toTheEnd(all);
    const lines = await all.goOn();
    assert.deepEqual(lines, ['ok']);
  });

  test(`CONN-49 T27 of a room that was left before ${kind} is known nothing is shown`, async () => {
    const all = await held(kind);
    all.storage.held.clear();
    const stays = all.app.client(lineProtocol({ rooms: 'all' }));
    stays.send('login bob');
    await toTheEnd(all);
    all.bob.send('create den');
    await toTheEnd(all);
    all.alice.send('join den');
    await toTheEnd(all);
    all.bob.send('group den hello');
    await toTheEnd(all);
    all.alice.peer.close();
    await toTheEnd(all);
    all.app.clock.advance(FORGOTTEN_MS);
    await toTheEnd(all);
    all.storage.held.add(kind);
    const again = all.app.client(lineProtocol({ rooms: 'all', history: 0 }));
    again.send('login alice');
    await toTheEnd(all);
    again.send('part den');
    await toTheEnd(all);
    all.bob.send('group den secret');
    await toTheEnd(all);
    all.storage.held.clear();
    await toTheEnd(all);
    const lines = again.lines();
    assert.equal(lines.filter((line) => line === 'ok').length, 2, 'logged in, and left');
    assert.ok(lines.every((line) => !line.includes('#den')));
  });
}

for (const kind of ['deliveryMarkers', 'page'] as const)
  test(`CONN-57 who leaves or is renamed before ${kind} is known is shown so, after what waits`, async () => {
    const all = await held(kind);
    const { app } = all;
    const [guest, other] = [app.client(lineProtocol()), app.client(lineProtocol())];
    guest.send('enter guest');
    other.send('enter other');
    await toTheEnd(all);
    guest.send('leave');
    other.send('rename another');
    await toTheEnd(all);
    const lines = await all.goOn();
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('old')),
      ['left guest left', 'renamed other another'],
    );
    assert.deepEqual(lines.slice(3), ['left guest left', 'renamed other another']);
  });
