import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SeededRandom, seededRandom } from '../../testing/random.ts';
import { someTurns } from '../../testing/waiting.ts';
import { type Client, type Driver, PASSWORD } from './driver.ts';
import { drivers } from './drivers.ts';
import { openPlace, type MatrixServer } from './server.ts';

const SEEDS = [1, 2];
const STAYS = 25;
const NAMES = ['dora', 'emil', 'finn'];

/** One stay of a person: by which protocol, whether its end tells that all was seen, and what was shown meanwhile, in order. */
type Stay = { readonly driver: Driver; readonly client: Client; readonly clean: boolean };

/** Says something to everybody and to each of the people, until it is told to stop. */
async function write(client: Client, word: string, stop: () => boolean): Promise<string[]> {
  const said: string[] = [];
  for (let count = 1; !stop(); count++) {
    const text = `${word} ${count}.`;
    await client.sayInLobby(`${text} lobby`, count);
    for (const name of NAMES) await client.tell(name, `${text} to ${name}`, count);
    said.push(text);
    await someTurns();
  }
  return said;
}

/** Comes and goes, by any protocol, on one connection at a time. */
async function comeAndGo(place: MatrixServer, name: string, random: SeededRandom): Promise<Stay[]> {
  const stays: Stay[] = [];
  for (let count = 0; count < STAYS; count++) {
    const driver = random.pick(drivers);
    const transport = random.pick(driver.transports);
    const client = await driver.connect(place, transport);
    await client.login(name, PASSWORD);
    const turns = random.below(6);
    for (let turn = 0; turn < turns; turn++) await someTurns();
    const leaves = random.next() < 0.7;
    if (leaves) await client.leave();
    else client.cut();
    // The end of a ZeroMQ connection tells nothing (ZMTP-27): what was sent while its person logged out may come again.
    stays.push({ driver, client, clean: leaves && transport !== 'zeromq' });
  }
  return stays;
}

const textsOf = ({ client }: Stay) => client.sightings.all.flatMap((one) => (one.kind === 'message' ? [one.text] : []));

for (const seed of SEEDS) {
  test(`matrix: whoever comes and goes misses nothing, and sees nothing twice that was shown (seed ${seed})`, async (t) => {
    const place = await openPlace();
    t.after(() => place.close());
    for (const name of NAMES) await place.account(name, PASSWORD);
    let stopped = false;
    const writing = drivers.map(async (driver) => {
      const client = await driver.connect(place);
      await client.enter(`Writer-${driver.protocol}`);
      return write(client, driver.protocol, () => stopped);
    });
    const going = NAMES.map((name, index) => comeAndGo(place, name, seededRandom(seed * 100 + index)));
    const stays = await Promise.all(going).finally(() => (stopped = true));
    const said = (await Promise.all(writing)).flat();
    for (const [index, name] of NAMES.entries()) await check(place, name, stays[index] ?? [], said);
    t.diagnostic(`${said.length} times said, to everybody and to ${NAMES.length}`);
  });
}

async function check(
  place: MatrixServer,
  name: string,
  before: readonly Stay[],
  said: readonly string[],
): Promise<void> {
  const driver = drivers.find(({ history }) => !history) ?? assert.fail('all show a history');
  const client = await driver.connect(place);
  await client.login(name, PASSWORD);
  const writer = await driver.connect(place);
  await writer.enter(`Last-${name}`);
  const last = await writer.sayInLobby('the end', 1);
  await client.sightings.see(driver.looks.message(last, 'lobby') ?? assert.fail());
  const stays = [...before, { driver, client, clean: true }];
  for (const text of said) {
    for (const where of [`${text} lobby`, `${text} to ${name}`]) {
      const seen = stays.map((stay) => textsOf(stay).filter((one) => one === where).length);
      const story = () =>
        `${where}: ${stays.map((stay, index) => `${stay.driver.protocol} ${stay.clean ? 'left' : 'cut'} ${seen[index]}`).join(', ')}`;
      assert.ok(
        seen.every((count) => count <= 1),
        `twice on one connection: ${story()}`,
      );
      assert.ok(seen.includes(1), `missed: ${story()}`);
      const shown = stays.findIndex((stay, index) => seen[index] === 1 && stay.clean);
      const again = stays.findIndex(
        (stay, index) => index > shown && seen[index] === 1 && !(stay.driver.history && where.endsWith('lobby')),
      );
      assert.ok(shown === -1 || again === -1, `again after it was shown: ${story()}`);
    }
  }
  for (const stay of stays) inOrder(textsOf(stay));
}

/** What one writer said in one place is shown in the order in which it was said. */
function inOrder(texts: readonly string[]): void {
  const latest = new Map<string, number>();
  for (const text of texts) {
    const [, word = '', count = '', where = ''] = /^(\S+) (\d+)\. (.+)$/.exec(text) ?? [];
    const key = `${word} ${where}`;
    assert.ok(Number(count) > (latest.get(key) ?? 0) || key === ' ', `${text} comes after ${latest.get(key)}`);
    latest.set(key, Number(count));
  }
}
