import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import { upSchemas as c2Requests } from '../../src/protocols/c2/schema.ts';
import { upSchemas as taggedRequests } from '../../src/protocols/tagged/schema.ts';
import type { Client, Driver } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openPlace, type Place } from '../matrix/place.ts';
import { comings, requestsOf } from './requests.ts';
import { makeTenants, PASSWORD, type Private, type Tenants } from './tenants.ts';
import { readable } from './words.ts';

/** What each protocol can be asked, by the name that stands in a frame. */
const askable: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['c2', c2Requests.map(({ properties }) => properties.type.const)],
  ['tagged', taggedRequests.map(({ properties }) => properties.message.const)],
]);

test('T25 every request of every protocol is replayed', () => {
  const tenants: Tenants = {
    ann: '',
    fay: '',
    ben: '',
    open: '',
    closed: { real: '', none: '' },
    ghost: { real: '', none: '' },
    messages: [{ real: '', none: '' }],
    withheld: { real: '', none: '' },
    canaries: [],
  };
  for (const { name } of protocols) {
    const frames = requestsOf.get(name)?.(tenants) ?? [];
    const missing = (askable.get(name) ?? ['everything']).filter(
      (request) => !comings.includes(request) && !frames.some((frame) => names(frame, request)),
    );
    assert.deepEqual(missing, [], name);
  }
});

function names(frame: string, request: string): boolean {
  return frame.startsWith(`c2/${request}`) || frame.includes(`"message":"${request}"`);
}

for (const { name } of protocols) {
  const driver = drivers.find(({ protocol }) => protocol === name);
  const requests = requestsOf.get(name);
  const speaking = drivers.find(({ own }) => own.direct === 'none');
  if (driver === undefined || requests === undefined || speaking === undefined) continue;

  describe(`T25 what Ann asks by ${name}, asked by a stranger`, () => {
    let place: Place;
    let tenants: Tenants;
    /** Somebody with an account, a guest, and a connection on which nobody has logged in. */
    const strangers: Client[] = [];
    let fay: Client;
    const watching: Client[] = [];

    before(async () => {
      place = await openPlace();
      tenants = await makeTenants(place, speaking);
      for (const watched of drivers) watching.push(await come(watched, tenants.ben));
      const guest = await driver.connect(place);
      await guest.enter('Somebody');
      strangers.push(await come(driver, tenants.ben), guest, await driver.connect(place));
      fay = await come(driver, tenants.fay);
    });
    after(() => place.close());

    async function come(by: Driver, who: string): Promise<Client> {
      const client = await by.connect(place);
      await client.login(who, PASSWORD);
      return client;
    }

    /** Replays every request; what is said about each that touches something hidden is said about nothing, too. */
    const replay = async (client: Client, hidden: readonly Private[]): Promise<number> => {
      let compared = 0;
      for (const frame of requests(tenants)) {
        const touched = hidden.filter(({ real }) => frame.includes(real));
        const answer = await client.raw(frame);
        if (touched.length === 0) continue;
        const none = touched.reduce((text, one) => text.replaceAll(one.real, one.none), frame);
        const same = touched.reduce((text, one) => text.replaceAll(one.none, one.real), await client.raw(none));
        assert.equal(answer, same, `${frame}\nis told from\n${none}`);
        compared += 1;
      }
      return compared;
    };

    test(`T25 by ${name}: is answered like the same about what does not exist`, async () => {
      const hidden = [tenants.closed, tenants.ghost, ...tenants.messages];
      for (const stranger of strangers)
        assert.ok((await replay(stranger, hidden)) >= tenants.messages.length, 'something was compared');
    });

    test(`T25 by ${name}: what was withheld from Fay does not exist for her either`, async () => {
      const { withheld } = tenants;
      assert.ok((await replay(fay, [withheld])) > 0, 'something was compared');
      const heard = fay.frames
        .map(readable)
        .filter((frame) => frame.includes(withheld.real) || frame.includes('withheld'));
      assert.deepEqual(heard, []);
    });

    test(`T25 by ${name}: and the same requests are good ones when Ann makes them`, async () => {
      const ann = await come(driver, tenants.ann);
      const answering = await come(speaking, tenants.fay);
      const good: string[] = [];
      for (const frame of requests(tenants)) if (!isRefused(await ann.raw(frame))) good.push(frame);
      const own = tenants.messages.filter(({ real }) => good.some((frame) => frame.includes(real)));
      assert.equal(own.length, tenants.messages.length, 'she may edit each of her messages');
      await answering.tell(tenants.ann, 'canary-direct-text, again', 7);
      for (const client of [ann, answering]) client.cut();
    });

    test(`T25 by ${name}: nothing of it reached the stranger, asked for or not`, async () => {
      const passer = await speaking.connect(place);
      await passer.enter('Passer');
      const said = await passer.sayInLobby('all of it was shown', 8);
      for (const client of [...strangers.slice(0, 2), ...watching]) {
        const shown = drivers.find(({ protocol }) => protocol === client.protocol)?.looks.message(said, 'lobby');
        await client.sightings.see(shown ?? assert.fail('no way to see it'));
      }
      const heard = [...strangers, ...watching].flatMap(({ frames }) => frames.map(readable));
      assert.ok(heard.length > 20, `${heard.length}`);
      for (const canary of [...tenants.canaries, 'canary-', tenants.closed.real, tenants.ghost.real])
        assert.deepEqual(
          heard.filter((frame) => frame.includes(canary)),
          [],
          canary,
        );
    });
  });
}

function isRefused(answer: string): boolean {
  return /^c2\/ERROR|"result":[45]/.test(answer);
}
