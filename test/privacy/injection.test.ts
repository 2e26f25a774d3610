import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { asStored, type Client, supports, type Driver, type SentMessage } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openServer, type MatrixServer } from '../matrix/server.ts';
import type { Pattern } from '../matrix/observations.ts';
import { succeeds, type Reader, openReadersAndWriters, hostileTexts, type Writer } from './injection.ts';

const RUNS = { numRuns: 150 };
const SEPARATORS = /[;,[\]/~\s]/;
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\p{Cf}]/u;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

describe('T14 a text that one protocol sends reads the same in another', () => {
  let server: MatrixServer;
  let readers: readonly Reader[];
  let writers: readonly Writer[];
  let lastTime = 0;

  before(async () => {
    server = await openServer();
    [readers, writers] = await openReadersAndWriters(server);
  });
  after(() => server.close());

  const writerAt = (which: number) => writers[which] ?? assert.fail('no writer');
  const anyWriter = fc.nat(drivers.length - 1);

  /** What a reader is shown of a lobby message. Where direct messages are lines of the lobby, none can be faked. */
  function lobbyPattern(sent: SentMessage, { driver, multiline }: Reader): Pattern {
    const text = multiline ? sent.text : sent.text.replaceAll('\n', ' ');
    return driver.expected.message({ ...sent, text }, 'lobby') ?? assert.fail('no lobby');
  }

  /** Nothing can be seen in the text, or it has controls. */
  const isRefused = (text: string) => CONTROLS.test(text) || !VISIBLE.test(text);
  /** The text looks as if it began with a command, and does not; clients double a `/` at the beginning. */
  const isSlip = (text: string) => !text.startsWith('/') && text[text.search(VISIBLE)] === '/';

  test('T14 texts', async () => {
    const property = fc.asyncProperty(anyWriter, hostileTexts(12), async (which, text) => {
      const stored = asStored(text);
      const { client: writer, driver } = writerAt(which);
      const sent = writer.sendToLobby(text, ++lastTime);
      assert.equal(
        await succeeds(sent),
        !isRefused(stored) && !(driver.privateLines && isSlip(stored)),
        driver.protocol,
      );
      if (isRefused(stored) || (driver.privateLines && isSlip(stored))) return;
      for (const reader of readers)
        await reader.client.observed.waitFor(lobbyPattern({ ...(await sent), text: stored }, reader));
    });
    await fc.assert(property, RUNS);
  });

  test('T14 direct texts', async () => {
    const property = fc.asyncProperty(anyWriter, fc.nat(), hostileTexts(12), async (which, whom, text) => {
      const stored = asStored(text);
      const { client: writer } = writerAt(which);
      const { client, name, driver, multiline } = readers[whom % readers.length] ?? assert.fail('no reader');
      if (isRefused(stored)) return assert.equal(await succeeds(writer.sendDirect(name, stored, ++lastTime)), false);
      const sent = await writer.sendDirect(name, stored, ++lastTime);
      await client.observed.waitFor(
        driver.expected.direct({ ...sent, text: multiline ? stored : stored.replaceAll('\n', ' ') }),
      );
    });
    await fc.assert(property, RUNS);
  });

  test('T14 times that one protocol can send, every other can show', async () => {
    const first = Date.parse('0000-01-01T00:00:00.000Z');
    const last = Date.parse('9999-12-31T23:59:59.999Z');
    const times = fc.oneof(fc.integer({ min: first, max: last }), fc.constantFrom(first, -1, 0, last));
    const property = fc.asyncProperty(anyWriter, times, async (which, time) => {
      const sending = writerAt(which).client.sendToLobby(`at ${++lastTime}`, time);
      if (!(await succeeds(sending))) return assert.ok(time < 0, `${time} was refused`);
      const sent = await sending;
      assert.ok(sent.time === time || sent.time === 'now', `${time} was taken as ${sent.time}`);
      for (const { client, driver } of readers) {
        const shown = await client.observed.waitFor({ kind: 'message', text: sent.text });
        const expected = driver.expected.message(sent, 'lobby')?.time;
        const isShown = shown.time === expected || shown.time === null || (time < 0 && shown.time === 'now');
        assert.ok(isShown, `${sent.time} became ${shown.time} by ${driver.protocol}`);
      }
    });
    await fc.assert(property, RUNS);
  });

  test('T14 names: all protocols accept the same ones, none with a separator, and show them alike', async () => {
    const taken = new Set<string>();
    const property = fc.asyncProperty(hostileTexts(4), async (drawn) => {
      const name = drawn.replace(/^ +| +$/g, '');
      // In c2 an empty argument at the end counts as not there: there `a;` is the name `a`.
      fc.pre(name !== '' && !/;\s*$/.test(name));
      const entered: boolean[] = [];
      // Protocols without guests come last: they make an account, which keeps the name.
      const guestsFirst = [true, false].flatMap((guests) =>
        drivers.filter((driver) => supports(driver, 'guest') === guests),
      );
      for (const driver of guestsFirst) {
        const client = await driver.connect(server);
        entered.push(await succeeds(client.enter(name)));
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

  /** Names are shown in NFC and in the usual width, otherwise as they were given. */
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
    const property = fc.asyncProperty(
      fc.nat(),
      hostileTexts(8),
      hostileTexts(8),
      async (which, displayName, status) => {
        const { client: namer, name } = namers[which % namers.length] ?? assert.fail('no display names');
        const before = await namer.details(name);
        const isNamed = await succeeds(namer.setDisplayName(displayName));
        const hasStatus = await succeeds(namer.setStatus(status));
        const text = `as ever, ${++lastTime}`;
        await namer.sendToLobby(text, lastTime);
        for (const { client, driver } of readers) {
          const details = await client.details(name);
          // Protocols that cannot set display names and statuses do not show them either.
          assert.equal(
            details !== null,
            supports(driver, 'setDisplayName') && supports(driver, 'setStatus'),
            driver.protocol,
          );
          if (details !== null) {
            assert.equal(details.displayName, isNamed ? displayName : before?.displayName);
            assert.equal(details.status, hasStatus ? status : before?.status);
          }
          await client.observed.waitFor({ kind: 'message', author: name, text });
        }
        if (isNamed) assert.doesNotMatch(displayName, /[\n\r]/);
        if (hasStatus) assert.doesNotMatch(status, /[\n\r]/);
      },
    );
    await fc.assert(property, RUNS);
  });
});
