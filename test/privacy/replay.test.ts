import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import { type Client, supports, type Driver, Refused } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openServer, type MatrixServer } from '../matrix/server.ts';
import { askingOf, askings } from './requests.ts';
import { makeTenants, nothing, PASSWORD, type Private, speaking, type Tenants } from './fixture.ts';
import { readable } from './leak-search.ts';

test('T25 every request of every protocol is replayed', () => {
  assert.deepEqual(
    askings.map(({ protocol }) => protocol),
    protocols.map(({ name }) => name),
  );
  for (const { protocol, types, comings, requests, typeOf } of askings) {
    const replayed = new Set(requests(nothing, {}).map(typeOf));
    assert.deepEqual([...replayed, ...comings].sort(), [...types].sort(), protocol);
  }
});

for (const driver of drivers) {
  const { protocol: name, unsupported } = driver;
  const { requests, typeOf, types, comings, vain, isRefused } = askingOf(name);
  /** Where messages have no ids that a client could name, nothing is asked about one. */
  const naming = supports(driver, 'edit');

  describe(`T25 what Ann asks by ${name}, asked by a stranger`, () => {
    let server: MatrixServer;
    let tenants: Tenants;
    /** Somebody with an account, a guest where there are guests, and a connection on which nobody has logged in. */
    const strangers: Client[] = [];
    let fay: Client;
    const watching: Client[] = [];

    before(async () => {
      server = await openServer();
      tenants = await makeTenants(server, speaking);
      for (const watched of drivers) watching.push(await come(watched, tenants.ben));
      strangers.push(await come(driver, tenants.ben), await driver.connect(server));
      if (unsupported.guest === undefined) strangers.push(await guest());
      fay = await come(driver, tenants.fay);
    });
    after(() => server.close());

    async function come(by: Driver, who: string): Promise<Client> {
      const client = await by.connect(server);
      await client.login(who, PASSWORD);
      return client;
    }

    async function guest(): Promise<Client> {
      const client = await driver.connect(server);
      await client.enter('Somebody');
      return client;
    }

    /** Replays every request; what is said about each that touches something hidden is said about nothing, too. */
    const replay = async (client: Client, hidden: readonly Private[]): Promise<ReadonlySet<Private>> => {
      const compared = new Set<Private>();
      for (const frame of requests(tenants, client)) {
        const touched = hidden.filter(({ real }) => frame.includes(real));
        const answer = await client.raw(frame);
        if (touched.length === 0) continue;
        const none = touched.reduce((text, one) => text.replaceAll(one.real, one.none), frame);
        const same = touched.reduce((text, one) => text.replaceAll(one.none, one.real), await client.raw(none));
        assert.equal(answer, same, `${frame}\nis told from\n${none}`);
        for (const one of touched) compared.add(one);
      }
      return compared;
    };

    if (unsupported.guest !== undefined)
      test(`T25 by ${name}: no guest asks: ${unsupported.guest}`, async () => {
        const client = await driver.connect(server);
        await assert.rejects(client.login('Somebody', ''), Refused);
        assert.equal(server.world.people.find('Somebody'), undefined);
      });

    test(`T25 by ${name}: is answered like the same about what does not exist`, async () => {
      const hidden = [tenants.closed, tenants.ghost, ...(naming ? tenants.messages : [])];
      for (const stranger of strangers) assert.deepEqual(await replay(stranger, hidden), new Set(hidden));
    });

    const why = unsupported.edit === undefined ? '' : ` (it can only be shown: ${unsupported.edit})`;
    test(`T25 by ${name}: what was withheld from Fay does not exist for her either${why}`, async () => {
      const { withheld } = tenants;
      assert.equal((await replay(fay, [withheld])).has(withheld), naming);
      const heard = fay.frames
        .map(readable)
        .filter((frame) => frame.includes(withheld.real) || frame.includes('withheld'));
      assert.deepEqual(heard, []);
    });

    test(`T25 by ${name}: and the same requests are good ones when Ann makes them`, async () => {
      const ann = await come(driver, tenants.ann);
      const answering = await come(speaking, tenants.fay);
      const good: string[] = [];
      for (const frame of requests(tenants, ann)) if (!isRefused(await ann.raw(frame))) good.push(frame);
      const granted = new Set(good.map(typeOf));
      assert.deepEqual(
        types.filter((type) => !granted.has(type) && !comings.includes(type)),
        Object.keys(vain),
      );
      const own = tenants.messages.filter(({ real }) => good.some((frame) => frame.includes(real)));
      assert.equal(own.length, naming ? tenants.messages.length : 0, 'she may edit each of her messages');
      await answering.sendDirect(tenants.ann, 'canary-direct-text, again', 7);
      for (const client of [ann, answering]) client.cut();
    });

    test(`T25 by ${name}: nothing of it reached the stranger, asked for or not`, async () => {
      const passer = await speaking.connect(server);
      await passer.enter('Passer');
      const sent = await passer.sendToLobby('all of it was shown', 8);
      const [, nobody] = strangers;
      for (const client of [...strangers, ...watching]) {
        if (client === nobody) continue;
        const shown = drivers.find(({ protocol }) => protocol === client.protocol)?.expected.message(sent, 'lobby');
        await client.observed.waitFor(shown ?? assert.fail('no way to see it'));
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
