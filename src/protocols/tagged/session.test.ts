import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import { defaultFacts } from '../../../testing/app.ts';
import { FakeSessionApi, sentMessage as message } from '../../../testing/session-api.ts';
import type { Profile } from '../../connections/session/session-api.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import { AVAILABLE } from '../../core/text/status.ts';
import type { ServerFacts } from '../protocol.ts';
import { up } from './codec.ts';
import { taggedAdapter } from './index.ts';
import type { Down } from './schema.ts';

const hash = 'AB'.repeat(32);
const stamp = '1970-01-01T00:00:00.001Z';
const profile = (name: string, id: number): Profile => ({
  id,
  name,
  displayName: name,
  status: AVAILABLE,
  guest: false,
  isContact: true,
});
const view = (name: string, id: number): RoomView => ({
  id,
  name,
  displayName: name,
  members: [],
  total: 0,
  member: true,
});
type Json = { readonly [name: string]: unknown };

/** A session over a fake session API; both write into one log, answers as JSON after `<`. */
function open(more: Partial<ServerFacts> = {}, api = new FakeSessionApi()) {
  const session = taggedAdapter({ ...defaultFacts, ...more }).openSession(api, () => {});
  const say = (request: Json): readonly Json[] | null | undefined => {
    const read = up.read(request, Buffer.from(JSON.stringify(request)));
    assert.ok(read.ok);
    let answered: readonly Json[] | null | undefined;
    session.receive(read.message, (answer: Down | readonly Down[] | null) => {
      assert.equal(answered, undefined, 'answered twice');
      answered = answer === null ? null : Array.isArray(answer) ? answer : [answer];
      for (const one of answered ?? []) api.log.push(`< ${JSON.stringify(one)}`);
    });
    return answered;
  };
  /** The result codes that a request gets once the session API has answered. */
  const results = (request: Json, refusal?: Refusal): unknown[] => {
    const before = api.log.length;
    if (say(request) === undefined) api.answer(refusal);
    return api.log
      .slice(before)
      .flatMap((line) => (line.startsWith('< ') ? [JSON.parse(line.slice(2)).result ?? 'push'] : []));
  };
  return { api, session, say, results, log: api.log };
}

/** The same, already logged in, with nothing in its log. */
function inside() {
  const all = open();
  all.say({ message: 'login', username: 'alice' });
  all.api.answer();
  all.log.length = 0;
  return all;
}

const needsLogin: readonly Json[] = [
  { message: 'chat.user', to: 'bob', body: 'YQ==', timestamp: stamp },
  { message: 'chat.group', to: 'lobby', body: 'YQ==', timestamp: stamp },
  { message: 'chat.edit', id: 'x', body: 'YQ==' },
  { message: 'chat.delete', id: 'x' },
  { message: 'list.friends' },
  { message: 'list.groups' },
  { message: 'detail.users', usernames: ['bob'] },
  { message: 'detail.groups', groupnames: ['lobby'] },
  { message: 'me.name', display_name: 'A' },
  { message: 'me.status', status: 'Away' },
  { message: 'me.password', old: hash, new: hash },
  { message: 'friend.add', username: 'bob' },
  { message: 'friend.remove', username: 'bob' },
  { message: 'block.add', username: 'bob' },
  { message: 'block.remove', username: 'bob' },
  { message: 'group.create', groupname: 'chess' },
  { message: 'group.join', groupname: 'chess' },
  { message: 'group.leave', groupname: 'chess' },
  { message: 'history.user', username: 'bob' },
  { message: 'history.group', groupname: 'lobby' },
];
const login = { message: 'login', username: 'alice', password: hash };

test('TAG-40 TAG-41 TAG-46 TAG-61 TAG-62 login passes the hash on, is answered with me, and then subscribes', () => {
  const { say, log, api } = open();
  assert.equal(say({ ...login, initial_status: 'Away', tag: '0' }), undefined);
  api.answer();
  assert.deepEqual(log, [
    `login alice sha256 ${hash} {"acceptsDirect":true,"status":"Away","lobby":false}`,
    '< {"reply":"login","result":200,"result_message":"Success","tag":"0","me":{"username":"alice","display_name":"Alice","status":"online"}}',
    'subscribe {"rooms":"all","history":0,"ownMessages":"others","direct":"changes","rosterUpdates":true}',
  ]);
  const other = open();
  other.say({ ...login, echo: true });
  other.api.answer();
  assert.equal(
    other.log.at(-1),
    'subscribe {"rooms":"all","history":0,"ownMessages":"others","direct":"others","rosterUpdates":true}',
  );
});

test('TAG-43 login without a password enters as a guest', () => {
  const { say, log } = open();
  say({ message: 'login', username: 'alice' });
  assert.deepEqual(log, ['enter alice {"acceptsDirect":true,"status":null,"lobby":false}']);
});

test('TAG-33 TAG-42 T17 a refused login has no me and subscribes to nothing, and the client may try again', () => {
  const { say, log, api } = open();
  say({ ...login, tag: '1' });
  api.answer({ type: 'wrong-credentials' });
  assert.deepEqual(log.slice(1), [
    '< {"reply":"login","result":401,"result_message":"wrong name or password","tag":"1"}',
  ]);
  say(login);
  api.answer();
  assert.match(log.at(-1) ?? '', /^subscribe/);
});

test('TAG-44 a second login is refused and changes nothing', () => {
  const { results, log } = inside();
  assert.deepEqual(results({ ...login, username: 'bob' }), [400]);
  assert.deepEqual(log, ['< {"reply":"login","result":400,"result_message":"already logged in"}']);
  assert.deepEqual(results({ message: 'me.status', status: 'Away' }), [200]);
});

test('TAG-26 TAG-33 T24 before login, while it is pending, after it failed and after logout every request gets the same refusal', () => {
  const outside = open();
  const entering = open();
  entering.say(login);
  const refused = open();
  refused.say(login);
  refused.api.answer({ type: 'wrong-credentials' });
  const gone = inside();
  gone.say({ message: 'logout' });
  const texts = [outside, entering, refused, gone].flatMap(({ say, log }) => {
    log.length = 0;
    const said = needsLogin.map((request) => JSON.stringify(say(request)));
    assert.ok(log.every((line) => line.startsWith('< ')));
    return said.map((text) => text.replace(/"reply":"[a-z.]+",|,"(users|groups|messages)":\[\]/g, ''));
  });
  assert.deepEqual([...new Set(texts)], ['[{"result":401,"result_message":"not logged in"}]']);
  assert.deepEqual(gone.results(login), [401]);
  assert.deepEqual(gone.results({ message: 'register', username: 'a', password: hash }), [401]);
  const [friends] = outside.say({ message: 'list.friends', tag: '5' }) ?? [];
  assert.deepEqual(friends, {
    reply: 'detail.users',
    result: 401,
    result_message: 'not logged in',
    tag: '5',
    users: [],
  });
});

test('TAG-26 T24 in any order of requests, calls for a person are made only while that person is inside', () => {
  const step = fc.constantFrom<Json | string>(
    login,
    { message: 'login', username: 'a' },
    { message: 'logout' },
    ...needsLogin,
    'yes',
    'no',
  );
  const silent = new Set(['list.friends', 'detail.users']);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const { api, say, log } = open();
      let state = 'outside';
      for (const request of steps) {
        log.length = 0;
        if (typeof request === 'string') {
          if (state !== 'entering') continue;
          api.answer(request === 'no' ? { type: 'busy' } : undefined);
          state = request === 'no' ? 'outside' : 'inside';
          continue;
        }
        say(request);
        const asked = log.some((line) => !line.startsWith('<'));
        const isLogin = request.message === 'login';
        const allowed = request.message === 'logout' || state === (isLogin ? 'outside' : 'inside');
        assert.equal(asked, allowed && !silent.has(String(request.message)), JSON.stringify(request));
        if (isLogin && allowed) state = 'entering';
        if (request.message === 'logout') state = 'gone';
      }
    }),
  );
});

test('TAG-47 logout has no reply and leaves, in every state', () => {
  for (const { say, log } of [open(), inside()]) {
    assert.equal(say({ message: 'logout', reason: 'bye', tag: '1' }), null);
    assert.deepEqual(log, ['leave']);
  }
});

test('TAG-48 register makes an account and logs nobody in', () => {
  const { results, log } = open();
  const request = { message: 'register', username: 'alice', password: hash, display_name: 'Alice' };
  assert.deepEqual(results(request, { type: 'registration-closed' }), [403]);
  assert.deepEqual(results(request), [201]);
  assert.equal(log[0], `register alice Alice sha256 ${hash}`);
  assert.deepEqual(results({ message: 'list.groups' }), [401]);
  assert.deepEqual(inside().results(request), [201]);
});

test('TAG-55 T16 hashes are refused where the owner switched them off, guests are not', () => {
  const secrets = [login, { message: 'register', username: 'a', password: hash }];
  const change = { message: 'me.password', old: hash, new: hash };
  const insecure = new FakeSessionApi();
  insecure.secure = false;
  for (const [all, result] of [
    [open({ taggedLogins: 'off' }), 403],
    [open({ taggedLogins: 'tls' }, insecure), 403],
    [open({ taggedLogins: 'on' }, insecure), 200],
    [open({ taggedLogins: 'tls' }), 200],
  ] as const) {
    const refused = result === 403;
    insecure.log.length = 0;
    if (refused) for (const request of secrets) assert.deepEqual(all.results(request), [403]);
    assert.equal(
      all.log.some((line) => !line.startsWith('<')),
      false,
    );
    assert.deepEqual(all.results(refused ? { message: 'login', username: 'a' } : login), [200]);
    assert.deepEqual(all.results(change), [result]);
  }
});

test('TAG-70 TAG-71 TAG-72 TAG-74 TAG-17 chat goes to a user or a group, and chat.user may go to a group', () => {
  const { results, log, api } = inside();
  const chat = { message: 'chat.user', to: 'bob', body: 'YQ==', timestamp: stamp, tag: '1' };
  api.foundProfiles = [profile('bob', 4)];
  assert.deepEqual(results({ ...chat, nonce: 'n', font: { color: '#ff0000' } }), [200]);
  api.delivered = false;
  assert.deepEqual(results(chat), [202]);
  api.foundProfiles = [null];
  api.delivered = true;
  assert.deepEqual(results({ ...chat, font: { family: '<b>' } }), [200]);
  assert.deepEqual(results({ ...chat, message: 'chat.group', to: 'lobby' }), [200]);
  assert.deepEqual(results(chat, { type: 'unreachable' }), [501]);
  assert.deepEqual(log.filter((line) => line.startsWith('send')).slice(0, 4), [
    'send {"type":"direct","to":"bob","post":{"text":"a","clientTime":1,"font":{"family":"Segoe UI","color":"#ff0000","style":""},"nonce":"n"}}',
    'send {"type":"direct","to":"bob","post":{"text":"a","clientTime":1}}',
    'send {"type":"group","to":"bob","post":{"text":"a","clientTime":1}}',
    'send {"type":"group","to":"lobby","post":{"text":"a","clientTime":1}}',
  ]);
  assert.equal(log[1], `< {"reply":"default","result":200,"result_message":"Success","tag":"1","id":"${message.id}"}`);
});

test('TAG-77 chat.edit and chat.delete name the message by its id', () => {
  const { results, log } = inside();
  assert.deepEqual(results({ message: 'chat.edit', id: 'x', body: 'YQ==', font: { style: 'b' } }), [200]);
  assert.deepEqual(results({ message: 'chat.delete', id: 'x' }), [200]);
  assert.deepEqual(results({ message: 'chat.delete', id: 'x' }, { type: 'not-found' }), [404]);
  assert.deepEqual(log.filter((line) => line.startsWith('send')).slice(0, 2), [
    'send {"type":"edit","message":"x","text":"a","font":{"family":"Segoe UI","color":"#000000","style":"b"}}',
    'send {"type":"delete","message":"x"}',
  ]);
});

test('TAG-49 TAG-56 TAG-57 TAG-58 each change makes its call and is answered with its result code', () => {
  const { results, log } = inside();
  const cases: readonly (readonly [Json, Json, number])[] = [
    [{ message: 'me.name', display_name: 'A' }, { type: 'display-name', text: 'A' }, 200],
    [{ message: 'me.status', status: 'Away' }, { type: 'status', text: 'Away' }, 200],
    [{ message: 'friend.add', username: 'bob' }, { type: 'contact', name: 'bob', on: true }, 200],
    [{ message: 'friend.remove', username: 'bob' }, { type: 'contact', name: 'bob', on: false }, 205],
    [{ message: 'block.add', username: 'bob' }, { type: 'block', name: 'bob', on: true }, 200],
    [{ message: 'block.remove', username: 'bob' }, { type: 'block', name: 'bob', on: false }, 205],
    [{ message: 'group.create', groupname: 'chess' }, { type: 'create-group', name: 'chess', displayName: null }, 201],
    [
      { message: 'group.create', groupname: 'chess', display_name: 'Chess' },
      { type: 'create-group', name: 'chess', displayName: 'Chess' },
      201,
    ],
    [{ message: 'group.join', groupname: 'chess' }, { type: 'join-group', name: 'chess' }, 200],
    [{ message: 'group.leave', groupname: 'chess' }, { type: 'leave-group', name: 'chess' }, 205],
    [
      { message: 'me.password', old: hash, new: hash },
      { type: 'password', old: { type: 'sha256', value: hash }, fresh: { type: 'sha256', value: hash } },
      200,
    ],
  ];
  for (const [request, change, result] of cases) {
    log.length = 0;
    assert.deepEqual(results(request), [result]);
    assert.equal(log[0], `change settings ${JSON.stringify(change)}`);
    assert.deepEqual(results(request, { type: 'guest' }), [403]);
  }
});

test('TAG-52 lists are replies with all details, or 204 and an empty list', () => {
  const { say, log, api } = inside();
  assert.deepEqual(say({ message: 'list.friends', tag: '1' }), [
    { reply: 'detail.users', result: 204, result_message: 'There is nothing to list', tag: '1', users: [] },
  ]);
  api.foundProfiles = [profile('bob', 4)];
  const bob = { username: 'bob', display_name: 'bob', status: 'Available', friend: true };
  assert.deepEqual(say({ message: 'list.friends' }), [
    { reply: 'detail.users', result: 200, result_message: 'Success', users: [bob] },
  ]);
  log.length = 0;
  say({ message: 'list.groups' });
  api.answer();
  api.foundGroups = [view('chess', 7)];
  say({ message: 'list.groups', tag: '2' });
  api.answer();
  say({ message: 'list.groups' });
  api.answer({ type: 'unavailable' });
  const chess = { groupname: 'chess', display_name: 'chess', members: [], member: true };
  assert.deepEqual(
    log.filter((line) => line.startsWith('<')).map((line) => JSON.parse(line.slice(2))),
    [
      { reply: 'detail.groups', result: 204, result_message: 'There is nothing to list', groups: [] },
      { reply: 'detail.groups', result: 200, result_message: 'Success', tag: '2', groups: [chess] },
      { reply: 'detail.groups', result: 500, result_message: 'storage is unavailable, try again later', groups: [] },
    ],
  );
});

test('TAG-53 TAG-34 details come as a push with each item once, then the reply', () => {
  const { say, results, api } = inside();
  api.foundProfiles = [profile('bob', 4), null, profile('carol', 5), profile('bob', 4)];
  const told = say({ message: 'detail.users', usernames: ['bob', 'x', 'carol', 'Bob'], tag: '1' }) ?? [];
  assert.deepEqual(
    told.map(({ message: name, tag, reply, result }) => [name, tag, reply, result]),
    [
      ['detail.users', '_event-1', undefined, undefined],
      [undefined, '1', 'default', 206],
    ],
  );
  assert.deepEqual(
    (told[0]?.users as Json[] | undefined)?.map(({ username }) => username),
    ['bob', 'carol'],
  );
  api.foundProfiles = [profile('bob', 4)];
  assert.equal(say({ message: 'detail.users', usernames: ['bob'] })?.[0]?.tag, '_event-2');
  assert.deepEqual(results({ message: 'detail.users', usernames: ['bob'] }), ['push', 200]);
  api.foundProfiles = [null];
  assert.deepEqual(results({ message: 'detail.users', usernames: ['x'] }), [404]);
  assert.deepEqual(results({ message: 'detail.users', usernames: [] }), [204]);
  api.foundGroups = [view('chess', 7), null, view('chess', 7)];
  assert.deepEqual(results({ message: 'detail.groups', groupnames: ['chess', 'x', 'chess'] }), ['push', 206]);
  api.foundGroups = [view('chess', 7)];
  assert.deepEqual(results({ message: 'detail.groups', groupnames: ['chess'] }), ['push', 200]);
  api.foundGroups = [null];
  assert.deepEqual(results({ message: 'detail.groups', groupnames: ['x'] }), [404]);
  assert.deepEqual(results({ message: 'detail.groups', groupnames: [] }), [204]);
  assert.deepEqual(results({ message: 'detail.groups', groupnames: ['x'] }, { type: 'unavailable' }), [500]);
});

test('TAG-75 history asks for a page, and answers with its undeleted messages, oldest first', () => {
  const { say, results, log, api } = inside();
  assert.deepEqual(results({ message: 'history.user', username: 'bob' }), [204]);
  assert.deepEqual(results({ message: 'history.user', username: 'bob' }, { type: 'not-member' }), [403]);
  api.page = {
    ...api.page,
    messages: [message, { ...message, id: 'b', text: '', deletedAt: 3 }, { ...message, id: 'c', text: 'last' }],
  };
  log.length = 0;
  say({ message: 'history.group', groupname: 'lobby', before: 'x', limit: 3, tag: '1' });
  api.answer();
  assert.equal(log[0], 'history group lobby x 3');
  const reply = JSON.parse(log[1]?.slice(2) ?? '');
  assert.deepEqual([reply.reply, reply.result, reply.tag], ['history', 200, '1']);
  assert.deepEqual(
    reply.messages.map(({ id, via, body }: Json) => [id, via, body]),
    [
      [message.id, 'lobby', 'hello'],
      ['c', 'lobby', 'last'],
    ],
  );
  say({ message: 'history.user', username: 'bob' });
  assert.equal(log.at(-1), 'history user bob null 50');
});

test('TAG-76 T6 a reply of history holds the newest messages that fit', () => {
  const { say, log, api } = inside();
  for (const surplus of [0, 1]) {
    const texts = [
      'small',
      'x'.repeat(16_384 - 4 + surplus),
      ...Array.from({ length: 15 }, () => 'x'.repeat(16_384)),
      'last',
    ];
    api.page = { ...api.page, messages: texts.map((text, number) => ({ ...message, number, text })) };
    say({ message: 'history.group', groupname: 'lobby', limit: 200 });
    api.answer();
    assert.equal(JSON.parse(log.at(-1)?.slice(2) ?? '').messages.length, 17 - surplus);
  }
});

test('TAG-78 T12 the author is the person of the connection, whatever a request claims', () => {
  const { say, log, api } = inside();
  api.foundProfiles = [profile('bob', 4)];
  say({ message: 'chat.user', to: 'bob', from: 'carol', via: 'chess', user: 'carol', body: 'YQ==', timestamp: stamp });
  assert.deepEqual(log, ['send {"type":"direct","to":"bob","post":{"text":"a","clientTime":1}}']);
});

test('TAG-22 TAG-30 TAG-31 a flaw is answered with its tag and reply name, and nothing is done', () => {
  const outside = open();
  assert.deepEqual(outside.say({ message: 'login', tag: 'x' }), [
    { reply: 'login', result: 400, result_message: 'username is missing', tag: 'x' },
  ]);
  const { say, log } = inside();
  assert.deepEqual(say({ message: 'history.user', tag: 'x' }), [
    { reply: 'history', result: 400, result_message: 'username is missing', tag: 'x', messages: [] },
  ]);
  assert.deepEqual(
    [say({ message: '__proto__' }), say({})].map((told) => told?.map(({ reply, result }) => [reply, result])),
    [[['default', 501]], [['default', 400]]],
  );
  assert.ok([...log, ...outside.log].every((line) => line.startsWith('<')));
});

test('TAG-26 TAG-91 T24 before a login 401 comes before anything else in a request is judged, and has its tag', () => {
  const { say, results, log } = open();
  const flawed: Json[] = [
    ...needsLogin.map(({ message: name }) => ({ message: name })),
    { message: 'nonsense' },
    { message: '__proto__' },
    { message: 'list.friends', tag: '_1' },
    { message: 'detail.users', usernames: Array.from({ length: 2_000 }, () => 'bob') },
    { message: 5 },
    {},
  ];
  for (const request of flawed) {
    const [told] = say({ tag: ['x'], ...request }) ?? [];
    assert.deepEqual(
      [told?.result, told?.result_message],
      [401, 'not logged in'],
      JSON.stringify(request).slice(0, 80),
    );
    assert.deepEqual(told?.tag, request.tag ?? ['x']);
  }
  assert.deepEqual(results({ message: 'login' }), [400]);
  assert.deepEqual(results({ message: 'register', username: 'alice' }), [400]);
  assert.ok(log.every((line) => line.startsWith('<')));
});

test('TAG-44 a second login that is flawed too is refused as a second login', () => {
  const { say } = inside();
  for (const request of [{ message: 'login' }, { message: 'login', username: 'bob', version: 2 }])
    assert.equal(say(request)?.[0]?.result_message, 'already logged in');
});

test('TAG-95 logout leaves in every state, whatever else stands in it', () => {
  for (const more of [
    {},
    { reason: 5 },
    { reason: null },
    { reason: ['bye'] },
    { tag: '_1' },
    { tag: {} },
    { username: 7 },
  ])
    for (const { say, log } of [open(), inside()]) {
      assert.equal(say({ message: 'logout', ...more }), null);
      assert.deepEqual(log, ['leave']);
    }
});

test('TAG-92 a number as tag is echoed as it came', () => {
  const { say, log, api } = inside();
  assert.equal(say({ message: 'me.status', status: 'Away', tag: 7 }), undefined);
  api.answer();
  assert.equal(log.at(-1), '< {"reply":"default","result":200,"result_message":"Success","tag":7}');
});
