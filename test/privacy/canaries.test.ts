import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PersonId } from '../../src/core/ids.ts';
import { protocols } from '../../src/protocols/index.ts';
import type { Client, Driver } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openPlace, type Place } from '../matrix/place.ts';
import { columns, notLookedFor } from './columns.ts';
import { Record } from './record.ts';
import { requestsOf } from './requests.ts';
import { makeTenants, PASSWORD } from './tenants.ts';
import { readable } from './words.ts';

const WRONG = 'wrong; canary-password';
const HOME = fileURLToPath(new URL('../..', import.meta.url));

/** Every field that JSON from the server may have. */
const FIELDS = new Set(
  [
    'reply result result_message retry_after tag id me messages message',
    'from to via font family color style body timestamp',
    'users username display_name status friend guest',
    'groups groupname members member members_total',
  ].flatMap((line) => line.split(' ')),
);

/** What a server cannot read, or not so, by protocol; it says so without repeating it. */
const unreadable: ReadonlyMap<string, readonly string[]> = new Map([
  ['c2', ['c2/NOPE canary-broken', 'c2/UPDATE canary-broken; x', 'canary-broken']],
  [
    'tagged',
    ['{"message":"canary-broken"}', '{"message":"login","tag":"_canary-broken"}', '{"message":canary-broken}'],
  ],
]);

/** Who hears on which connection; null is a guest. */
type Listener = { readonly client: Client; readonly person: PersonId | null };

/** A busy hour of Ann, Fay, Ben and guests, by every protocol, with everything that can be asked. */
async function busyHour(
  place: Place,
): Promise<{ readonly listeners: readonly Listener[]; readonly secrets: readonly string[] }> {
  const listeners: Listener[] = [];
  const speaking = drivers.find(({ own }) => own.direct === 'none') ?? assert.fail('nobody has accounts');
  const listenTo = (driver: Driver): Driver => ({
    ...driver,
    async connect(...where) {
      const client = await driver.connect(...where);
      const listener = { client, person: null as PersonId | null };
      listeners.push(listener);
      const login = client.login.bind(client);
      client.login = async (name, ...how) => {
        await login(name, ...how);
        listener.person = place.person(name);
      };
      return client;
    },
  });
  const tenants = await makeTenants(place, listenTo(speaking));
  const come = async (driver: Driver, name: string) => {
    const client = await listenTo(driver).connect(place);
    await client.login(name, PASSWORD);
    return client;
  };
  const watching = await Promise.all(
    drivers.flatMap((driver) => [tenants.fay, tenants.ben].map((name) => come(driver, name))),
  );
  await place.must((world, done) => world.tokens.issue(place.person(tenants.ann), done));
  await place.account('Loudmouth01', PASSWORD);
  await come(speaking, 'Loudmouth01');
  let moment = 1_500_000_000_000;
  for (const driver of drivers) {
    for (const name of [tenants.ann, tenants.ben]) {
      const client = await come(driver, name);
      const stranger = await listenTo(driver).connect(place);
      await assert.rejects(stranger.login(name, WRONG));
      for (const frame of requestsOf.get(driver.protocol)?.(tenants) ?? []) await client.raw(frame);
      await client.tell(tenants.fay, `canary-told-by-${name}-by-${driver.protocol}`, ++moment);
      await client.leave();
    }
    const guest = await listenTo(driver).connect(place);
    await guest.enter(`Passer-${driver.protocol}`);
    for (const frame of unreadable.get(driver.protocol) ?? []) await guest.raw(frame);
    await place.must((world, done) =>
      world.moderation.mute({ type: 'operator' }, world.lobby, 'Loudmouth01', null, done),
    );
    await place.must((world, done) =>
      world.moderation.ban({ type: 'operator' }, `Passer-${driver.protocol}`, 'enough', null, done),
    );
    await guest.ended;
  }
  await place.must((world, done) => world.rooms.read(place.person(tenants.fay), world.lobby, 1, done));
  const fresh = await speaking.connect(place);
  await fresh.register('Newcomer01', PASSWORD);
  const said = await fresh.enter('Last').then(() => fresh.sayInLobby('all of it was shown', 10));
  for (const client of watching) {
    const looks = drivers.find(({ protocol }) => protocol === client.protocol)?.looks;
    await client.sightings.see(looks?.message(said, 'lobby') ?? assert.fail('no way to see it'));
  }
  const hash = (password: string) => createHash('sha256').update(password).digest('hex');
  return { listeners, secrets: [PASSWORD, hash(PASSWORD), WRONG, hash(WRONG), 'canary-broken', place.dataDir, HOME] };
}

test('T26 every column of storage has its audience, and what is not for everybody reaches nobody else', async (t) => {
  const record = new Record();
  const place = await openPlace({}, (storage) => record.around(storage));
  t.after(() => place.close());
  assert.deepEqual(
    [...requestsOf.keys()],
    protocols.map(({ name }) => name),
  );
  const { listeners, secrets } = await busyHour(place);
  await place.world.stop();

  assert.deepEqual(record.undecided(), [], 'columns that nobody decided about');
  assert.deepEqual(record.unused(), [], 'tables that the busy hour did not touch');
  const canaries = record.canaries(place.world.lobby);
  const lookedFor = new Set(canaries.flatMap(({ from }) => from));
  const guarded = Object.entries(columns).flatMap(([table, decisions]) =>
    Object.entries(decisions).flatMap(([column, audience]) => (audience === 'everybody' ? [] : [`${table}.${column}`])),
  );
  assert.deepEqual(
    guarded.filter((column) => !lookedFor.has(column)),
    notLookedFor,
  );
  const keys = record.once.map(({ key }) => key);
  assert.ok(keys.length > 0);
  const heard = listeners.map(({ client, person }) => ({ person, text: client.frames.map(readable).join('\n') }));
  const log = place.log.join('');
  assert.match(log, /"event":"storage-opened"/);
  t.diagnostic(
    `${canaries.length} canaries, ${listeners.length} connections, ${heard.reduce((sum, { text }) => sum + text.length, 0)} bytes`,
  );

  for (const { from, value, may } of canaries) {
    for (const { person, text } of heard) {
      const isFor = person !== null && may?.has(person) === true;
      assert.ok(isFor || !text.includes(value), `${from} ${value} reached ${person ?? 'a guest'}`);
    }
    assert.ok(!log.includes(value), `${from} ${value} is in the log`);
  }
  const fields = listeners.flatMap(({ client }) => client.frames.flatMap(fieldsIn));
  assert.ok(fields.length > 1_000, `${fields.length}`);
  assert.deepEqual(
    fields.filter((field) => !FIELDS.has(field)),
    [],
    'fields that nobody decided about',
  );
  for (const { client, person } of listeners) {
    const friends = client.frames.flatMap(friendsIn);
    const own = person === null ? new Set<string>() : record.contactsOf(person);
    assert.deepEqual(
      friends.filter((name) => !own.has(name)),
      [],
    );
  }
  for (const secret of [...secrets, ...keys]) {
    for (const { text } of heard) assert.ok(!text.includes(secret), `${secret} was sent`);
    if (secret !== place.dataDir) assert.ok(!log.includes(secret), `${secret} is in the log`);
  }
});

/** The names of all fields of a frame, however deep; none where it is no JSON. */
function fieldsIn(frame: string): string[] {
  const names: string[] = [];
  if (!frame.startsWith('{')) return names;
  JSON.parse(frame, (name, value: unknown) => {
    if (!/^\d*$/.test(name)) names.push(name);
    return value;
  });
  return names;
}

/** Who is called a friend in a frame of tagged. */
function friendsIn(frame: string): string[] {
  return [...frame.matchAll(/"username":"([^"]+)"[^{}]*"friend":true/g)].map(([, name = '']) => name);
}
