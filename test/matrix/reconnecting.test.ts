import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SeededRandom, seededRandom } from '../../testing/random.ts';
import { waitForIo } from '../../testing/condition.ts';
import { type Client, type Driver, PASSWORD } from './driver.ts';
import { drivers } from './drivers.ts';
import { openServer, type MatrixServer } from './server.ts';

const LOGINS = 25;
const NAMES = ['dora', 'emil', 'finn'];
/** A story is what one of them goes through with one seed. `STORIES=1000` is the full test. */
const STORIES = Number(process.env.STORIES ?? 6);
const SEEDS = Array.from({ length: Math.ceil(STORIES / NAMES.length) }, (_, index) => index + 1);
/** `ONLY='msgpack tcp'` lets all of them use one protocol and transport. */
const [ONLY_PROTOCOL, ONLY_TRANSPORT] = process.env.ONLY?.split(' ') ?? [];
const READERS = drivers.filter(({ protocol }) => ONLY_PROTOCOL === undefined || protocol === ONLY_PROTOCOL);

/** One login of a person. A clean end proves to the server that the client has read everything. */
type Login = { readonly driver: Driver; readonly client: Client; readonly clean: boolean };

/** Sends to the lobby and to each person until `stop`. */
async function sendUntil(client: Client, word: string, stop: () => boolean): Promise<string[]> {
  const sent: string[] = [];
  for (let count = 1; !stop(); count++) {
    const text = `${word} ${count}.`;
    await client.sendToLobby(`${text} lobby`, count);
    for (const name of NAMES) await client.sendDirect(name, `${text} to ${name}`, count);
    sent.push(text);
    await waitForIo();
  }
  return sent;
}

/** A client that asks is cut before it has the answers. */
function cutWhileLooking(client: Client): void {
  client.look().catch(() => {});
  client.cut();
}

/** Logs in and ends the connection again and again, by any protocol, on one connection at a time. */
async function reconnect(server: MatrixServer, name: string, random: SeededRandom): Promise<Login[]> {
  const logins: Login[] = [];
  for (let count = 0; count < LOGINS; count++) {
    const driver = random.pick(READERS);
    const transport = random.pick(driver.transports.filter((one) => (ONLY_TRANSPORT ?? one) === one));
    const client = await driver.connect(server, transport);
    await client.login(name, PASSWORD);
    const turns = random.below(6);
    for (let turn = 0; turn < turns; turn++) await client.look();
    const leaves = random.next() < 0.7;
    if (leaves) await client.leave();
    else cutWhileLooking(client);
    logins.push({ driver, client, clean: leaves && client.provesItsEnd });
  }
  return logins;
}

const textsOf = ({ client }: Login) => client.observed.all.flatMap((one) => (one.kind === 'message' ? [one.text] : []));

for (const seed of SEEDS) {
  test(`matrix: a person who reconnects again and again misses nothing and is shown nothing twice (seed ${seed})`, async (t) => {
    const server = await openServer();
    t.after(() => server.close());
    for (const name of NAMES) await server.account(name, PASSWORD);
    let stopped = false;
    const senders = drivers.map(async (driver) => {
      const client = await driver.connect(server);
      await client.enter(`Writer-${driver.protocol}`);
      return sendUntil(client, driver.protocol, () => stopped);
    });
    const reconnecting = NAMES.map((name, index) => reconnect(server, name, seededRandom(seed * 100 + index)));
    const logins = await Promise.all(reconnecting).finally(() => (stopped = true));
    const sent = (await Promise.all(senders)).flat();
    for (const [index, name] of NAMES.entries()) await check(server, name, logins[index] ?? [], sent);
    t.diagnostic(`${sent.length} texts, each to the lobby and to ${NAMES.length} people`);
  });
}

for (const driver of READERS.filter(({ asks }) => asks)) {
  test(`matrix: a client of ${driver.protocol} that is cut goes on with its copies: it misses nothing and shows nothing twice`, async (t) => {
    const server = await openServer();
    t.after(() => server.close());
    for (const name of NAMES) await server.account(name, PASSWORD);
    const random = seededRandom(1);
    const client = await driver.connect(server);
    await client.login('dora', PASSWORD);
    let stopped = false;
    const writers = drivers.map(async (one) => {
      const writer = await one.connect(server);
      await writer.enter(`Writer-${one.protocol}`);
      return sendUntil(writer, one.protocol, () => stopped);
    });
    for (let count = 0; count < LOGINS; count++) {
      for (let turn = random.below(4); turn > 0; turn--) await client.look();
      cutWhileLooking(client);
      await (client.reconnect?.() ?? assert.fail());
    }
    stopped = true;
    const sent = (await Promise.all(writers)).flat();
    await client.look();
    const texts = client.observed.all.flatMap((one) => (one.kind === 'message' ? [one.text] : []));
    assert.deepEqual(texts.toSorted(), sent.flatMap((text) => [`${text} lobby`, `${text} to dora`]).toSorted());
    assertOrdered(texts);
    await client.checkCopies();
  });
}

/** Whether what one login was shown is read for a client of this driver: who asks shows what is unread, delivered or not. */
function isRead(login: Login, driver: Driver): boolean {
  return login.driver.asks || !driver.asks;
}

async function check(
  server: MatrixServer,
  name: string,
  before: readonly Login[],
  sent: readonly string[],
): Promise<void> {
  const driver = drivers.find(({ history }) => !history) ?? assert.fail('every protocol shows a history');
  const client = await driver.connect(server);
  await client.login(name, PASSWORD);
  const writer = await driver.connect(server);
  await writer.enter(`Last-${name}`);
  const last = await writer.sendToLobby('the end', 1);
  await client.observed.waitFor(driver.expected.message(last, 'lobby') ?? assert.fail());
  const logins = [...before, { driver, client, clean: true }];
  for (const text of sent) {
    for (const where of [`${text} lobby`, `${text} to ${name}`]) {
      const counts = logins.map((login) => textsOf(login).filter((one) => one === where).length);
      const report = () =>
        `${where}: ${logins.map(({ driver, clean }, index) => `${driver.protocol} ${clean ? 'left' : 'cut'} ${counts[index]}`).join(', ')}`;
      assert.ok(
        counts.every((count) => count <= 1),
        `twice on one connection: ${report()}`,
      );
      assert.ok(counts.includes(1), `missed: ${report()}`);
      const isShown = (index: number) => counts[index] === 1;
      const again = logins.some(({ driver }, index) => {
        if (!isShown(index) || (driver.history && where.endsWith('lobby'))) return false;
        return logins.slice(0, index).some((one, earlier) => isShown(earlier) && one.clean && isRead(one, driver));
      });
      assert.ok(!again, `again after it was shown: ${report()}`);
    }
  }
  for (const login of logins) assertOrdered(textsOf(login));
}

/** The messages of one sender in one conversation are shown in order. */
function assertOrdered(texts: readonly string[]): void {
  const latest = new Map<string, number>();
  for (const text of texts) {
    const [, word = '', count = '', where = ''] = /^(\S+) (\d+)\. (.+)$/.exec(text) ?? [];
    const key = `${word} ${where}`;
    assert.ok(Number(count) > (latest.get(key) ?? 0) || key === ' ', `${text} comes after ${latest.get(key)}`);
    latest.set(key, Number(count));
  }
}
