import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineClient, TestHub } from '../../../testing/hub.ts';
import { seededRandom } from '../../../testing/random.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';

/**
 * What can happen between the server and alice's client. `arrive`: the client reads what is on its way. `answer`: its answer to
 * the last probe that it read reaches the server. The requests may have been sent before anything arrived.
 */
const ACTIONS = [
  'message',
  'arrive',
  'answer',
  'request',
  'time',
  'sign out',
  'sign in',
  'leave',
  'half-close',
] as const;
type Action = (typeof ACTIONS)[number];

const LENGTH = 4;
/** How many longer orders are tried, by chance, and how long they are. */
const LONGER = { orders: 400, length: 12 };

/** The answer to a first probe comes after a second one was sent. */
const LATE_ANSWER: Action[] = ['message', 'time', 'arrive', 'message', 'sign out', 'answer'];

function byChance(): Action[][] {
  const random = seededRandom(1);
  return Array.from({ length: LONGER.orders }, () => Array.from({ length: LONGER.length }, () => random.pick(ACTIONS)));
}

/** Every order of this many actions that begins with a message. */
function orders(length: number): Action[][] {
  if (length === 1) return [['message']];
  return orders(length - 1).flatMap((order) => ACTIONS.map((action) => [...order, action]));
}

/** Alice's client, whose line has a latency, and bob, who writes to her. */
class Scenario {
  readonly app: TestHub;
  readonly bob: LineClient;
  readonly client: LineClient;
  readonly read: string[] = [];
  sent = 0;

  private constructor(app: TestHub, bob: LineClient, client: LineClient) {
    this.app = app;
    this.bob = bob;
    this.client = client;
  }

  static async open(): Promise<Scenario> {
    const app = await TestHub.open();
    await app.accounts('alice', 'bob');
    const bob = app.client(lineProtocol({ history: 0, direct: 'none' }));
    await bob.ask('login bob');
    const client = app.client(lineProtocol({ history: 0 }));
    client.peer.holdProbes();
    await client.ask('login alice');
    client.peer.stopReading();
    return new Scenario(app, bob, client);
  }

  async act(action: Action): Promise<void> {
    const { app, bob, client } = this;
    if (action === 'message') bob.send(`direct alice ${++this.sent}`);
    else if (action === 'request') client.send('who');
    else if (action === 'sign out') client.send('bye');
    else if (action === 'sign in') client.send('login alice');
    else if (action === 'leave') client.send('leave');
    else if (action === 'half-close') client.peer.halfClose();
    else if (action === 'answer') client.peer.answerProbes();
    else if (action === 'arrive') this.#arrive();
    if (action === 'time') await app.advance(2_000);
    else await app.settle();
  }

  #arrive(): void {
    this.client.peer.resumeReading();
    this.read.push(...directOf(this.client.lines()));
    this.client.peer.stopReading();
  }

  /** The line is cut; alice logs in again and reads everything. */
  async waiting(): Promise<string[]> {
    await this.client.drop();
    return directOf(await this.app.client(lineProtocol({ history: 0 })).ask('login alice'));
  }
}

function directOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^(?:old|new) @bob \d+ bob (\d+)$/.exec(line)?.[1] ?? []);
}

test('CONN-43 whatever the order of messages, signs of life, signing out and closing: a message that did not arrive waits', async () => {
  for (const order of [...orders(LENGTH), ...byChance(), LATE_ANSWER]) {
    const scenario = await Scenario.open();
    for (const action of order) await scenario.act(action);
    const waiting = await scenario.waiting();
    const shown = new Set([...scenario.read, ...waiting]);
    for (let number = 1; number <= scenario.sent; number++)
      assert.ok(shown.has(`${number}`), `${order.join(', ')}: message ${number} was never shown`);
  }
});

test('CONN-43 a message whose arrival was proved waits no more', async () => {
  const proofs: readonly Action[][] = [
    ['message', 'time', 'arrive', 'answer'],
    ['message', 'arrive', 'time', 'arrive', 'answer'],
    ['message', 'time', 'message', 'arrive', 'answer', 'time', 'arrive', 'answer'],
    ['message', 'sign out', 'arrive', 'answer'],
    ['message', 'sign out', 'sign in', 'arrive', 'answer'],
    ['message', 'leave', 'arrive'],
    ['message', 'time', 'leave', 'arrive'],
    ['message', 'sign out', 'leave', 'arrive'],
  ];
  for (const order of proofs) {
    const scenario = await Scenario.open();
    for (const action of order) await scenario.act(action);
    assert.deepEqual(await scenario.waiting(), [], order.join(', '));
  }
});

test('CONN-43 an account is probed once in 2 s while something is unproved, and a guest never', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('login bob');
  const [alice, guest] = [app.client(lineProtocol({ history: 0 })), app.client(lineProtocol({ history: 0 }))];
  await alice.ask('login alice');
  await guest.ask('enter carol');
  for (let tenths = 0; tenths < 100; tenths++) {
    await bob.ask('say more');
    await app.advance(100);
  }
  assert.deepEqual([alice.link.probes, guest.link.probes], [5, 0]);
  await app.advance(60_000);
  assert.equal(alice.link.probes, 5, 'everything is proved');
});
