import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom, type SeededRandom } from '../../testing/random.ts';
import { waitForIo } from '../../testing/condition.ts';
import { type Client, supports, type Driver } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openServer, type MatrixServer } from '../matrix/server.ts';
import { PASSWORD } from './fixture.ts';

const SEEDS = [1, 2, 3];
const STEPS = 120;
const STATUSES = ['Available', 'Away', 'Busy', 'Offline', 'offline', 'Online', 'out for lunch'];
const TRIES = 200;

/** Protocols that show no presence at all, each with the reason. */
const withoutPresence: ReadonlyMap<string, string> = new Map([
  ['msgpack', 'its document has no messages for it (MSGP-54)'],
]);

/** The expected state of a person. */
type Expected = { readonly name: string; readonly account: boolean; clients: Client[]; status: string };

const isVisible = ({ clients, status }: Expected) => clients.length > 0 && status.toLowerCase() !== 'offline';

const withStatus = drivers.filter((driver) => supports(driver, 'setStatus'));
const withGuests = drivers.filter((driver) => supports(driver, 'guest'));

async function step(random: SeededRandom, server: MatrixServer, people: readonly Expected[]): Promise<string> {
  const someone = random.pick(people);
  const driver = random.pick(someone.account ? drivers : withGuests);
  const withStatusClient = someone.clients.find(({ protocol }) =>
    withStatus.some((other) => other.protocol === protocol),
  );
  const roll = random.next();
  if (someone.clients.length === 0 || (someone.account && roll < 0.2)) return connect(someone, driver, server);
  if (withStatusClient !== undefined && roll < 0.6) {
    someone.status = random.pick(STATUSES);
    await withStatusClient.setStatus(someone.status);
    return `${someone.name} is ${someone.status}`;
  }
  const [client] = someone.clients.splice(random.below(someone.clients.length), 1);
  if (someone.clients.length === 0) someone.status = 'Available';
  // A lost connection of documents counts for 10 s more (CONN-131), which is too long to wait for.
  const leaves = roll < 0.8 || client?.protocol === 'documents';
  if (leaves) await client?.leave();
  else client?.cut();
  return `${someone.name} ${leaves ? 'leaves' : 'is cut off'} by ${client?.protocol}`;
}

async function connect(someone: Expected, driver: Driver, server: MatrixServer): Promise<string> {
  const client = await driver.connect(server);
  if (someone.account) await client.login(someone.name, PASSWORD);
  else await client.enter(someone.name);
  someone.clients.push(client);
  return `${someone.name} connects by ${driver.protocol}`;
}

/** The people that each watcher sees, once the server has noticed the connections that were cut. */
async function views(watchers: readonly Client[], names: readonly string[], expected: readonly string[]) {
  for (let tries = 0; ; tries++) {
    const current = await Promise.all(
      watchers.map(async (client) => [client.protocol, await client.who(names)] as const),
    );
    const agree = current.every(([, view]) => view === null || view.join() === expected.join());
    if (agree || tries === TRIES) return current;
    await waitForIo();
  }
}

/** Resolves when the watchers were shown all that happened before: a guest enters and leaves after it. */
async function caughtUp(server: MatrixServer, watchers: readonly Client[]): Promise<void> {
  const [driver] = withGuests;
  const passer = await driver?.connect(server);
  await passer?.enter('Passer');
  await passer?.leave();
  for (const client of watchers) {
    const { asks, expected } = drivers.find(({ protocol }) => protocol === client.protocol) ?? assert.fail();
    const left = expected.left('Passer');
    if (asks) await client.look();
    else if (left !== null) await client.observed.waitFor(left);
  }
}

for (const { protocol, expected, connect } of drivers) {
  const why = withoutPresence.get(protocol);
  const title = why === undefined ? 'presence is shown' : `no presence is shown: ${why}`;
  test(`T28 by ${protocol} ${title}`, async (t) => {
    const server = await openServer();
    t.after(() => server.close());
    const client = await connect(server);
    await client.enter('Watcher');
    assert.equal((await client.who(['Watcher'])) === null, why !== undefined);
    assert.equal(expected.left('') === null && expected.entered('') === null, why !== undefined);
  });
}

for (const seed of SEEDS) {
  test(`T28 all protocols agree on who is present (seed ${seed})`, async (t) => {
    const random = seededRandom(seed);
    const server = await openServer();
    t.after(() => server.close());
    const people = ['Guest-a', 'Guest-b', 'Guest-c', 'Member-a', 'Member-b', 'Member-c'].map((name): Expected => {
      return { name, account: name.startsWith('Member'), clients: [], status: 'Available' };
    });
    for (const { name, account } of people) if (account) await server.account(name, PASSWORD);
    const names = people.map(({ name }) => name);
    const watchers: Client[] = [];
    for (const driver of drivers) {
      const guest = await driver.connect(server);
      await guest.enter(`Watcher-${driver.protocol}`);
      await server.account(`Watching-${driver.protocol}`, PASSWORD);
      const member = await driver.connect(server);
      await member.login(`Watching-${driver.protocol}`, PASSWORD);
      watchers.push(guest, member);
    }
    const done: string[] = [];
    const [arrivals, departures] = [new Map<string, number>(), new Map<string, number>()];
    const count = (map: Map<string, number>, { name }: Expected) => map.set(name, (map.get(name) ?? 0) + 1);
    let hidden = 0;
    for (let steps = 0; steps < STEPS; steps++) {
      const before = new Set(people.filter(isVisible));
      done.push(await step(random, server, people));
      for (const someone of people)
        if (before.has(someone) !== isVisible(someone)) count(before.has(someone) ? departures : arrivals, someone);
      const expected = people.filter(isVisible).map(({ name }) => name);
      hidden += people.filter((someone) => someone.clients.length > 0 && !isVisible(someone)).length;
      for (const [protocol, view] of await views(watchers, names, expected))
        if (view !== null) assert.deepEqual(view, expected, `by ${protocol}, after ${done.join('; ')}`);
    }
    assert.ok(hidden > 0, 'there were invisible people');
    await caughtUp(server, watchers);
    for (const { protocol, observed } of watchers) {
      const { expected } = drivers.find((driver) => driver.protocol === protocol) ?? assert.fail(protocol);
      for (const someone of people) {
        const label = `${someone.name} by ${protocol}`;
        const shown = observed.all.filter((one) => 'name' in one && one.name === someone.name);
        const last = shown.findLast((one) => one.kind === 'person');
        if (last !== undefined && expected.left('')?.kind === 'person') {
          assert.equal(last.status !== 'Offline', isVisible(someone), label);
          continue;
        }
        const showsStatus = expected.status('', '') !== null;
        // A protocol shows every arrival or none, and likewise departures.
        for (const [kind, pattern, moves] of [
          ['left', expected.left(''), departures],
          ['entered', expected.entered(''), arrivals],
        ] as const) {
          const expected = pattern?.kind === kind ? (moves.get(someone.name) ?? 0) : 0;
          assert.equal(shown.filter((one) => one.kind === kind).length, expected, `${label}: ${kind}`);
        }
        assert.deepEqual(
          shown.filter(({ kind }) => kind !== 'left' && kind !== 'entered' && (kind !== 'person' || !showsStatus)),
          [],
          label,
        );
      }
    }
  });
}
