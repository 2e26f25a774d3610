import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import type { SessionApi } from './session-api.ts';

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
    secrets.map((secret) => app.hub.sessions.owner(secret)),
    [alice, bob].map(({ api }) => api.person?.id),
  );
  assert.equal(app.hub.sessions.owner('unknown'), null);
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
    assert.notEqual(app.hub.sessions.owner(secret), null);
    await end(alice);
    await app.settle();
    assert.equal(app.hub.sessions.owner(secret), null);
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
