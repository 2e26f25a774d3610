import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sha256 } from '../../src/lib/sha256.ts';
import { systemClock } from '../../src/server/clock.ts';
import type { Client } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { frameOf, msgpack } from '../matrix/drivers/msgpack.ts';
import { openServer, type MatrixServer } from '../matrix/server.ts';
import { requestsWith, valuesOf } from './requests/msgpack.ts';
import { emptyFixture, PASSWORD } from './fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Longer than the lifetime of an unused token. */
const LONG_MS = 15 * DAY_MS;
const GUESSED = '00000000-0000-4000-8000-000000000000';

const wrong = ['response', false, 'wrong name, password or token'];
const notHere = ['response', false, 'somebody else is logged in on this connection'];
const notUnder = ['response', false, 'you are not logged in under this name here'];
const done = ['response', true];

const names = { ann: 'Annabel01', fay: 'Fayette01', ben: 'Benedict01' };
const fixture = { ...emptyFixture, ...names, closed: { real: 'Keller01', absent: '' }, open: 'Terrace01' };

for (const transport of msgpack.transports) {
  describe(`T25 names and tokens of another person, by msgpack over ${transport}`, () => {
    let server: MatrixServer;
    let ann: Client;
    let ben: Client;
    let unauthenticated: Client;
    let shift = 0;
    /** Former tokens of Ann, by what ended them. */
    const endedTokens = new Map<string, string>();
    const listening: Client[] = [];
    const forged: string[] = [];

    before(async () => {
      server = await openServer({}, undefined, { ...systemClock, now: () => systemClock.now() + shift });
      for (const name of Object.values(names)) await server.account(name, PASSWORD);
      const id = server.person(names.ann);
      for (const driver of drivers) listening.push(await driver.connect(server));
      for (const client of listening) await client.login(names.fay, PASSWORD);

      endedTokens.set('ended by another password', tokenOf(await logIn(names.ann)));
      const password = { type: 'plain', value: PASSWORD } as const;
      await server.must((world, made) => void world.accounts.setPassword(id, password, made));
      const leaving = await logIn(names.ann);
      endedTokens.set('ended by logout', tokenOf(leaving));
      await leaving.leave();
      endedTokens.set('expired', tokenOf(await logIn(names.ann)));
      shift += LONG_MS;
      ann = await logIn(names.ann);
      for (const name of [fixture.closed.real, fixture.open])
        await server.must((world, made) => world.rooms.create(id, name, null, name === fixture.closed.real, made));
      ben = await logIn(names.ben);
      unauthenticated = await msgpack.connect(server, transport);
    });
    after(() => server.close());

    async function logIn(name: string): Promise<Client> {
      const client = await msgpack.connect(server, transport);
      await client.login(name, PASSWORD);
      return client;
    }

    async function answerTo(client: Client, frame: string): Promise<readonly unknown[]> {
      return valuesOf(await client.raw(frame));
    }

    /** Sends every request with these credentials; each must get this answer. */
    async function assertRefused(
      client: Client,
      credentials: readonly string[],
      answer: readonly unknown[],
      label: string,
    ) {
      const frames = requestsWith(credentials, fixture);
      for (const frame of frames) assert.deepEqual(await answerTo(client, frame), answer, label);
      forged.push(...frames);
    }

    test('T22 T17 a name and a token that do not belong together are refused in the same words on every connection', async () => {
      const [anns, bens] = [tokenOf(ann), tokenOf(ben)];
      const mixed: readonly (readonly [label: string, name: string, token: string])[] = [
        ['her name and his token', names.ann, bens],
        ['his name and her token', names.ben, anns],
        ['an unknown name and her token', 'Nobody01', anns],
        ['an unknown name and an unknown token', 'Nobody01', GUESSED],
        ['a group’s name and her token', fixture.closed.real, anns],
        ['no name and her token', '', anns],
        ['her name and a guess', names.ann, GUESSED],
        ['her name and no token', names.ann, ''],
        ['her name and the stored digest of her token', names.ann, sha256(anns)],
        ['her name and more than her token', names.ann, `${anns} `],
        ['her name and her password', names.ann, PASSWORD],
        ...[...endedTokens].map(
          ([reason, token]) => [`her name and a token that was ${reason}`, names.ann, token] as const,
        ),
      ];
      for (const [label, name, token] of mixed)
        for (const client of [ben, unauthenticated, ann]) await assertRefused(client, [name, token], wrong, label);
    });

    test('T22 her name and her token are refused on his connection, which stays his', async () => {
      for (const token of [tokenOf(ann), tokenOf(ann).toUpperCase()])
        await assertRefused(ben, [names.ann, token], notHere, 'hers');
      const other = await logIn(names.ben);
      await assertRefused(other, [names.ann, tokenOf(ann)], notHere, 'hers');
      await other.leave();
      assert.deepEqual(await answerTo(unauthenticated, frameOf(['logout', names.ann])), notUnder);
    });

    test('T23 neither her name nor her token lets others log her out', async () => {
      for (const client of [ben, unauthenticated]) {
        for (const name of [names.ann, names.ann.toUpperCase(), names.fay, 'Nobody01', ''])
          assert.deepEqual(await answerTo(client, frameOf(['logout', name])), notUnder, name);
        // One value more than `logout` takes; over TCP it is read as an unknown action, which ends the connection.
        if (transport !== 'tcp')
          assert.equal((await answerTo(client, frameOf(['logout', names.ann, tokenOf(ann)])))[1], false);
      }
      const leaving = await logIn(names.ben);
      assert.deepEqual(await answerTo(leaving, frameOf(['logout', names.ben])), done);
      for (const [client, name] of [
        [ann, names.ann],
        [ben, names.ben],
      ] as const)
        assert.deepEqual(
          await answerTo(
            client,
            frameOf(['whisper', name, tokenOf(client), name === names.ann ? names.ben : names.ann, 'here']),
          ),
          done,
          name,
        );
      await ann.observed.waitFor({ kind: 'message', author: names.ben, text: 'here' });
      await ben.observed.waitFor({ kind: 'message', author: names.ann, text: 'here' });
    });

    test('T25 refused requests had no effect and were shown to no one', async () => {
      const text = 'the end';
      await ann.sendToLobby(text, 1);
      for (const client of listening) {
        await client.observed.waitFor({ kind: 'message', author: names.ann, text });
        assert.deepEqual(client.observed.messagesWith('hello'), [], client.protocol);
      }
      for (const client of [ann, ben, unauthenticated]) assert.deepEqual(client.observed.messagesWith('hello'), []);
      assert.deepEqual(unauthenticated.observed.all, []);
      const groups = forged.map(valuesOf).filter(([action]) => action === 'create_group');
      assert.ok(groups.length > 0);
      for (const [, , , group] of groups) assert.equal(server.world.rooms.find(String(group)), undefined);
      for (const name of [names.ann, names.ben])
        assert.equal(server.world.people.contactsOf(server.person(name)).size, 0);
    });

    test('T21 T27 CONN-73 the token works like the password until she logs out, and afterwards neither requests nor shows anything', async () => {
      const second = await msgpack.connect(server, transport);
      const credentials = [names.ann, tokenOf(ann)];
      for (const frame of requestsWith(credentials, fixture).slice(0, 2))
        assert.deepEqual(await answerTo(second, frame), done);
      assert.deepEqual(await answerTo(ann, frameOf(['logout', names.ann])), done);
      const shown = ann.frames.length;
      assert.equal((await second.ended).code, transport === 'websocket' ? 1008 : null);
      assert.equal((await ben.sendToLobby('after she left', 2)).text, 'after she left');
      await assertRefused(ann, credentials, wrong, 'on her own connection');
      await assertRefused(await msgpack.connect(server, transport), credentials, wrong, 'on another connection');
      assert.deepEqual(second.observed.messagesWith('after she left'), []);
      assert.deepEqual(
        ann.frames
          .slice(shown)
          .map(valuesOf)
          .filter(([type]) => type !== 'response'),
        [],
      );
    });

    test('T21 no token is in the log', () => {
      const log = server.log.join('');
      for (const token of [tokenOf(ann), tokenOf(ben), ...endedTokens.values()]) assert.ok(!log.includes(token));
    });
  });
}

function tokenOf({ credentials }: Client): string {
  return credentials?.[1] ?? assert.fail('no token');
}
