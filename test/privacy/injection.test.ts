import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { asKept, type Client, type Driver, Refused } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openPlace, type Place } from '../matrix/place.ts';
import { PASSWORD } from './tenants.ts';

const RUNS = { numRuns: 150 };
const SIGNS = [...';,[]/~"\'\\{}()<>:=&|@#$%^*+-_.!? \t\n\r'];
const SEPARATORS = /[;,[\]/~\s]/;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** Whatever may mean something to some protocol, among letters of several alphabets. */
const words = (maxLength: number) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...SIGNS),
        fc.constantFrom('a', 'Z', '0', 'é', 'ж', '字', '😀', 'c2/', '(private) ', '","', '\r\n', '(deleted)'),
        fc.string({ unit: 'grapheme', maxLength: 2 }),
      ),
      { minLength: 1, maxLength },
    )
    .map((parts) => parts.join(''));

/** `breaks` is false where a line break cannot be shown, and is a blank. */
type Reader = { readonly client: Client; readonly driver: Driver; readonly breaks: boolean };

describe('T14 what is written by one protocol reads the same by another', () => {
  let place: Place;
  const readers: Reader[] = [];
  const writers: Client[] = [];
  let moment = 0;

  before(async () => {
    place = await openPlace();
    for (const driver of drivers) {
      for (const transport of ['websocket', 'tcp'] as const) {
        const client = await driver.connect(place, transport);
        await client.enter(`Reader-${driver.protocol}-${transport}`);
        readers.push({ client, driver, breaks: driver.protocol !== 'c2' || transport === 'websocket' });
      }
      const client = await driver.connect(place);
      await place.account(`Writer-${driver.protocol}`, PASSWORD);
      await client.login(`Writer-${driver.protocol}`, PASSWORD);
      writers.push(client);
    }
  });
  after(() => place.close());

  test('T14 texts', async () => {
    const property = fc.asyncProperty(fc.nat(drivers.length - 1), words(12), async (which, text) => {
      const kept = asKept(text);
      // c2 writes a direct message as a line that begins like this; a text that does so itself looks like one there.
      fc.pre(kept.trim() !== '' && !kept.startsWith('(private'));
      const writer = writers[which] ?? assert.fail('nobody writes');
      const time = ++moment;
      if (CONTROLS.test(kept)) return assert.rejects(writer.sayInLobby(text, time), Refused);
      const said = await writer.sayInLobby(text, time);
      for (const { client, driver, breaks } of readers) {
        const shown = { ...said, text: breaks ? kept : kept.replaceAll('\n', ' ') };
        await client.sightings.see(driver.looks.message(shown, 'lobby') ?? assert.fail('no lobby'));
      }
    });
    await fc.assert(property, RUNS);
  });

  test('T14 times: what one protocol can say of them, every other can show', async () => {
    const first = Date.parse('0000-01-01T00:00:00.000Z');
    const last = Date.parse('9999-12-31T23:59:59.999Z');
    const times = fc.oneof(fc.integer({ min: first, max: last }), fc.constantFrom(first, -1, 0, last));
    const property = fc.asyncProperty(fc.nat(drivers.length - 1), times, async (which, time) => {
      const writer = writers[which] ?? assert.fail('nobody writes');
      const said = await writer.sayInLobby(`at ${++moment}`, time).catch((error: unknown) => {
        assert.ok(error instanceof Refused, `${error}`);
        return null;
      });
      if (said === null) return assert.ok(time < 0, `${time} was refused`);
      for (const { client } of readers) {
        const shown = await client.sightings.see({ kind: 'message', text: said.text });
        assert.ok(shown.time === time || (time < 0 && shown.time === 'now'), `${time} became ${shown.time}`);
      }
    });
    await fc.assert(property, RUNS);
  });

  test('T14 names: every protocol takes the same ones, none with a separator, and shows them alike', async () => {
    let taken = 0;
    const property = fc.asyncProperty(words(4), async (drawn) => {
      const name = drawn.replace(/^ +| +$/g, '');
      fc.pre(name !== '');
      const entered: boolean[] = [];
      for (const driver of drivers) {
        const client = await driver.connect(place);
        entered.push(await enters(client, name));
        if (entered.at(-1)) await isShownAs(client, name);
        else client.cut();
      }
      assert.equal(new Set(entered).size, 1, JSON.stringify({ name, entered }));
      if (entered[0]) taken += 1;
      assert.ok(!entered[0] || !SEPARATORS.test(name), name);
    });
    await fc.assert(property, RUNS);
    assert.ok(taken >= 10, `${taken}`);
  });

  async function enters(client: Client, name: string): Promise<boolean> {
    try {
      await client.enter(name);
      return true;
    } catch (error) {
      assert.ok(error instanceof Refused, `${error}`);
      return false;
    }
  }

  /** Names are shown in NFC and in the usual width; in everything else as they were given. */
  async function isShownAs(client: Client, name: string): Promise<void> {
    const [author = ''] = place.world.people.visible.map((person) => person.name).slice(-1);
    assert.equal(author.normalize('NFKC'), name.normalize('NFKC'));
    for (const reader of readers) assert.deepEqual(await reader.client.who([author]), [author]);
    await client.leave();
  }

  test('T14 display names and statuses', async () => {
    const writer = writers.find(({ protocol }) => protocol === 'tagged') ?? assert.fail('nobody has a display name');
    const property = fc.asyncProperty(words(8), words(8), async (displayName, status) => {
      const before = await readers.at(-1)?.client.details('Writer-tagged');
      const isNamed = await does(writer.setDisplayName(displayName));
      const isUpTo = await does(writer.setStatus(status));
      for (const { client } of readers) {
        const details = await client.details('Writer-tagged');
        if (details === null) continue;
        assert.equal(details.displayName, isNamed ? displayName : before?.displayName);
        assert.equal(details.status, isUpTo ? status : before?.status);
      }
      for (const [line, taken] of [
        [displayName, isNamed],
        [status, isUpTo],
      ] as const)
        assert.ok(!taken || !/[\n\r]/.test(line), JSON.stringify(line));
    });
    await fc.assert(property, RUNS);
  });

  async function does(asked: Promise<void>): Promise<boolean> {
    return asked.then(
      () => true,
      (error: unknown) => {
        assert.ok(error instanceof Refused, `${error}`);
        return false;
      },
    );
  }
});
