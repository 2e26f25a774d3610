import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { PersonId } from '../../src/core/model/ids.ts';
import { type Client, type Driver, PASSWORD as COMMON } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import type { MatrixServer } from '../matrix/server.ts';
import { askingOf } from './requests.ts';
import { makeTenants, PASSWORD, speaking } from './fixture.ts';

const WRONG = 'wrong; canary-password';
const HOME = fileURLToPath(new URL('../..', import.meta.url));

/** Who hears on which connection; null is a guest, or nobody. */
export type Listener = { readonly client: Client; readonly person: PersonId | null };

/** A busy hour of Ann, Fay, Ben and guests, by every protocol, with everything that can be asked; `secrets` are nobody's to hear. */
export async function busyHour(
  server: MatrixServer,
): Promise<{ readonly listeners: readonly Listener[]; readonly secrets: readonly string[] }> {
  const listeners: Listener[] = [];
  const listenTo = (driver: Driver): Driver => ({
    ...driver,
    async connect(...where) {
      const client = await driver.connect(...where);
      const listener = { client, person: null as PersonId | null };
      listeners.push(listener);
      const login = client.login.bind(client);
      client.login = async (name, ...reason) => {
        await login(name, ...reason);
        listener.person = server.person(name);
      };
      return client;
    },
  });
  const tenants = await makeTenants(server, listenTo(speaking));
  const come = async (driver: Driver, name: string) => {
    const client = await listenTo(driver).connect(server);
    await client.login(name, PASSWORD);
    return client;
  };
  const watching = await Promise.all(
    drivers.flatMap((driver) => [tenants.fay, tenants.ben].map((name) => come(driver, name))),
  );
  const token = await server.must<string>((world, done) =>
    world.tokens.issue(server.person(tenants.ann), Infinity, done),
  );
  await server.account('Loudmouth01', PASSWORD);
  await come(speaking, 'Loudmouth01');
  let lastTime = 1_500_000_000_000;
  for (const driver of drivers) {
    const { protocol, requests, unreadable } = askingOf(driver.protocol);
    for (const name of [tenants.ann, tenants.ben]) {
      const client = await come(driver, name);
      const stranger = await listenTo(driver).connect(server);
      await assert.rejects(stranger.login(name, WRONG));
      for (const frame of requests(tenants, client)) await client.raw(frame);
      await client.sendDirect(tenants.fay, `canary-told-by-${name}-by-${protocol}`, ++lastTime);
      await client.leave();
    }
    for (const [index, frame] of unreadable.entries()) {
      const guest = await listenTo(driver).connect(server);
      await guest.enter(`Mumbler-${protocol}-${index}`);
      await guest.raw(frame);
      guest.cut();
    }
    const guest = await listenTo(driver).connect(server);
    await guest.enter(`Passer-${protocol}`);
    await server.must((world, done) =>
      world.moderation.mute({ type: 'operator' }, world.lobby, 'Loudmouth01', null, done),
    );
    await server.must((world, done) =>
      world.moderation.ban({ type: 'operator' }, `Passer-${protocol}`, 'enough', null, done),
    );
    await guest.ended;
  }
  await server.must((world, done) => world.rooms.read(server.person(tenants.fay), world.lobby, 1, done));
  const fresh = await speaking.connect(server);
  await fresh.register('Newcomer01', PASSWORD);
  const sent = await fresh.enter('Last').then(() => fresh.sendToLobby('all of it was shown', 10));
  for (const client of watching) {
    const expected = drivers.find(({ protocol }) => protocol === client.protocol)?.expected;
    await client.observed.waitFor(expected?.message(sent, 'lobby') ?? assert.fail('no way to see it'));
  }
  const passwords = [PASSWORD, COMMON, WRONG];
  const hashes = passwords.map((password) => createHash('sha256').update(password).digest('hex'));
  return { listeners, secrets: [...passwords, ...hashes, token, 'canary-broken', server.dataDir, HOME] };
}
