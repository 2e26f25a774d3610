import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { asKept, type Client, can, type Driver, type Said } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { readLine } from '../matrix/drivers/lobby-line.ts';
import { openPlace, type MatrixServer } from '../matrix/server.ts';
import type { Pattern } from '../matrix/observations.ts';
import { isDone, type Reader, readersAndWriters, words, type Writer } from './injection.ts';

const RUNS = { numRuns: 150 };
const SEPARATORS = /[;,[\]/~\s]/;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

describe('T14 what is written by one protocol reads the same by another', () => {
  let place: MatrixServer;
  let readers: readonly Reader[];
  let writers: readonly Writer[];
  let moment = 0;

  before(async () => {
    place = await openPlace();
    [readers, writers] = await readersAndWriters(place);
  });
  after(() => place.close());

  const writerAt = (which: number) => writers[which] ?? assert.fail('nobody writes');
  const anyWriter = fc.nat(drivers.length - 1);

  /**
   * How a text for all looks to a reader. Where direct messages are lines of the one room, a text that begins like one of
   * them looks like one: these documents have no other mark, and the words are as they were written.
   */
  function inLobby(said: Said, { driver, breaks }: Reader): Pattern {
    const text = breaks ? said.text : said.text.replaceAll('\n', ' ');
    const shown = driver.looks.message({ ...said, text }, 'lobby') ?? assert.fail('no lobby');
    return driver.privateLines ? { ...shown, ...readLine(text) } : shown;
  }

  test('T14 texts', async () => {
    const property = fc.asyncProperty(anyWriter, words(12), async (which, text) => {
      const kept = asKept(text);
      fc.pre(kept.trim() !== '');
      const { client: writer } = writerAt(which);
      const said = writer.sayInLobby(text, ++moment);
      if (!(await isDone(said))) return assert.match(kept, CONTROLS);
      assert.doesNotMatch(kept, CONTROLS);
      for (const reader of readers) await reader.client.sightings.see(inLobby({ ...(await said), text: kept }, reader));
    });
    await fc.assert(property, RUNS);
  });

  test('T14 texts for one person', async () => {
    const property = fc.asyncProperty(anyWriter, fc.nat(), words(12), async (which, whom, text) => {
      const kept = asKept(text);
      fc.pre(kept.trim() !== '');
      const { client: writer } = writerAt(which);
      const { client, name, driver, breaks } = readers[whom % readers.length] ?? assert.fail('nobody reads');
      if (CONTROLS.test(kept)) return assert.equal(await isDone(writer.tell(name, kept, ++moment)), false);
      const said = await writer.tell(name, kept, ++moment);
      await client.sightings.see(driver.looks.direct({ ...said, text: breaks ? kept : kept.replaceAll('\n', ' ') }));
    });
    await fc.assert(property, RUNS);
  });

  test('T14 times: what one protocol can say of them, every other can show', async () => {
    const first = Date.parse('0000-01-01T00:00:00.000Z');
    const last = Date.parse('9999-12-31T23:59:59.999Z');
    const times = fc.oneof(fc.integer({ min: first, max: last }), fc.constantFrom(first, -1, 0, last));
    const property = fc.asyncProperty(anyWriter, times, async (which, time) => {
      const saying = writerAt(which).client.sayInLobby(`at ${++moment}`, time);
      if (!(await isDone(saying))) return assert.ok(time < 0, `${time} was refused`);
      const said = await saying;
      assert.ok(said.time === time || said.time === 'now', `${time} was taken as ${said.time}`);
      for (const { client } of readers) {
        const shown = await client.sightings.see({ kind: 'message', text: said.text });
        const isShown = shown.time === said.time || shown.time === null || (time < 0 && shown.time === 'now');
        assert.ok(isShown, `${said.time} became ${shown.time}`);
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
        drivers.filter((driver) => can(driver, 'guest') === guests),
      );
      for (const driver of guestsFirst) {
        const client = await driver.connect(place);
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
      const looks = [...taken].map((name) => driver.looks.left(name));
      for (const left of looks) if (left !== null) await client.sightings.see(left);
    }
  });

  /** Names are shown in NFC and in the usual width; in everything else as they were given. */
  async function shownAs(client: Client, { protocol }: Driver, name: string): Promise<string> {
    const [shown = ''] = place.world.people.visible.map((person) => person.name).slice(-1);
    assert.equal(shown.normalize('NFKC'), name.normalize('NFKC'));
    const post = { text: `by ${protocol}, ${++moment}`, clientTime: moment };
    await place.must((world, done) => world.messages.post(place.person(shown), world.lobby, post, done));
    for (const reader of readers) {
      const present = await reader.client.who([shown]);
      if (present !== null) assert.deepEqual(present, [shown]);
      await reader.client.sightings.see({ kind: 'message', author: shown, text: post.text });
    }
    await client.leave();
    return shown;
  }

  test('T14 display names and statuses', async () => {
    const namers = writers.filter(({ driver }) => can(driver, 'setDisplayName') && can(driver, 'setStatus'));
    const property = fc.asyncProperty(fc.nat(), words(8), words(8), async (which, displayName, status) => {
      const { client: namer, name } = namers[which % namers.length] ?? assert.fail('nobody has a display name');
      const before = await namer.details(name);
      const isNamed = await isDone(namer.setDisplayName(displayName));
      const isUpTo = await isDone(namer.setStatus(status));
      const text = `as ever, ${++moment}`;
      await namer.sayInLobby(text, moment);
      for (const { client, driver } of readers) {
        const details = await client.details(name);
        // Where display names and statuses cannot be set, they are not shown either.
        assert.equal(details !== null, can(driver, 'setDisplayName') && can(driver, 'setStatus'), driver.protocol);
        if (details !== null) {
          assert.equal(details.displayName, isNamed ? displayName : before?.displayName);
          assert.equal(details.status, isUpTo ? status : before?.status);
        }
        await client.sightings.see({ kind: 'message', author: name, text });
      }
      if (isNamed) assert.doesNotMatch(displayName, /[\n\r]/);
      if (isUpTo) assert.doesNotMatch(status, /[\n\r]/);
    });
    await fc.assert(property, RUNS);
  });
});
