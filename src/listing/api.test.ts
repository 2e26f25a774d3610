import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ListingAnswer, ListingScene } from '../../testing/listing-scene.ts';

const ADDRESS = '198.41.0.4:5000';
const OTHER = '198.41.0.5:5000';

test('LIST-01 LIST-02 LIST-03 LIST-04 a server that answers a ping is listed, with its own properties or the defaults', async () => {
  const scene = new ListingScene();
  scene.online.set('192.0.2.1:5000', 7);
  const { status, body, headers } = await scene.ask('POST', '/servers/7');
  assert.equal(status, 201);
  assert.ok(body.length > 0);
  assert.match(headers.get('Content-Type') ?? '', /^text\/plain/);
  assert.equal(headers.get('Cache-Control'), 'no-store');
  await scene.list(8, { address: ADDRESS, serverName: 'Café ☕', connectedUsers: 3, maxUsers: 9 });
  assert.equal(
    (await scene.ask('GET', '/servers')).body,
    JSON.stringify({
      servers: [
        { id: 7, displayName: 'Chatter Server', address: '192.0.2.1:5000', connectedUsers: 0, maxUsers: 50 },
        { id: 8, displayName: 'Café ☕', address: ADDRESS, connectedUsers: 3, maxUsers: 9 },
      ],
    }),
  );
});

test('LIST-03 the list may be read by pages of other origins, and kept for 5 s', async () => {
  const { headers } = await new ListingScene().ask('GET', '/servers');
  assert.equal(headers.get('Access-Control-Allow-Origin'), '*');
  assert.equal(headers.get('Cache-Control'), 'public, max-age=5');
  assert.equal(headers.get('Content-Type'), 'application/json');
  assert.equal(headers.get('Access-Control-Expose-Headers'), 'Listing-Error, Retry-After');
  const { headers: others } = await new ListingScene().ask('POST', '/servers/7', { body: '{' });
  assert.equal(others.get('Access-Control-Allow-Origin'), null);
});

test('LIST-04 a caller whose address is not known must name one, and one from IPv6 is put in brackets', async () => {
  const scene = new ListingScene();
  const unknown = { address: 'unknown', ip: null };
  assert.equal((await scene.ask('POST', '/servers/7', { caller: unknown })).status, 400);
  scene.online.set('[2a01:4f8::7]:5000', 7);
  const caller = { address: '2a01:4f8:0:0::/64', ip: '2a01:4f8::7' };
  assert.equal((await scene.ask('POST', '/servers/7', { caller })).status, 201);
});

/** The methods by the ids and keys of the matrix: status of each. */
const MATRIX: readonly (readonly [
  what: string,
  listed: boolean,
  key: 'none' | 'wrong' | 'other' | 'own',
  statuses: object,
])[] = [
  ['unlisted id, no key', false, 'none', { POST: 201, PUT: 401, DELETE: 400 }],
  ['unlisted id, wrong key', false, 'wrong', { POST: 201, PUT: 401, DELETE: 400 }],
  ['unlisted id, key of another server', false, 'other', { POST: 201, PUT: 401, DELETE: 400 }],
  ['listed id, no key', true, 'none', { POST: 400, PUT: 401, DELETE: 401 }],
  ['listed id, wrong key', true, 'wrong', { POST: 400, PUT: 401, DELETE: 401 }],
  ['listed id, key of another server', true, 'other', { POST: 400, PUT: 401, DELETE: 401 }],
  ['listed id, its key', true, 'own', { POST: 201, PUT: 200, DELETE: 200 }],
];

for (const [what, isListed, which, statuses] of MATRIX)
  test(`LIST-06 LIST-07 LIST-09 T48 ${what}: ${JSON.stringify(statuses)}`, async () => {
    for (const [method, status] of Object.entries(statuses)) {
      const scene = new ListingScene();
      const other = await scene.list(9, { address: OTHER });
      const own = isListed ? await scene.list(7, { address: ADDRESS }) : 'none yet';
      scene.online.set(ADDRESS, 7);
      const key = { none: null, wrong: 'x'.repeat(64), other, own }[which];
      const before = await scene.servers();
      const answer = await scene.ask(method, '/servers/7', { key, body: { address: ADDRESS, serverName: 'New' } });
      assert.equal(answer.status, status, `${method}: ${answer.body}`);
      if (method !== 'POST') assert.equal(answer.body, '', `${method} has an empty body`);
      if (status >= 400) {
        assert.notEqual(answer.headers.get('Listing-Error'), null);
        assert.deepEqual(await scene.servers(), before);
      }
      if (method === 'POST' && which === 'own') assert.equal(answer.body, own, 'the key stays');
    }
  });

test('LIST-06 POST with the key says everything anew: what it does not name gets its default', async () => {
  const scene = new ListingScene();
  const key = await scene.list(7, { address: ADDRESS, serverName: 'Mine', connectedUsers: 5, maxUsers: 6 });
  scene.online.set('192.0.2.1:5000', 7);
  assert.deepEqual((await scene.ask('POST', '/servers/7', { key, body: { maxUsers: 8 } })).body, key);
  assert.deepEqual(await scene.servers(), [
    { id: 7, displayName: 'Chatter Server', address: '192.0.2.1:5000', connectedUsers: 0, maxUsers: 8 },
  ]);
});

test('LIST-02 LIST-15 T46 a server that does not answer, or with another id, is not listed; that takes 5 s and has one text', async () => {
  const scene = new ListingScene();
  scene.online.set(OTHER, 8);
  const answers: ListingAnswer[] = [];
  for (const address of [ADDRESS, OTHER]) {
    const before = scene.clock.monotonic();
    answers.push(await scene.ask('POST', '/servers/7', { body: { address } }));
    assert.equal(scene.clock.monotonic() - before, 5_000);
  }
  assert.deepEqual(
    answers.map(({ status }) => status),
    [400, 400],
  );
  assert.equal(answers[0]?.body, answers[1]?.body);
  assert.deepEqual(await scene.servers(), []);
});

test('LIST-08 PUT merges, pings only a new address, and changes nothing if that does not answer', async () => {
  const scene = new ListingScene();
  const key = await scene.list(7, { address: ADDRESS, serverName: 'Mine' });
  const put = (body: object) => scene.ask('PUT', '/servers/7', { key, body });
  assert.equal((await put({})).status, 200);
  assert.equal((await put({ connectedUsers: 4 })).status, 200);
  assert.equal((await put({ address: ADDRESS, maxUsers: 5 })).status, 200);
  assert.deepEqual(scene.pings, [ADDRESS], 'the ping of POST only');
  assert.equal((await put({ address: OTHER, serverName: 'Moved' })).status, 400);
  const listed = { id: 7, displayName: 'Mine', address: ADDRESS, connectedUsers: 4, maxUsers: 5 };
  assert.deepEqual(await scene.servers(), [listed]);
  scene.online.set(OTHER, 7);
  assert.equal((await put({ address: OTHER, serverName: 'Moved' })).status, 200);
  assert.deepEqual(await scene.servers(), [{ ...listed, displayName: 'Moved', address: OTHER }]);
});

test('LIST-09 DELETE removes the entry and its key', async () => {
  const scene = new ListingScene();
  const key = await scene.list(7, { address: ADDRESS });
  assert.equal((await scene.ask('DELETE', '/servers/7', { key })).status, 200);
  assert.deepEqual(await scene.servers(), []);
  assert.equal((await scene.ask('DELETE', '/servers/7', { key })).status, 400);
  assert.equal((await scene.ask('PUT', '/servers/7', { key, body: {} })).status, 401);
  const { status, body } = await scene.ask('POST', '/servers/7', { body: { address: ADDRESS } });
  assert.equal(status, 201);
  assert.notEqual(body, key);
});

test('LIST-24 a new entry takes the key that its server brings, if that is as long as ours, so a lost answer locks nobody out', async () => {
  const scene = new ListingScene();
  scene.online.set(ADDRESS, 7);
  const post = async (key: string) => (await scene.ask('POST', '/servers/7', { key, body: { address: ADDRESS } })).body;
  const own = 'a1'.repeat(32);
  for (const bad of ['a', 'A1'.repeat(32), 'g1'.repeat(32), 'a1'.repeat(33)]) {
    const key = await post(bad);
    assert.notEqual(key, bad);
    await scene.ask('DELETE', '/servers/7', { key });
  }
  assert.equal(await post(own), own);
  assert.equal(await post(own), own);
  assert.equal(
    (await scene.ask('POST', '/servers/7', { key: 'b2'.repeat(32), body: { address: ADDRESS } })).status,
    400,
  );
});

test('LIST-05 an id is an integer from 0 to 2^53-1, written in the one usual way', async () => {
  const scene = new ListingScene();
  for (const id of [0, 2 ** 53 - 1]) await scene.list(id, { address: `198.41.0.9:${5_000 + (id % 7)}` });
  for (const id of ['-1', '01', '1.0', '1e3', `${2 ** 53}`, 'x', '%31%32x', '9'.repeat(40), '0x7']) {
    const statuses = [];
    for (const method of ['POST', 'PUT', 'DELETE', 'GET'])
      statuses.push((await scene.ask(method, `/servers/${id}`, { key: 'k' })).status);
    assert.deepEqual(statuses, [400, 401, 400, 401], id);
  }
  assert.equal(scene.pings.length, 2);
});

test('LIST-12 T49 wrong bodies are refused as a whole, by POST and PUT, with the reason and before any ping', async () => {
  const scene = new ListingScene();
  const key = await scene.list(7, { address: ADDRESS, serverName: 'Mine' });
  const before = await scene.servers();
  const caller = { address: '127.0.0.1', ip: '127.0.0.1' }; // No limit counts it.
  const bodies: readonly (string | object)[] = [
    '{',
    '[]',
    'null',
    '"x"',
    '7',
    '{"serverName":"x","serverName"}',
    '\u0000',
    { name: 'x' },
    { serverName: 'x', admin: true },
    '{"__proto__":1}',
    '{"constructor":1}',
    { id: 8 },
    ...['', 'x'.repeat(65), '\u200B', ' ', 'a\nb', 'a\u202Eb', 7, null].map((serverName) => ({ serverName })),
    ...[-1, 1.5, '3', null, 1e9, 2 ** 60].flatMap((count) => [{ connectedUsers: count }, { maxUsers: count }]),
    ...[
      '',
      'x',
      'x:0',
      'x:65536',
      '127.1:5000',
      'http://x:80/',
      null,
      5_000,
      'ä.example:80',
      `${'a.'.repeat(200)}de:80`,
    ].map((address) => ({ address })),
  ];
  for (const body of bodies)
    for (const method of ['POST', 'PUT']) {
      const answer = await scene.ask(method, '/servers/7', { key, body, caller });
      assert.equal(answer.status, 400, `${method} ${JSON.stringify(body)}`);
      assert.ok((answer.headers.get('Listing-Error') ?? '').length > 10);
    }
  assert.deepEqual([await scene.servers(), scene.pings.length], [before, 1]);
  const tooLong = `{"serverName":"${'x'.repeat(5_000)}"}`;
  assert.equal((await scene.ask('PUT', '/servers/7', { key, body: tooLong, caller })).status, 413);
});

test('LIST-11 the header says C2Listing in any case; other schemes carry no key', async () => {
  const scene = new ListingScene();
  const key = await scene.list(7, { address: ADDRESS });
  const statuses = [];
  for (const value of [
    `C2Listing ${key}`,
    `c2listing  ${key} `,
    key,
    `Bearer ${key}`,
    `C2Listing ${key}x`,
    'C2Listing',
    '',
  ]) {
    const answer = await scene.app.request(
      '/servers/7',
      { headers: { Authorization: value } },
      { caller: { address: '::1', ip: '::1' } },
    );
    statuses.push(answer.status);
  }
  assert.deepEqual(statuses, [200, 200, 401, 401, 401, 401, 401]);
});

test('LIST-13 LIST-73 the owner alone learns whether the server is shown, and why it may not be', async () => {
  const scene = new ListingScene();
  const key = await scene.list(7, { address: ADDRESS });
  const status = async () => JSON.parse((await scene.ask('GET', '/servers/7', { key })).body);
  const listed = { id: 7, displayName: 'Chatter Server', address: ADDRESS, connectedUsers: 0, maxUsers: 50 };
  assert.deepEqual(await status(), { ...listed, visible: true, seen: '2026-01-01T00:00:00.000Z', problem: null });
  scene.online.delete(ADDRESS);
  await scene.pass(60_000);
  assert.deepEqual(await status(), {
    ...listed,
    visible: true,
    seen: '2026-01-01T00:00:00.000Z',
    problem: 'no valid answer to the last ping',
  });
  await scene.pass(120_000);
  const { visible, problem } = await status();
  assert.deepEqual([visible, problem], [false, 'no valid answer to the last 3 pings']);
  assert.equal((await scene.ask('GET', '/servers/7')).status, 401);
});

test('LIST-63 LIST-22 T47 a ping that a limit forbids is answered 429 with the seconds to wait, at once', async () => {
  const scene = new ListingScene();
  scene.laterMs = 8_400;
  const { status, headers } = await scene.ask('POST', '/servers/7', { body: { address: ADDRESS } });
  assert.deepEqual([status, headers.get('Retry-After'), scene.clock.monotonic()], [429, '9', 0]);
});

test('LIST-21 LIST-23 other paths are 404, other methods 405; every answer forbids sniffing, framing and scripts', async () => {
  const scene = new ListingScene();
  for (const [method, path, status, allow] of [
    ['GET', '/server', 404, null],
    ['GET', '/servers/7/key', 404, null],
    ['POST', '/servers', 405, 'GET, HEAD'],
    ['PATCH', '/servers/7', 405, 'GET, HEAD, POST, PUT, DELETE'],
    ['DELETE', '/openapi.json', 405, 'GET, HEAD'],
    ['HEAD', '/servers', 200, null],
    ['GET', '/healthz', 200, null],
  ] as const) {
    const answer = await scene.ask(method, path);
    assert.deepEqual([answer.status, answer.headers.get('Allow')], [status, allow], `${method} ${path}`);
    assert.equal(answer.headers.get('X-Content-Type-Options'), 'nosniff');
    assert.match(answer.headers.get('Content-Security-Policy') ?? '', /^default-src 'none'/);
  }
});
