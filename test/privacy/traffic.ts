import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Upload } from '../../src/core/model/file.ts';
import type { Message } from '../../src/core/model/message.ts';
import type { PersonId, RoomId, UnitId } from '../../src/core/model/ids.ts';
import type { NewInvitation } from '../../src/core/services/invitations.ts';
import type { Unit } from '../../src/core/model/unit.ts';
import { type Client, type Driver, PASSWORD as COMMON } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import type { MatrixServer } from '../matrix/server.ts';
import { requestsOf } from './requests.ts';
import { createFixture, fullDriver, logIn, PASSWORD } from './fixture.ts';

const WRONG = 'wrong; canary-password';
const HOME = fileURLToPath(new URL('../..', import.meta.url));

/** A connection and its person; null for a guest, and before the login. */
export type Recipient = { readonly client: Client; readonly person: PersonId | null };

/** Ann, Fay, Ben and guests send every request of every protocol. `secrets` must not be sent to anyone. */
export async function simulateTraffic(
  server: MatrixServer,
): Promise<{ readonly recipients: readonly Recipient[]; readonly secrets: readonly string[] }> {
  const recipients: Recipient[] = [];
  const recorded = (driver: Driver): Driver => ({
    ...driver,
    async connect(...args) {
      const client = await driver.connect(...args);
      const recipient = { client, person: null as PersonId | null };
      recipients.push(recipient);
      const login = client.login.bind(client);
      client.login = async (name, ...rest) => {
        await login(name, ...rest);
        recipient.person = server.person(name);
      };
      return client;
    },
  });
  const fixture = await createFixture(server, recorded(fullDriver));
  const enter = (driver: Driver, name: string) => logIn(server, recorded(driver), name);
  const watchers = await Promise.all(
    drivers.flatMap((driver) => [fixture.fay, fixture.ben].map((name) => enter(driver, name))),
  );
  const token = await server.must<string>((world, done) =>
    world.tokens.issue(server.person(fixture.ann), Infinity, done),
  );
  await server.account('Loudmouth01', PASSWORD);
  await enter(fullDriver, 'Loudmouth01');
  await makeUnits(server, server.person(fixture.ann));
  await makeBan(server, server.person(fixture.fay), server.person(fixture.ben));
  await makeSession(server, server.person(fixture.ann));
  await makeFiles(server, server.person(fixture.fay), fixture.ids.direct);
  const code = await makeInvitation(server, server.person(fixture.fay));
  let lastTime = 1_500_000_000_000;
  for (const driver of drivers) {
    const { protocol, requests, malformed } = requestsOf(driver.protocol);
    for (const name of [fixture.ann, fixture.ben]) {
      const client = await enter(driver, name);
      const stranger = await recorded(driver).connect(server);
      await assert.rejects(stranger.login(name, WRONG));
      for (const frame of requests(fixture, client)) await client.raw(frame);
      await client.sendDirect(fixture.fay, `canary-direct-by-${name}-by-${protocol}`, ++lastTime);
      await client.leave();
    }
    for (const [index, frame] of malformed.entries()) {
      const guest = await recorded(driver).connect(server);
      await guest.enter(`Mumbler-${protocol}-${index}`);
      await guest.raw(frame);
      guest.cut();
    }
    const guest = await recorded(driver).connect(server);
    await guest.enter(`Passer-${protocol}`);
    await server.must((world, done) =>
      world.moderation.mute({ type: 'operator' }, world.lobby, 'Loudmouth01', null, done),
    );
    await server.must((world, done) =>
      world.moderation.ban({ type: 'operator' }, `Passer-${protocol}`, 'enough', null, done),
    );
    await guest.ended;
  }
  await server.must((world, done) => world.rooms.read(server.person(fixture.fay), world.lobby, 1, done));
  const fresh = await fullDriver.connect(server);
  await fresh.register('Newcomer01', PASSWORD);
  const sent = await fresh.enter('Last').then(() => fresh.sendToLobby('all of it was shown', 10));
  for (const client of watchers) {
    const expected = drivers.find(({ protocol }) => protocol === client.protocol)?.expected;
    await client.observed.waitFor(expected?.message(sent, 'lobby') ?? assert.fail('no lobby'));
  }
  const passwords = [PASSWORD, COMMON, WRONG];
  const hashes = passwords.map((password) => createHash('sha256').update(password).digest('hex'));
  return { recipients, secrets: [...passwords, ...hashes, token, code, 'canary-broken', server.dataDir, HOME] };
}

/** A group from which somebody is banned. */
async function makeBan(server: MatrixServer, owner: PersonId, banned: PersonId): Promise<void> {
  const wanted = { displayName: 'Canary group 01', closed: true, members: [] } as const;
  const room = await server.must<RoomId>((world, done) => world.rooms.createTitled(owner, wanted, done));
  const ban = { reason: 'canary-room-ban-reason', until: null } as const;
  await server.must<RoomId>((world, done) => world.management.ban(owner, room, banned, ban, done));
}

/** A file in a message of a room, and one that waits for its message. */
async function makeFiles(server: MatrixServer, person: PersonId, room: RoomId): Promise<void> {
  for (const [index, name] of ['canary-sent.png', 'canary-unsent.png'].entries()) {
    const id = `canary-id-of-file-${index}`;
    const place = { id, address: `/files/${id}/${name}`, origin: 'http://localhost', name };
    const size = { size: 1_234_567_891 + index, width: 1_345_678_912 + index, height: 1_456_789_123 + index };
    const file = { ...place, ...size, type: 'image/png', digest: `canary-digest-of-file-${index}` };
    await server.must<Upload>((world, done) => world.files.add(person, file, done));
  }
  const post = { text: '', clientTime: null, file: '/files/canary-id-of-file-0/canary-sent.png' };
  await server.must<Message>((world, done) => world.messages.post(person, room, post, done));
}

/** A closed group with an invitation; returns its code. */
async function makeInvitation(server: MatrixServer, owner: PersonId): Promise<string> {
  const wanted = { displayName: 'Canary group 02', closed: true, members: [] } as const;
  const room = await server.must<RoomId>((world, done) => world.rooms.createTitled(owner, wanted, done));
  const terms = { until: null, uses: 3 };
  const made = await server.must<NewInvitation>((world, done) => world.invitations.make(owner, room, terms, done));
  return made.code;
}

/** A stored session that subscribes to a document. */
async function makeSession(server: MatrixServer, person: PersonId): Promise<void> {
  const { sessions } = server.world;
  const digest = 'canary-digest-of-a-session';
  assert.ok(await sessions.save({ digest, person, passwordPosition: 1, expires: 4_102_444_800_123 }));
  assert.ok(await sessions.subscribe(digest, person, ['canary-document']));
}

/** A unit in a unit, with one person. */
async function makeUnits(server: MatrixServer, person: PersonId): Promise<void> {
  const operator = { type: 'operator' } as const;
  const make = (name: string, parent: UnitId | null) =>
    server.must<Unit>((world, done) => world.units.create(operator, name, parent, done));
  const { id } = await make('Canary unit 01', await make('Canary unit 02', null).then((outer) => outer.id));
  await server.must((world, done) => world.units.setMembers(operator, id, [person], true, done));
  await server.must((world, done) => world.units.setHome(operator, id, done));
}
