import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom, type SeededRandom } from '../../testing/random.ts';
import { someTurns } from '../../testing/waiting.ts';
import type { Client, Driver } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openPlace, type Place } from '../matrix/place.ts';
import { PASSWORD } from './tenants.ts';

const SEEDS = [1, 2, 3];
const STEPS = 120;
const STATUSES = ['Available', 'Away', 'Busy', 'Offline', 'offline', 'Online', 'out for lunch'];
const TRIES = 200;

/** Somebody as the test knows it should be. */
type Someone = { readonly name: string; readonly account: boolean; clients: Client[]; status: string };

const isVisible = ({ clients, status }: Someone) => clients.length > 0 && status.toLowerCase() !== 'offline';

/** The drivers whose people can say what they are up to. */
const withStatus = drivers.filter(({ looks }) => looks.status('', '') !== null);

async function step(random: SeededRandom, place: Place, people: readonly Someone[]): Promise<string> {
  const someone = random.pick(people);
  const driver = random.pick(drivers);
  const talks = someone.clients.find(({ protocol }) => withStatus.some((other) => other.protocol === protocol));
  const roll = random.next();
  if (someone.clients.length === 0 || (someone.account && roll < 0.2)) return comes(someone, driver, place);
  if (talks !== undefined && roll < 0.6) {
    someone.status = random.pick(STATUSES);
    await talks.setStatus(someone.status);
    return `${someone.name} is ${someone.status}`;
  }
  const [client] = someone.clients.splice(random.below(someone.clients.length), 1);
  if (someone.clients.length === 0) someone.status = 'Available';
  if (roll < 0.8) await client?.leave();
  else client?.cut();
  return `${someone.name} ${roll < 0.8 ? 'leaves' : 'is cut off'} by ${client?.protocol}`;
}

async function comes(someone: Someone, driver: Driver, place: Place): Promise<string> {
  const client = await driver.connect(place);
  if (someone.account) await client.login(someone.name, PASSWORD);
  else await client.enter(someone.name);
  someone.clients.push(client);
  return `${someone.name} comes by ${driver.protocol}`;
}

/** Whom each watcher sees, once the server knows of connections that were cut. */
async function seen(watchers: readonly Client[], names: readonly string[], expected: readonly string[]) {
  for (let tries = 0; ; tries++) {
    const views = await Promise.all(
      watchers.map(async (client) => [client.protocol, await client.who(names)] as const),
    );
    const agree = views.every(([, view]) => view.join() === expected.join());
    if (agree || tries === TRIES) return views;
    await someTurns();
  }
}

/** Resolves when each watcher was told of all that happened until now. */
async function passBy(place: Place, watchers: readonly Client[]): Promise<void> {
  const [driver] = drivers;
  const passer = await driver?.connect(place);
  await passer?.enter('Passer');
  await passer?.leave();
  for (const { protocol, sightings } of watchers) {
    const { looks } = drivers.find((one) => one.protocol === protocol) ?? assert.fail(protocol);
    await sightings.see(looks.left('Passer'));
  }
}

for (const seed of SEEDS) {
  test(`T28 every protocol agrees on who is there, whatever people do (seed ${seed})`, async (t) => {
    const random = seededRandom(seed);
    const place = await openPlace();
    t.after(() => place.close());
    const people = ['Guest-a', 'Guest-b', 'Guest-c', 'Member-a', 'Member-b', 'Member-c'].map((name): Someone => {
      return { name, account: name.startsWith('Member'), clients: [], status: 'Available' };
    });
    for (const { name, account } of people) if (account) await place.account(name, PASSWORD);
    const names = people.map(({ name }) => name);
    const watchers: Client[] = [];
    for (const driver of drivers) {
      const guest = await driver.connect(place);
      await guest.enter(`Watcher-${driver.protocol}`);
      await place.account(`Watching-${driver.protocol}`, PASSWORD);
      const member = await driver.connect(place);
      await member.login(`Watching-${driver.protocol}`, PASSWORD);
      watchers.push(guest, member);
    }
    const done: string[] = [];
    const departures = new Map<string, number>();
    let hidden = 0;
    for (let count = 0; count < STEPS; count++) {
      const before = people.filter(isVisible);
      done.push(await step(random, place, people));
      for (const someone of before)
        if (!isVisible(someone)) departures.set(someone.name, (departures.get(someone.name) ?? 0) + 1);
      const expected = people.filter(isVisible).map(({ name }) => name);
      hidden += people.filter((someone) => someone.clients.length > 0 && !isVisible(someone)).length;
      for (const [protocol, view] of await seen(watchers, names, expected))
        assert.deepEqual(view, expected, `by ${protocol}, after ${done.join('; ')}`);
    }
    assert.ok(hidden > 0, 'somebody was invisible at times');
    await passBy(place, watchers);
    for (const { protocol, sightings } of watchers) {
      for (const someone of people) {
        const shown = sightings.all.filter((one) => 'name' in one && one.name === someone.name);
        const gone = shown.filter(({ kind }) => kind === 'gone').length;
        const last = shown.findLast((one) => one.kind === 'person');
        if (last === undefined) assert.equal(gone, departures.get(someone.name) ?? 0, `${someone.name} by ${protocol}`);
        else assert.equal(last.status !== 'Offline', isVisible(someone), `${someone.name} by ${protocol}`);
      }
    }
  });
}
