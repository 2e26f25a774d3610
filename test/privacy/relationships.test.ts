import assert from 'node:assert/strict';
import { test } from 'node:test';
import { supports, type Client, type SentMessage } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openServer, type MatrixServer } from '../matrix/server.ts';
import { askingOf } from './requests.ts';
import { PASSWORD, speaking } from './fixture.ts';

async function come(server: MatrixServer, driver: (typeof drivers)[number], name: string): Promise<Client> {
  const client = await driver.connect(server);
  await client.login(name, PASSWORD);
  return client;
}

test('T28 whom somebody adds or blocks, by whatever protocol, is told to nobody else, by no protocol', async (t) => {
  const server = await openServer();
  t.after(() => server.close());
  const names = ['Annabel', 'Benedict', 'Cyprian'] as const;
  for (const name of names) await server.account(name, PASSWORD);
  const watchers = await Promise.all(
    drivers.flatMap((driver) =>
      names.slice(1).map(async (name) => ({ client: await come(server, driver, name), driver })),
    ),
  );
  const anns = await Promise.all(drivers.map((driver) => come(server, driver, names[0])));
  const ann = server.person(names[0]);
  // By the protocols that have requests for it; the first is nobody's client, but the world's own way.
  const ways = [null, ...anns.filter(({ protocol }) => askingOf(protocol).tie !== undefined)];
  const passers = Array.from({ length: 2 * ways.length + 1 }, (_, index) => `Passer-${index}`);
  for (const name of passers) await server.account(name, PASSWORD);

  /** Resolves when everybody was shown all that happened before: somebody comes, speaks and goes, which changes no group. */
  async function quiet(): Promise<void> {
    const passer = passers.shift() ?? assert.fail('nobody passes');
    const client = await come(server, speaking, passer);
    const sent = await client.sendToLobby('all of it was shown', 1);
    await client.leave();
    for (const { client: watching, driver } of watchers) {
      await watching.observed.waitFor(driver.expected.message(sent, 'lobby') ?? assert.fail('no lobby'));
      const left = driver.expected.left(passer);
      if (left !== null) await watching.observed.waitFor(left);
    }
  }

  /** Adds or removes it that way, or where there is no request for it, past all protocols; true where there is one. */
  async function change(way: Client | null, kind: 'contact' | 'block', on: boolean): Promise<boolean> {
    const frame = (way && askingOf(way.protocol).tie?.(kind, names[1], on, way)) ?? null;
    if (way === null || frame === null)
      await server.must((world, done) => world.relationships.set(kind, ann, names[1], on, done));
    else assert.ok(!askingOf(way.protocol).isRefused(await way.raw(frame)));
    const { people } = server.world;
    const kept = kind === 'contact' ? people.contactsOf(ann) : people.blocksOf(ann);
    assert.equal(kept.has(server.person(names[1])), on);
    return frame !== null;
  }

  await quiet();
  for (const way of ways) {
    let asked = 0;
    for (const on of [true, false]) {
      const before = watchers.map(({ client }) => client.frames.length);
      for (const kind of ['contact', 'block'] as const) asked += Number(await change(way, kind, on));
      await quiet();
      for (const [index, { client }] of watchers.entries()) {
        const told = client.frames.slice(before[index]).filter((frame) => frame.includes(names[0]));
        assert.deepEqual(told, [], `${on ? 'added' : 'removed'} by ${way?.protocol}, told by ${client.protocol}`);
      }
    }
    assert.equal(asked > 0, way !== null);
  }
});

test('T28 a message to somebody who is invisible, or who blocks its author, is answered as one to somebody away, by every protocol', async (t) => {
  const server = await openServer();
  t.after(() => server.close());
  const [away, hidden, blocking, there] = ['Away-01', 'Hidden-01', 'Blocking-01', 'There-01'];
  for (const name of [away, hidden, blocking, there]) await server.account(name, PASSWORD);
  for (const name of [hidden, blocking, there]) {
    for (const driver of drivers) {
      const client = await come(server, driver, name);
      if (name === hidden && supports(driver, 'setStatus')) await client.setStatus('Offline');
    }
  }
  /** All that its author is told of a message. */
  const toldOf = ({ author, waits, font, id, time }: SentMessage) => ({ author, waits, font, id: id === null, time });
  for (const driver of drivers) {
    const name = `Author-${driver.protocol}`;
    await server.account(name, PASSWORD);
    await server.must((world, done) => world.relationships.set('block', server.person(blocking), name, true, done));
    const author = await come(server, driver, name);
    const expected = toldOf(await author.sendDirect(away, 'hello', 5));
    for (const to of [hidden, blocking]) assert.deepEqual(toldOf(await author.sendDirect(to, 'hello', 5)), expected, to);
    // Where the answer tells whether somebody is there, it does.
    const { waits } = await author.sendDirect(there, 'hello', 5);
    assert.equal(waits, expected.waits === null ? null : !expected.waits, driver.protocol);
    const present = await author.who([away, hidden, blocking, there]);
    if (present !== null) assert.deepEqual(present, [blocking, there]);
  }
});
