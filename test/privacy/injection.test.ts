import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { asStored, type Client, supports, type Driver, type SentMessage } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { readLine } from '../matrix/drivers/lobby-line.ts';
import { openServer, type MatrixServer } from '../matrix/server.ts';
import type { Pattern } from '../matrix/observations.ts';
import { isDone, type Reader, readersAndWriters, words, type Writer } from './injection.ts';

const RUNS = { numRuns: 150 };
const SEPARATORS = /[;,[\]/~\s]/;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

describe('T14 what is written by one protocol reads the same by another', () => {
  let server: MatrixServer;
  let readers: readonly Reader[];
  let writers: readonly Writer[];
  let lastTime = 0;

  before(async () => {
    server = await openServer();
    [readers, writers] = await readersAndWriters(server);
  });
  after(() => server.close());

  const writerAt = (which: number) => writers[which] ?? assert.fail('nobody writes');
  const anyWriter = fc.nat(drivers.length - 1);

  /**
   * How a text for all looks to a reader. Where direct messages are lines of the one room, a text that begins like one of
   * them looks like one: these documents have no other mark, and the words are as they were written.
   */
  function inLobby(sent: SentMessage, { driver, breaks }: Reader): Pattern {
    const text = breaks ? sent.text : sent.text.replaceAll('\n', ' ');
    const shown = driver.expected.message({ ...sent, text }, 'lobby') ?? assert.fail('no lobby');
    return driver.privateLines ? { ...shown, ...readLine(text) } : shown;
  }

  test('T14 texts', async () => {
    const property = fc.asyncProperty(anyWriter, words(12), async (which, text) => {
      const kept = asStored(text);
      fc.pre(kept.trim() !== '');
      const { client: writer } = writerAt(which);
      const sent = writer.sendToLobby(text, ++lastTime);
      if (!(await isDone(sent))) return assert.match(kept, CONTROLS);
      assert.doesNotMatch(kept, CONTROLS);
      for (const reader of readers) await reader.client.observed.waitFor(inLobby({ ...(await sent), text: kept }, reader));
    });
    await fc.assert(property, RUNS);
  });

  test('T14 texts for one person', async () => {
    const property = fc.asyncProperty(anyWriter, fc.nat(), words(12), async (which, whom, text) => {
      const kept = asStored(text);
      fc.pre(kept.trim() !== '');
      const { client: writer } = writerAt(which);
      const { client, name, driver, breaks } = readers[whom % readers.length] ?? assert.fail('nobody reads');
      if (CONTROLS.test(kept)) return assert.equal(await isDone(writer.sendDirect(name, kept, ++lastTime)), false);
      const sent = await writer.sendDirect(name, kept, ++lastTime);
      await client.observed.waitFor(driver.expected.direct({ ...sent, text: breaks ? kept : kept.replaceAll('\n', ' ') }));
    });
    await fc.assert(property, RUNS);
  });

  test('T14 times: what one protocol can say of them, every other can show', async () => {
    const first = Date.parse('0000-01-01T00:00:00.000Z');
    const last = Date.parse('9999-12-31T23:59:59.999Z');
    const times = fc.oneof(fc.integer({ min: first, max: last }), fc.constantFrom(first, -1, 0, last));
    const property = fc.asyncProperty(anyWriter, times, async (which, time) => {
      const saying = writerAt(which).client.sendToLobby(`at ${++lastTime}`, time);
      if (!(await isDone(saying))) return assert.ok(time < 0, `${time} was refused`);
      const sent = await saying;
      assert.ok(sent.time === time || sent.time === 'now', `${time} was taken as ${sent.time}`);
      for (const { client } of readers) {
        const shown = await client.observed.waitFor({ kind: 'message', text: sent.text });
        const isShown = shown.time === sent.time || shown.time === null || (time < 0 && shown.time === 'now');
        assert.ok(isShown, `${sent.time} became ${shown.time}`);
      }
    });
    await fc.assert(property, RUNS);
  });

  test('T14 names: every protocol takes the same ones, none with a separator, and shows them alike', async () => {
    const taken = new Set<string>();
    const property = fc.asyncProperty(words(4), async (drawn) => {
      const name = drawn.replace(/^ +| +$/g, '');
      fc.pre(name !== '');
      const entered: boolean[] = [];
      // An account keeps its name: where there are no guests, nobody can come after.
      const guestsFirst = [true, false].flatMap((guests) =>
        drivers.filter((driver) => supports(driver, 'guest') === guests),
      );
      for (const driver of guestsFirst) {
        const client = await driver.connect(server);
        entered.push(await isDone(client.enter(name)));
        if (entered.at(-1)) taken.add(await shownAs(client, driver, name));
        else client.cut();
      }
      assert.equal(new Set(entered).size, 1, JSON.stringify({ name, entered }));
      assert.ok(!entered[0] || !SEPARATORS.test(name), name);
    });
    await fc.assert(property, RUNS);
    assert.ok(taken.size >= 10, `${taken.size}`);
    for (const { client, driver } of readers) {
      const expected = [...taken].map((name) => driver.expected.left(name));
      for (const left of expected) if (left !== null) await client.observed.waitFor(left);
    }
  });

  /** Names are shown in NFC and in the usual width; in everything else as they were given. */
  async function shownAs(client: Client, { protocol }: Driver, name: string): Promise<string> {
    const [shown = ''] = server.world.people.visible.map((person) => person.name).slice(-1);
    assert.equal(shown.normalize('NFKC'), name.normalize('NFKC'));
    const post = { text: `by ${protocol}, ${++lastTime}`, clientTime: lastTime };
    await server.must((world, done) => world.messages.post(server.person(shown), world.lobby, post, done));
    for (const reader of readers) {
      const present = await reader.client.who([shown]);
      if (present !== null) assert.deepEqual(present, [shown]);
      await reader.client.observed.waitFor({ kind: 'message', author: shown, text: post.text });
    }
    await client.leave();
    return shown;
  }

  test('T14 display names and statuses', async () => {
    const namers = writers.filter(({ driver }) => supports(driver, 'setDisplayName') && supports(driver, 'setStatus'));
    const property = fc.asyncProperty(fc.nat(), words(8), words(8), async (which, displayName, status) => {
      const { client: namer, name } = namers[which % namers.length] ?? assert.fail('nobody has a display name');
      const before = await namer.details(name);
      const isNamed = await isDone(namer.setDisplayName(displayName));
      const isUpTo = await isDone(namer.setStatus(status));
      const text = `as ever, ${++lastTime}`;
      await namer.sendToLobby(text, lastTime);
      for (const { client, driver } of readers) {
        const details = await client.details(name);
        // Where display names and statuses cannot be set, they are not shown either.
        assert.equal(details !== null, supports(driver, 'setDisplayName') && supports(driver, 'setStatus'), driver.protocol);
        if (details !== null) {
          assert.equal(details.displayName, isNamed ? displayName : before?.displayName);
          assert.equal(details.status, isUpTo ? status : before?.status);
        }
        await client.observed.waitFor({ kind: 'message', author: name, text });
      }
      if (isNamed) assert.doesNotMatch(displayName, /[\n\r]/);
      if (isUpTo) assert.doesNotMatch(status, /[\n\r]/);
    });
    await fc.assert(property, RUNS);
  });
});
