import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineClient, TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import { memoryPair } from '../../../testing/transports/memory-link.ts';
import type { SessionApi } from './session-api.ts';

const id = (count: number) => `00000000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;

test('CONN-36 a connection is secure if it uses TLS or comes from this machine', async () => {
  const app = await TestHub.open();
  for (const [address, secure, isSecure] of [
    ['192.0.2.1', false, false],
    ['192.0.2.1', true, true],
    ['127.0.0.1', false, true],
    ['::1', false, true],
  ] as const) {
    const { link, peer } = memoryPair(app.clock, { address, secure });
    app.hub.connect(lineProtocol(), link);
    assert.deepEqual(await new LineClient(app, link, peer).ask('secure'), [`${isSecure}`]);
  }
});

test('CONN-26 an answer of several messages leaves in its turn, in one write', async () => {
  const app = await TestHub.open();
  const client = app.client(lineProtocol());
  await client.ask('enter alice');
  client.link.writes.length = 0;
  assert.deepEqual(await client.ask('who', 'several one two three', 'who'), ['alice', 'one', 'two', 'three', 'alice']);
  assert.equal(client.link.writes.length, 1);
});

test('CONN-13 logging in, registering and sending a direct message hold back later requests', async () => {
  const app = await TestHub.open();
  await app.accounts('bob');
  const guest = app.client(lineProtocol());
  await guest.ask('enter guest');
  const client = app.client(lineProtocol({ history: 0, direct: 'none' }));
  assert.deepEqual(await client.ask('register alice secret', 'login alice secret', 'direct bob hi', 'say two', 'who'), [
    'ok',
    'ok',
    'stored',
    'ok',
    'guest alice',
    'new 1 alice two',
  ]);
  assert.deepEqual(
    await guest.ask('register guest', 'contact bob', 'create den', 'part den', 'status Away', 'say hi'),
    ['new 1 alice two', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'new 2 guest hi'],
  );
});

test('CONN-13 reading or changing anything that may have to be loaded holds back later requests', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol());
  await bob.ask('login bob');
  const replies = new Map<string, (answer: string) => void>();
  const alice = app.client(lineProtocol({ history: 0, replies }));
  for (const [index, [asked, answer]] of (
    [
      ['enter nobody', 'ok'],
      ['rename somebody', 'ok'],
      ['bye', 'ok'],
      ['register carol', 'ok'],
      ['login alice', 'ok'],
      ['token', '5ec2e700-0000-4000-8000-000000000001'],
      ['resume alice 5ec2e700-0000-4000-8000-000000000001', 'ok'],
      ['direct bob one', 'ok'],
      [`edit ${id(1)} two`, 'ok'],
      ['history bob', 'two'],
      [`delete ${id(1)}`, 'ok'],
      [`delete ${id(9)}`, 'no not-found'],
      ['create den', 'ok'],
      ['groups', 'lobby den'],
      ['info den', 'den'],
      ['contact bob', 'ok'],
      ['password alice secret', 'ok'],
      ['part den', 'ok'],
      ['bye', 'ok'],
      ['resume alice 5ec2e700-0000-4000-8000-000000000001', 'no wrong-credentials'],
    ] as const
  ).entries()) {
    alice.send(asked, 'later x');
    assert.equal(replies.size, 0, `${index} ${asked}`);
    await app.settle();
    assert.deepEqual([alice.lines()[0], replies.size], [answer, 1], `${index} ${asked}`);
    replies.get('x')?.('');
    replies.clear();
    await app.settle();
    alice.lines();
  }
});

test('CONN-15 a link that is lost while its person logs in leaves no person behind, and ends no other connection', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const lost = app.client(lineProtocol());
  lost.send('login alice');
  lost.peer.close();
  await app.settle();
  assert.deepEqual(app.world.people.visible, []);
  const stays = app.client(lineProtocol());
  await stays.ask('login alice');
  const second = app.client(lineProtocol());
  second.send('login alice');
  second.peer.close();
  await app.settle();
  assert.deepEqual(await stays.ask('who'), ['alice']);
});

test('CONN-21 T32 an account with five connections has one budget', async () => {
  const app = await TestHub.open({ rates: { messages: { perSecond: 10, burst: 30 } } });
  await app.accounts('alice');
  const clients = [];
  for (let index = 0; index < 5; index++) {
    const client = app.client(lineProtocol({ ownMessages: 'others', name: `line${index}` }), `192.0.2.${index + 1}`);
    await client.ask('login alice');
    clients.push(client);
  }
  for (const client of clients) client.send(...Array.from({ length: 10 }, () => 'say x'));
  await app.settle();
  const answers = clients.flatMap((client) => client.lines().filter((line) => !line.startsWith('new')));
  assert.deepEqual([answers.length, answers.filter((line) => line === 'ok').length], [50, 30]);
  app.clock.advance(1_000);
  for (const client of clients) client.send(...Array.from({ length: 10 }, () => 'say x'));
  await app.settle();
  const replies = clients.flatMap((client) => client.lines().filter((line) => line === 'ok'));
  assert.equal(replies.length, 10);
});

test('CONN-37 T24 before a login every request that needs a person is refused with the same error', async () => {
  const app = await TestHub.open();
  await app.accounts('bob');
  const client = app.client(lineProtocol());
  const asked = [
    'say x',
    'direct bob x',
    'group lobby x',
    'edit x y',
    'delete x',
    'rename y',
    'status Away',
    'create den',
    'join lobby',
    'part lobby',
    'contact bob',
    'block bob',
    'history bob',
    'groups',
  ];
  const answers = await client.ask(...asked);
  assert.deepEqual([answers.length, new Set(answers)], [asked.length, new Set(['no not-allowed'])]);
  assert.deepEqual(await client.ask('profile bob'), ['undefined undefined']);
  assert.deepEqual(await client.ask('login bob', 'create den', 'groups', 'history lobby'), [
    'ok',
    'ok',
    'lobby den',
    'no not-found',
  ]);
});

test('CONN-38 T23 the requests of a connection concern its own person, whatever they contain', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const [alice, bob] = [app.client(lineProtocol()), app.client(lineProtocol())];
  await alice.ask('login alice');
  await bob.ask('login bob');
  assert.deepEqual(await bob.ask('login alice', 'leave alice'), ['no not-allowed', 'left bob left']);
  assert.deepEqual(alice.lines(), ['left bob left']);
  assert.equal(alice.closeKind(), null);
  assert.deepEqual(await alice.ask('enter eve', 'who'), ['no not-allowed', 'alice']);
});

test('CONN-60 T6 a group that one request names a hundred times is looked up once', async () => {
  const app = await TestHub.open();
  const client = app.client(lineProtocol());
  await client.ask('enter alice');
  const { rooms } = app.world;
  const view = rooms.view.bind(rooms);
  let lookups = 0;
  rooms.view = (...asked) => {
    lookups += 1;
    return view(...asked);
  };
  const names = Array.from({ length: 100 }, () => 'lobby').join(' ');
  assert.deepEqual(await client.ask(`info ${names}`), [names]);
  assert.equal(lookups, 1);
});

test('CONN-62 a session knows the current name of its person, also if that person is invisible', async () => {
  const app = await TestHub.open();
  for (const status of ['Available', 'Offline']) {
    const apis: SessionApi[] = [];
    const adapter = lineProtocol();
    const client = app.client({
      ...adapter,
      openSession: (api) => (apis.push(api), adapter.openSession(api, () => {})),
    });
    const names = () => apis.flatMap((api) => [api.person?.name, api.ownProfile()?.name]);
    await client.ask('enter gus', `status ${status}`);
    assert.deepEqual(names(), ['gus', 'gus']);
    await client.ask('rename tom', 'rename lobby');
    assert.deepEqual(names(), ['tom', 'tom']);
    await client.ask(`register ann-${status}`);
    assert.deepEqual(names(), [`ann-${status}`, `ann-${status}`]);
    await client.ask('register somebody-else');
    assert.deepEqual(names(), [`ann-${status}`, `ann-${status}`], 'an account that makes another stays itself');
  }
});

test('CONN-74 an invisible person is in their own list of people, on all their connections, and in no other list', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const [alice, second, guest] = [app.client(lineProtocol()), app.client(lineProtocol()), app.client(lineProtocol())];
  await alice.ask('login alice');
  await second.ask('login alice');
  await guest.ask('enter guest');
  assert.deepEqual(await alice.ask('status Offline', 'who'), ['ok', 'guest alice']);
  assert.deepEqual(await second.ask('who'), ['guest alice']);
  assert.deepEqual(await guest.ask('who'), ['left alice left', 'guest']);
  assert.deepEqual(await app.client(lineProtocol()).ask('who'), ['guest']);
  assert.deepEqual(await alice.ask('status Available', 'who'), ['ok', 'alice guest']);
});

test('CONN-74 a person outside the lobby is in their own list of people', async () => {
  const app = await TestHub.open({ rules: { joinLobby: false } });
  await app.accounts('alice');
  const [alice, guest] = [app.client(lineProtocol({ rooms: 'all' })), app.client(lineProtocol())];
  await alice.ask('login alice');
  await guest.ask('enter guest');
  assert.deepEqual([await alice.ask('who'), await guest.ask('who')], [['guest alice'], ['guest']]);
});

test('CONN-61 T35 a person creates a limited number of groups an hour; loopback is exempt', async () => {
  const app = await TestHub.open();
  for (const [address, made] of [
    ['192.0.2.1', 20],
    ['127.0.0.1', 21],
  ] as const) {
    const client = app.client(lineProtocol(), address);
    const name = address === '127.0.0.1' ? 'ann' : 'ben';
    await client.ask(`register ${name}`, `login ${name}`);
    const answers: string[] = [];
    for (let index = 0; index < 21; index++) answers.push(...(await client.ask(`create ${name}${index}`)));
    assert.equal(answers.filter((line) => line === 'ok').length, made, answers.join());
    assert.equal(answers.filter((line) => line === 'no too-fast').length, 21 - made);
  }
});
