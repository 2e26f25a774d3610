import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import { type Client, supports, Refused } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openServer, type MatrixServer } from '../matrix/server.ts';
import type { HiddenThings } from './protocol-requests.ts';
import { requestsOf, protocolRequests } from './requests.ts';
import { createFixture, emptyFixture, type Fixture, fullDriver, type Hidden, logIn } from './fixture.ts';
import { readable } from './leak-search.ts';

test('T25 every request of every protocol is replayed', () => {
  assert.deepEqual(
    protocolRequests.map(({ protocol }) => protocol),
    protocols.map(({ name }) => name),
  );
  for (const { protocol, types, authTypes, requests, typeOf } of protocolRequests) {
    const replayed = new Set(requests(emptyFixture, {}).map(typeOf));
    assert.deepEqual([...replayed, ...authTypes].sort(), [...types].sort(), protocol);
  }
});

/** What most protocols name in their requests. */
function byNames({ closed, ghost, messages }: Fixture): HiddenThings {
  return { things: [closed, ghost], messages };
}

for (const driver of drivers) {
  const { protocol: name, unsupported } = driver;
  const { requests, typeOf, types, authTypes, refused, isRefused, hidden: hiddenOf = byNames } = requestsOf(name);
  /** Without ids of messages there are no requests about a message. */
  const hasIds = supports(driver, 'edit');

  describe(`T25 requests of Ann by ${name}, sent by a stranger`, () => {
    let server: MatrixServer;
    let fixture: Fixture;
    /** Ben, a connection without a login, and a guest where the protocol has guests. */
    const strangers: Client[] = [];
    let fay: Client;
    const watchers: Client[] = [];

    before(async () => {
      server = await openServer();
      fixture = await createFixture(server, fullDriver);
      for (const watched of drivers) watchers.push(await logIn(server, watched, fixture.ben));
      strangers.push(await logIn(server, driver, fixture.ben), await driver.connect(server));
      if (unsupported.guest === undefined) strangers.push(await guest());
      fay = await logIn(server, driver, fixture.fay);
    });
    after(() => server.close());

    async function guest(): Promise<Client> {
      const client = await driver.connect(server);
      await client.enter('Somebody');
      return client;
    }

    /** Replays every request. An answer about a hidden thing must equal the answer about one that does not exist. */
    const replay = async (client: Client, hidden: readonly Hidden[]): Promise<ReadonlySet<Hidden>> => {
      const compared = new Set<Hidden>();
      for (const frame of requests(fixture, client)) {
        const mentioned = hidden.filter(({ real }) => frame.includes(real));
        const answer = await client.raw(frame);
        if (mentioned.length === 0) continue;
        const other = mentioned.reduce((text, one) => text.replaceAll(one.real, one.absent), frame);
        const same = mentioned.reduce((text, one) => text.replaceAll(one.absent, one.real), await client.raw(other));
        assert.equal(answer, same, `${frame}\nis told from\n${other}`);
        for (const one of mentioned) compared.add(one);
      }
      return compared;
    };

    if (unsupported.guest !== undefined)
      test(`T25 by ${name}: no guest sends requests: ${unsupported.guest}`, async () => {
        const client = await driver.connect(server);
        await assert.rejects(client.login('Somebody', ''), Refused);
        assert.equal(server.world.people.find('Somebody'), undefined);
      });

    test(`T25 by ${name}: hidden things are answered like things that do not exist`, async () => {
      const { things, messages } = hiddenOf(fixture);
      const hidden = [...(hasIds ? messages : []), ...things];
      for (const stranger of strangers) assert.deepEqual(await replay(stranger, hidden), new Set(hidden));
    });

    const why = unsupported.edit === undefined ? '' : ` (only what is shown is checked: ${unsupported.edit})`;
    test(`T25 by ${name}: a message that was withheld from Fay does not exist for her${why}`, async () => {
      const withheld = hiddenOf(fixture).messages.at(-1) ?? assert.fail('no message is withheld');
      assert.equal((await replay(fay, [withheld])).has(withheld), hasIds);
      const received = fay.frames
        .map(readable)
        .filter((frame) => frame.includes(withheld.real) || frame.includes('withheld'));
      assert.deepEqual(received, []);
    });

    test(`T25 by ${name}: the same requests of Ann are accepted`, async () => {
      const ann = await logIn(server, driver, fixture.ann);
      const fayAnswering = await logIn(server, fullDriver, fixture.fay);
      const good: string[] = [];
      for (const frame of requests(fixture, ann)) if (!isRefused(await ann.raw(frame))) good.push(frame);
      const granted = new Set(good.map(typeOf));
      assert.deepEqual(
        types.filter((type) => !granted.has(type) && !authTypes.includes(type)),
        Object.keys(refused),
      );
      const { messages } = hiddenOf(fixture);
      const own = messages.filter(({ real }) => good.some((frame) => frame.includes(real)));
      assert.equal(own.length, hasIds ? messages.length : 0, 'she may edit each of her messages');
      await fayAnswering.sendDirect(fixture.ann, 'canary-direct-text, again', 7);
      for (const client of [ann, fayAnswering]) client.cut();
    });

    test(`T25 by ${name}: no secret reached the stranger`, async () => {
      const last = await fullDriver.connect(server);
      await last.enter('Passer');
      const sent = await last.sendToLobby('the end', 8);
      const [, unauthenticated] = strangers;
      for (const client of [...strangers, ...watchers]) {
        if (client === unauthenticated) continue;
        const shown = drivers.find(({ protocol }) => protocol === client.protocol)?.expected.message(sent, 'lobby');
        await client.observed.waitFor(shown ?? assert.fail('no lobby'));
      }
      const received = [...strangers, ...watchers].flatMap(({ frames }) => frames.map(readable));
      assert.ok(received.length > 20, `${received.length}`);
      for (const secret of [...fixture.secrets, 'canary-', fixture.closed.real, fixture.ghost.real])
        assert.deepEqual(
          received.filter((frame) => frame.includes(secret)),
          [],
          secret,
        );
    });
  });
}
