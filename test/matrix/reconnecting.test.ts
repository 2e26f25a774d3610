import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SeededRandom, seededRandom } from '../../testing/random.ts';
import { waitForIo } from '../../testing/condition.ts';
import { type Client, type Driver, PASSWORD } from './driver.ts';
import { drivers } from './drivers.ts';
import { closeServers, NODES, openServers, type Servers } from './servers.ts';

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

/** Logs in and ends the connection again and again, by any protocol, to any node, on one connection at a time. */
async function reconnect(servers: Servers, name: string, random: SeededRandom): Promise<Login[]> {
  const logins: Login[] = [];
  for (let count = 0; count < LOGINS; count++) {
    const driver = random.pick(READERS);
    const transport = random.pick(driver.transports.filter((one) => (ONLY_TRANSPORT ?? one) === one));
    const client = await driver.connect(random.pick(servers), transport);
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

for (const { nodes, on } of NODES) {
  for (const seed of SEEDS) {
    test(`matrix: ${on} a person who reconnects again and again misses nothing and is shown nothing twice (seed ${seed})`, async (t) => {
      const servers = await openServers(nodes);
      t.after(() => closeServers(servers));
      for (const name of NAMES) await servers[0].account(name, PASSWORD);
      const { stop, sent } = write(servers);
      const reconnecting = NAMES.map((name, index) => reconnect(servers, name, seededRandom(seed * 100 + index)));
      const logins = await Promise.all(reconnecting).finally(stop);
      const texts = await sent;
      for (const [index, name] of NAMES.entries()) await check(servers, name, logins[index] ?? [], texts);
      t.diagnostic(`${texts.length} texts, each to the lobby and to ${NAMES.length} people`);
    });
  }

  for (const driver of READERS.filter(({ asks }) => asks)) {
    test(`matrix: ${on} a client of ${driver.protocol} that is cut goes on with its copies: it misses nothing and shows nothing twice`, async (t) => {
      const servers = await openServers(nodes);
      t.after(() => closeServers(servers));
      for (const name of NAMES) await servers[0].account(name, PASSWORD);
      const random = seededRandom(1);
      const client = await driver.connect(servers[0]);
      await client.login('dora', PASSWORD);
      const { stop, sent } = write(servers);
      for (let count = 0; count < LOGINS; count++) {
        for (let turn = random.below(4); turn > 0; turn--) await client.look();
        cutWhileLooking(client);
        await (client.reconnect?.(random.pick(servers)) ?? assert.fail());
      }
      stop();
      const expected = (await sent).flatMap((text) => [`${text} lobby`, `${text} to dora`]);
      await client.look();
      const texts = client.observed.all.flatMap((one) => (one.kind === 'message' ? [one.text] : []));
      assert.deepEqual(texts.toSorted(), expected.toSorted());
      assertOrdered(texts);
      await client.checkCopies();
    });
  }
}

/** Begins to send by every protocol, spread over the nodes, until `stop`; `sent` are the texts then. */
function write(servers: Servers): { readonly stop: () => void; readonly sent: Promise<string[]> } {
  let stopped = false;
  const sent = drivers.map(async (driver, index) => {
    const client = await driver.connect(servers[index % servers.length] ?? servers[0]);
    await client.enter(`Writer-${driver.protocol}`);
    return sendUntil(client, driver.protocol, () => stopped);
  });
  return { stop: () => void (stopped = true), sent: Promise.all(sent).then((texts) => texts.flat()) };
}

/** Whether what one login was shown is read for a client of this driver: who asks shows what is unread, delivered or not. */
function isRead(login: Login, driver: Driver): boolean {
  return login.driver.asks || !driver.asks;
}

async function check(servers: Servers, name: string, before: readonly Login[], sent: readonly string[]): Promise<void> {
  const driver = drivers.find(({ history }) => !history) ?? assert.fail('every protocol shows a history');
  const client = await driver.connect(servers[0]);
  await client.login(name, PASSWORD);
  const writer = await driver.connect(servers.at(-1) ?? servers[0]);
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
      // Another node learns what was delivered here when it is saved, which takes a moment: see the test at the end.
      assert.ok(!again || servers.length > 1, `again after it was shown: ${report()}`);
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

test('matrix: on two nodes what was delivered in order by one is not delivered again by the other at once', {
  todo: 'a node saves what it delivered a moment after the last connection has ended, and no other node waits for that',
}, async (t) => {
  const servers = await openServers(2);
  t.after(() => closeServers(servers));
  const driver =
    drivers.find(({ history, asks }) => !history && !asks) ?? assert.fail('every protocol shows a history');
  await servers[0].account('dora', PASSWORD);
  const writer = await driver.connect(servers[0]);
  await writer.enter('Writer');
  const sent = await writer.sendDirect('dora', 'once', 1);
  const first = await driver.connect(servers[0]);
  await first.login('dora', PASSWORD);
  await first.observed.waitFor(driver.expected.direct(sent));
  await first.leave();
  const second = await driver.connect(servers[1] ?? assert.fail());
  await second.login('dora', PASSWORD);
  const last = await writer.sendToLobby('the end', 2);
  await second.observed.waitFor(driver.expected.message(last, 'lobby') ?? assert.fail());
  assert.deepEqual(second.observed.messagesWith('once'), []);
});
