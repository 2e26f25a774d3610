import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeSessionApi } from '../../../testing/session-api.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Down, Up } from './schema.ts';
import { MsgpackSession } from './session.ts';

const loginOptions = '{"acceptsDirect":true,"status":null,"lobby":false}';
const subscribes = 'subscribe {"rooms":"all","history":0,"ownMessages":"all","direct":"none","rosterUpdates":false}';
const yes = '< response true';
const no = (reason: string) => `< response false ${reason}`;
const login = { action: 'login', username: 'ALICE', password: 'secret' } satisfies Up;
const register: Up = { action: 'register', username: 'alice', password: 'secret' };
const logout = { action: 'logout', username: 'alice' } satisfies Up;
const credentials = { username: 'alice', token: 't' };
const says = { action: 'msg_group', ...credentials, group: 'lobby', content: ' hi ' } satisfies Up;

/** A session over a fake session API; both write into one log, answers after `<`. */
function open() {
  const api = new FakeSessionApi();
  const session = new MsgpackSession(api);
  const say = (request: Up) => {
    let answered = false;
    session.receive(request, (message: Down) => {
      assert.equal(answered, false, 'answered twice');
      answered = true;
      api.log.push(`< ${Object.values(message).join(' ')}`);
    });
    return answered;
  };
  /** Sends a request and answers its `calls`, the last one with the refusal. Returns the log. */
  const ask = (request: Up, calls: number, refusal?: Refusal) => {
    say(request);
    for (let left = calls; left > 1; left--) api.answer();
    if (calls > 0) api.answer(refusal);
    return api.log.splice(0);
  };
  return { api, say, ask, log: api.log };
}

/** The same, logged in as alice with the token `first`. */
function loggedIn() {
  const all = open();
  all.api.token = 'first';
  all.ask(login, 2);
  all.api.person = { id: 3, name: 'alice' };
  return all;
}

test('MSGP-20 register makes an account and logs nobody in, before a login and after it', () => {
  for (const { ask, api } of [open(), loggedIn()]) {
    const before = api.person;
    assert.deepEqual(ask(register, 1), ['register alice null plain secret', yes]);
    assert.deepEqual(ask(register, 1, { type: 'name-taken' }).at(-1), no('this name is taken'));
    assert.equal(api.person, before);
  }
});

test('MSGP-21 MSGP-55 T20 login is answered with the name as written and a token, and then subscribes', () => {
  const { api, say, log } = open();
  api.token = 'first';
  assert.equal(say(login), false);
  api.login = () => assert.fail('asked twice');
  api.answer();
  assert.deepEqual(log, [`login ALICE plain secret ${loginOptions}`, 'issue token']);
  api.answer();
  assert.deepEqual(log.slice(2), ['< response login ALICE first', subscribes]);
});

test('MSGP-22 a refused login issues no token and subscribes to nothing, and the client may try again', () => {
  const { ask } = open();
  assert.deepEqual(ask(login, 1, { type: 'wrong-credentials' }), [
    `login ALICE plain secret ${loginOptions}`,
    no('wrong name, password or token'),
  ]);
  assert.equal(ask(login, 2).at(-1), subscribes);
});

test('MSGP-23 a second login is refused, for any name, and changes nothing', () => {
  const { ask } = loggedIn();
  for (const username of ['alice', 'bob'])
    assert.deepEqual(ask({ ...login, username }, 0), [no('already logged in: log out first')]);
  assert.deepEqual(ask(logout, 1), ['sign out', yes]);
});

test('MSGP-24 if the token of a login cannot be stored, nobody is logged in', () => {
  const { ask, api, log } = open();
  assert.deepEqual(ask(login, 2, { type: 'unavailable' }), [
    `login ALICE plain secret ${loginOptions}`,
    'issue token',
    'sign out',
  ]);
  api.answer();
  assert.deepEqual(log, [no('storage is unavailable, try again later')]);
});

test('MSGP-25 T23 logout works with the name of the connection in any spelling, and with no other name', () => {
  const refused = no('you are not logged in under this name here');
  assert.deepEqual(open().ask(logout, 0), [refused]);
  for (const username of ['bob', '', 'alice ', 'alicia', '/', 'lobby'])
    assert.deepEqual(loggedIn().ask({ ...logout, username }, 0), [refused], username);
  for (const username of ['alice', 'Alice', 'аlice']) // The last one begins with a Cyrillic letter.
    assert.deepEqual(loggedIn().ask({ ...logout, username }, 1), ['sign out', yes], username);
});

test('MSGP-26 T21 logout signs out, and is refused if that cannot be stored', () => {
  const { ask } = loggedIn();
  assert.deepEqual(ask(logout, 1, { type: 'unavailable' }), [
    'sign out',
    no('storage is unavailable, try again later'),
  ]);
  assert.deepEqual(ask(logout, 1), ['sign out', yes]);
});

test('MSGP-30 MSGP-22 T17 a request with a name and a token of different accounts is refused', () => {
  for (const { ask } of [open(), loggedIn()])
    assert.deepEqual(ask(says, 1, { type: 'wrong-credentials' }), [
      `resume alice t ${loginOptions}`,
      no('wrong name, password or token'),
    ]);
});

test('MSGP-31 a valid name and token on a new connection are answered first, true or false, and then subscribe', () => {
  const { ask, api } = open();
  assert.deepEqual(ask(says, 2, { type: 'not-member' }).slice(2), [no('you are not a member'), subscribes]);
  const other = open();
  assert.equal(other.ask(says, 2).at(-1), subscribes);
  api.person = { id: 3, name: 'alice' };
  assert.deepEqual(ask(says, 2).slice(2), [yes]);
});

test('MSGP-32 T22 a valid name and token of another person are refused on a logged-in connection, and not kept', () => {
  const { ask } = loggedIn();
  assert.deepEqual(ask({ ...says, username: 'bob' }, 1, { type: 'not-allowed' }), [
    `resume bob t ${loginOptions}`,
    no('somebody else is logged in on this connection'),
  ]);
  assert.equal(ask(logout, 1)[0], 'sign out');
});

test('MSGP-33 MSGP-34 MSGP-35 MSGP-36 MSGP-37 MSGP-38 T12 every request makes its call for the person of the token', () => {
  const post = { text: ' hi ', clientTime: null };
  const cases: readonly (readonly [Up, string])[] = [
    [
      { action: 'add_contact', ...credentials, contact: 'bob' },
      `change settings ${JSON.stringify({ type: 'contact', name: 'bob', on: true })}`,
    ],
    [
      { action: 'create_group', ...credentials, group: 'chess' },
      `change settings ${JSON.stringify({ type: 'create-group', name: 'chess', displayName: null })}`,
    ],
    [
      { action: 'join_group', ...credentials, group: 'chess' },
      `change settings ${JSON.stringify({ type: 'join-group', name: 'chess' })}`,
    ],
    [
      { action: 'whisper', ...credentials, recipient: 'bob', content: ' hi ' },
      `send ${JSON.stringify({ type: 'direct', to: 'bob', post })}`,
    ],
    [says, `send ${JSON.stringify({ type: 'group', to: 'lobby', post })}`],
  ];
  for (const [request, call] of cases) {
    const { ask, api } = loggedIn();
    assert.deepEqual(ask(request, 2), [`resume alice t ${loginOptions}`, call, yes]);
    api.delivered = false;
    assert.equal(ask(request, 2).at(-1), yes);
    assert.equal(ask(request, 2, { type: 'not-found' }).at(-1), no('there is nothing of that name'));
  }
});

test('MSGP-39 T24 in any order of requests each is answered once, and no call is made without a person', () => {
  const requests: readonly Up[] = [
    register,
    login,
    logout,
    says,
    { action: 'add_contact', ...credentials, contact: 'bob' },
    { action: 'whisper', ...credentials, recipient: 'bob', content: 'hi' },
  ];
  const step = fc.record({ request: fc.constantFrom(...requests), refuseAt: fc.integer({ min: 0, max: 3 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const { api, say, log } = open();
      for (const { request, refuseAt } of steps) {
        log.length = 0;
        say(request);
        for (let question = 0; !log.some((line) => line.startsWith('<')); question++) {
          const [call = ''] = log.slice(-1);
          const refusal = question === refuseAt ? ({ type: 'wrong-credentials' } as const) : undefined;
          api.answer(refusal);
          if (refusal === undefined && /^(login|resume)/.test(call)) api.person = { id: 3, name: 'alice' };
          if (refusal === undefined && call.startsWith('sign out')) api.person = null;
        }
        assert.equal(log.filter((line) => line.startsWith('<')).length, 1);
        const first = log.findIndex((line) => /^(change|speak)/.test(line));
        if (first !== -1) assert.match(log[first - 1] ?? '', /^resume alice t/);
      }
    }),
  );
});
