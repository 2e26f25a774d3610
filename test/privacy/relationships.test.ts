import assert from 'node:assert/strict';
import { test } from 'node:test';
import { supports, type Client, type Driver, type SentMessage } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openServer } from '../matrix/server.ts';
import { requestsOf } from './requests.ts';
import { fullDriver, logIn, PASSWORD } from './fixture.ts';

/** What a client was shown: all frames, but of the answers that it asked for only what they changed in its copies. */
function shownTo({ client, driver }: { readonly client: Client; readonly driver: Driver }): readonly string[] {
  return driver.asks ? client.observed.all.map((one) => JSON.stringify(one)) : client.frames;
}

test('T28 contacts and blocks, set by any protocol, are shown to no other person, by no protocol', async (t) => {
  const server = await openServer();
  t.after(() => server.close());
  const names = ['Annabel', 'Benedict', 'Cyprian'] as const;
  for (const name of names) await server.account(name, PASSWORD);
  const watchers = await Promise.all(
    drivers.flatMap((driver) =>
      names.slice(1).map(async (name) => ({ client: await logIn(server, driver, name), driver })),
    ),
  );
  const anns = await Promise.all(drivers.map((driver) => logIn(server, driver, names[0])));
  const ann = server.person(names[0]);
  // The protocols that have requests for it; null stands for a command on the world.
  const requesters = [null, ...anns.filter(({ protocol }) => requestsOf(protocol).relationship !== undefined)];
  const passers = Array.from({ length: 2 * requesters.length + 1 }, (_, index) => `Passer-${index}`);
  for (const name of passers) await server.account(name, PASSWORD);

  /** Resolves when the watchers were shown all that happened before: a person logs in, speaks and leaves after it. */
  async function caughtUp(): Promise<void> {
    const passer = passers.shift() ?? assert.fail('no account is left');
    const client = await logIn(server, fullDriver, passer);
    const sent = await client.sendToLobby('the end', 1);
    await client.leave();
    for (const { client: watcher, driver } of watchers) {
      await watcher.observed.waitFor(driver.expected.message(sent, 'lobby') ?? assert.fail('no lobby'));
      const left = driver.asks ? null : driver.expected.left(passer);
      if (left !== null) await watcher.observed.waitFor(left);
    }
  }

  /** Adds or removes it by a request, or by a command on the world; true if there was a request. */
  async function change(requester: Client | null, kind: 'contact' | 'block', on: boolean): Promise<boolean> {
    const request = requester && requestsOf(requester.protocol).relationship;
    const ids = { self: ann, other: server.person(names[1]) };
    const frame = (requester && request?.(kind, names[1], on, requester, ids)) ?? null;
    if (requester === null || frame === null)
      await server.must((world, done) => world.relationships.set(kind, ann, names[1], on, done));
    else assert.ok(!requestsOf(requester.protocol).isRefused(await requester.raw(frame)));
    const { people } = server.world;
    const stored = kind === 'contact' ? people.contactsOf(ann) : people.blocksOf(ann);
    assert.equal(stored.has(server.person(names[1])), on);
    return frame !== null;
  }

  await caughtUp();
  for (const requester of requesters) {
    let asked = 0;
    for (const on of [true, false]) {
      const before = watchers.map((watcher) => shownTo(watcher).length);
      for (const kind of ['contact', 'block'] as const) asked += Number(await change(requester, kind, on));
      await caughtUp();
      for (const [index, watcher] of watchers.entries()) {
        const { client } = watcher;
        const shown = shownTo(watcher)
          .slice(before[index])
          .filter((text) => text.includes(names[0]));
        assert.deepEqual(
          shown,
          [],
          `${on ? 'added' : 'removed'} by ${requester?.protocol}, shown by ${client.protocol}`,
        );
      }
    }
    assert.equal(asked > 0, requester !== null);
  }
});

test('T28 a message to an invisible person, or to one who blocks the author, is answered like one to a person who is away', async (t) => {
  const server = await openServer();
  t.after(() => server.close());
  const [away, hidden, blocking, present] = ['Away-01', 'Hidden-01', 'Blocking-01', 'Present-01'];
  for (const name of [away, hidden, blocking, present]) await server.account(name, PASSWORD);
  for (const name of [hidden, blocking, present]) {
    for (const driver of drivers) {
      const client = await logIn(server, driver, name);
      if (name === hidden && supports(driver, 'setStatus')) await client.setStatus('Offline');
    }
  }
  /** What the author is told about a message. */
  const answerOf = ({ author, waits, font, id, time }: SentMessage) => ({ author, waits, font, id: id === null, time });
  for (const driver of drivers) {
    const name = `Author-${driver.protocol}`;
    await server.account(name, PASSWORD);
    await server.must((world, done) => world.relationships.set('block', server.person(blocking), name, true, done));
    const author = await logIn(server, driver, name);
    const expected = answerOf(await author.sendDirect(away, 'hello', 5));
    for (const to of [hidden, blocking])
      assert.deepEqual(answerOf(await author.sendDirect(to, 'hello', 5)), expected, to);
    // The answer for a present person differs, where answers tell that.
    const { waits } = await author.sendDirect(present, 'hello', 5);
    assert.equal(waits, expected.waits === null ? null : !expected.waits, driver.protocol);
    const listed = await author.who([away, hidden, blocking, present]);
    if (listed !== null) assert.deepEqual(listed, [blocking, present]);
  }
});
