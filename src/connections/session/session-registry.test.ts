import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FakeClock } from '../../../testing/clock.ts';
import { TestHub } from '../../../testing/hub.ts';
import { countingIds } from '../../../testing/ids.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import { openTwoHubs } from '../../../testing/two-hubs.ts';
import type { SessionRow } from '../../core/model/session.ts';
import type { Carried } from './connection-control.ts';
import type { SessionApi } from './session-api.ts';
import { SessionRegistry, WAIT_MS } from './session-registry.ts';

/** Names the session. */
async function nameOf(app: TestHub, api: SessionApi): Promise<string> {
  let name = '';
  api.nameSession((secret) => {
    name = secret;
  });
  await app.settle();
  return name;
}

/** A client, with its session API and the function that sends it something unasked. */
function open(app: TestHub) {
  const adapter = lineProtocol();
  const opened: { api: SessionApi; push: (line: string) => void }[] = [];
  const client = app.client({
    ...adapter,
    openSession: (api, push) => {
      opened.push({ api, push });
      return adapter.openSession(api, push);
    },
  });
  const [session] = opened;
  if (session === undefined) assert.fail('no session was opened');
  return { client, ...session };
}

test('CONN-120 T22 each session has a secret of its own, which names its person', async () => {
  const app = await TestHub.open();
  const [alice, bob] = [open(app), open(app)];
  await alice.client.ask('enter alice');
  await bob.client.ask('enter bob');
  const secrets = [await nameOf(app, alice.api), await nameOf(app, bob.api)];
  assert.equal(new Set(secrets).size, 2);
  assert.deepEqual(
    await Promise.all(secrets.map((secret) => app.hub.sessions.owner(secret))),
    [alice, bob].map(({ api }) => api.person?.id),
  );
  assert.equal(await app.hub.sessions.owner('unknown'), null);
});

test('CONN-180 the secret of a session names its person on another node, until the session ends', async () => {
  const {
    hubs: [here, other],
  } = await openTwoHubs();
  await here.accounts('alice');
  const alice = open(here);
  await alice.client.ask('login alice');
  const guest = open(here);
  await guest.client.ask('enter bob');
  const secrets = [await nameOf(here, alice.api), await nameOf(here, guest.api)];
  const owners = () => Promise.all(secrets.map((secret) => other.hub.sessions.owner(secret)));
  assert.deepEqual(await owners(), [alice.api.person?.id, null], 'the session of a guest is not stored');
  await alice.client.ask('bye');
  assert.deepEqual(await owners(), [null, null]);
});

test('WORLD-301 CONN-132 a session is written as a new one until that succeeds, and then only renewed', async () => {
  const clock = new FakeClock();
  const rows = new Map<string, SessionRow>();
  const calls: string[] = [];
  let works = false;
  const write = (call: string, row: SessionRow, mayAdd: boolean) => {
    calls.push(call);
    if (works && (mayAdd || rows.has(row.digest))) rows.set(row.digest, row);
    return Promise.resolve(works);
  };
  const done = () => Promise.resolve(true);
  const store = {
    find: () => Promise.resolve(null),
    save: (row: SessionRow) => write('save', row, true),
    renew: (row: SessionRow) => write('renew', row, false),
    subscribe: done,
    unsubscribe: done,
    end: done,
  };
  const registry = new SessionRegistry({ ids: countingIds(), clock }, () => store);
  const login = { digest: null, person: { id: 7, name: 'ada' }, passwordPosition: 1, token: null, release() {} };
  const session = { login, isWaiting: false } as unknown as Carried;
  const refresh = async () => {
    clock.advance(WAIT_MS / 2);
    await setImmediate();
  };
  registry.open(session, () => {});
  await setImmediate();
  await refresh();
  assert.deepEqual([calls, rows.size], [['save', 'save'], 0]);
  works = true;
  await refresh();
  assert.equal(rows.size, 1);
  await refresh();
  assert.deepEqual(calls, ['save', 'save', 'save', 'renew']);
  rows.clear();
  await refresh();
  registry.waits(session);
  assert.deepEqual([calls.at(-1), rows.size], ['renew', 0], 'another node ended it');
  registry.stop();
});

test('CONN-121 T22 the secret is worth nothing after signing out, leaving, a lost link or a kick', async () => {
  const app = await TestHub.open();
  const ends: ((one: ReturnType<typeof open>) => Promise<unknown>)[] = [
    ({ client }) => client.ask('bye'),
    ({ client }) => client.ask('leave'),
    ({ client }) => client.drop(),
    async () => app.world.moderation.kick('alice', 'enough', () => {}),
  ];
  for (const end of ends) {
    const alice = open(app);
    await alice.client.ask('enter alice');
    const secret = await nameOf(app, alice.api);
    assert.notEqual(await app.hub.sessions.owner(secret), null);
    await end(alice);
    await app.settle();
    assert.equal(await app.hub.sessions.owner(secret), null);
  }
});

test('CONN-122 a session sends what nobody asked for, until its connection is ending', async () => {
  const app = await TestHub.open();
  const { client, push } = open(app);
  await client.ask('enter alice');
  push('by the way');
  await app.settle();
  assert.deepEqual(client.lines(), ['by the way']);
  await client.ask('leave');
  client.lines();
  push('too late');
  await app.settle();
  assert.deepEqual(client.lines(), []);
});
